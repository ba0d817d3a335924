# SPDX-License-Identifier: Apache-2.0
"""The training loop: phases, averaged weights, checkpoints that resume to the same step."""

from __future__ import annotations

import copy
import json
import logging
import math
import time
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from edgepose.train.config import Phase, TrainConfig

log = logging.getLogger("edgepose.train")
MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


class Task(Protocol):
    """What the engine asks of a task."""

    def build(self) -> nn.Module: ...
    def samples_per_pass(self) -> int: ...
    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]: ...
    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor: ...
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]: ...


class _Steps(Dataset[dict[str, Tensor]]):
    """Batches by step number; worker processes make them ahead of time."""

    def __init__(self, task: Task, phase: Phase, number: int) -> None:
        self.task, self.phase, self.number = task, phase, number

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        return self.task.batch(self.phase, self.number, step)


class Normalized(nn.Module):
    """Feed uint8 RGB pictures [N, H, W, 3] to a network, normalised on its device."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, picture: Tensor) -> Any:
        """Run the network."""
        x = picture.permute(0, 3, 1, 2).float()
        x = ((x - self.mean) / self.std).contiguous(memory_format=torch.channels_last)
        return self.net(x)


def fit(config: TrainConfig, task: Task, output: Path) -> Path:
    """Train by ``config``, resuming from ``output/last.pt`` if it is there.

    Returns:
        The path of the final averaged weights.
    """
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = Normalized(task.build()).to(device, memory_format=torch.channels_last)
    if config.init:
        start = torch.load(config.folder / config.init, map_location=device, weights_only=True)
        net.net.load_state_dict(start["model"])
    average = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW(_groups(net, config.weight_decay), lr=1e-3, foreach=True)
    state = {"phase": 0, "step": 0, "seen": 0, "updates": 0}
    last = output / "last.pt"
    if last.exists():
        saved = torch.load(last, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        state = saved["state"]
        log.info("resumed at %s", state)

    def save() -> None:
        temporary = last.with_suffix(".tmp")
        torch.save(
            {
                "net": net.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "state": state,
            },
            temporary,
        )
        temporary.replace(last)

    final = output / f"{config.name}.pt"
    for number in range(state["phase"], len(config.phases)):
        phase = config.phases[number]
        _run_phase(config, task, phase, number, net, average, optimizer, state, save, output)
        final = output / f"{phase.save_as or config.name}.pt"
        _save_weights(average, config, phase, state, final)
        state.update(phase=number + 1, step=0)
        save()
    return final


def _run_phase(
    config: TrainConfig, task: Task, phase: Phase, number: int, net: Normalized,
    average: Normalized, optimizer: torch.optim.Optimizer, state: dict[str, int],
    save: Any, output: Path,
) -> None:
    device = next(net.parameters()).device
    half = config.precision == "bfloat16"
    total = max(1, math.ceil(task.samples_per_pass() * phase.passes / phase.batch_size))
    loader = DataLoader(
        _Steps(task, phase, number), batch_size=None, sampler=range(state["step"], total),
        num_workers=config.workers, prefetch_factor=4 if config.workers else None,
    )
    net.train()
    saved_at = reported_at = time.monotonic()
    running, counted, seen_then = 0.0, 0, state["seen"]
    for batch in loader:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(phase, state["step"], total)
        batch = {name: tensor.to(device, non_blocking=True) for name, tensor in batch.items()}
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            loss = task.loss(net, batch, phase)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        state["step"] += 1
        state["updates"] += 1
        state["seen"] += phase.batch_size
        _update_average(average, net, config.ema_decay, state["updates"])
        running, counted = running + float(loss.detach()), counted + 1
        now = time.monotonic()
        if now - reported_at > 30 or state["step"] == total:
            rate = (state["seen"] - seen_then) / max(now - reported_at, 1e-9)
            row = {
                "phase": number, "step": state["step"], "of": total, "seen": state["seen"],
                "loss": round(running / counted, 4), "per_second": round(rate, 1),
            }
            _write_row(output, row)
            reported_at, running, counted, seen_then = now, 0.0, 0, state["seen"]
        if now - saved_at > config.checkpoint_seconds:
            save()
            saved_at = time.monotonic()
        if state["step"] % max(1, total // max(1, round(phase.passes))) == 0:
            _write_row(output, {"phase": number, "seen": state["seen"], **task.check(average, phase)})


def learning_rate(phase: Phase, step: int, total: int) -> float:
    """Warm up over 3 % of the phase, then fall on a cosine to ``final_rate`` of the peak."""
    warm = max(1, int(0.03 * total))
    if step < warm:
        return phase.learning_rate * (step + 1) / warm
    progress = (step - warm) / max(1, total - warm)
    floor = phase.final_rate
    return phase.learning_rate * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


@torch.no_grad()
def _update_average(average: nn.Module, net: nn.Module, decay: float, updates: int) -> None:
    decay = min(decay, (1 + updates) / (10 + updates))
    pairs = zip(average.state_dict().values(), net.state_dict().values(), strict=True)
    slow, fast = zip(*((a, b) for a, b in pairs if a.dtype.is_floating_point), strict=True)
    torch._foreach_lerp_(list(slow), list(fast), 1 - decay)


def _groups(net: nn.Module, decay: float) -> list[dict[str, Any]]:
    weights = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def _save_weights(
    average: Normalized, config: TrainConfig, phase: Phase, state: dict[str, int], path: Path
) -> None:
    recipe = {
        "arch": config.arch, "task": config.task, "keypoint_names": list(config.keypoint_names),
        "height": phase.height, "width": phase.width, "sigma": phase.sigma,
        "samples_seen": state["seen"], "name": phase.save_as or config.name,
    }
    torch.save({"model": average.net.state_dict(), "recipe": recipe}, path)
    log.info("wrote %s", path)


def _write_row(output: Path, row: dict[str, Any]) -> None:
    line = json.dumps(row)
    log.info("%s", line)
    with (output / "log.jsonl").open("a") as file:
        file.write(line + "\n")
