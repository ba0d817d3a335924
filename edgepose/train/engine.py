# SPDX-License-Identifier: Apache-2.0
"""The training loop: phases, averaged weights, checkpoints that resume to the same step."""

from __future__ import annotations

import copy
import json
import logging
import math
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn

from edgepose.errors import InputError, ModelError
from edgepose.nets.normalize import Normalized
from edgepose.train.board import Board
from edgepose.train.checkpoint import (
    State,
    load_shared_weights,
    load_weights,
    read_checkpoint,
    read_weights,
    write_checkpoint,
    write_weights,
)
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.loader import batches
from edgepose.train.processes import Processes
from edgepose.train.recipe import Recipe
from edgepose.train.schedule import average_decay, check_interval, learning_rate, phase_steps

log = logging.getLogger("edgepose.train")
CHECKPOINT, LOG, BOARD = "last.pt", "log.jsonl", "tensorboard"
REPORT_SECONDS = 30.0
GRADIENT_NORM = 5.0


class Task(Protocol):
    """What the engine asks of a task."""

    def build(self) -> nn.Module:
        """A network with random weights."""
        ...

    def samples_per_pass(self) -> int:
        """Samples of one pass over the data."""
        ...

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Batch `step` of phase `number`, on the CPU."""
        ...

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:
        """The loss of a batch."""
        ...

    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """Numbers on held-out samples."""
        ...


def fit(
    config: TrainConfig,
    task: Task,
    output: Path,
    *,
    fresh: bool = False,
    group: Processes | None = None,
) -> Path:
    """Trains by `config`.

    A run that was interrupted goes on from `output/last.pt`. On one machine and in float32 its
    weights are then those of a run in one go; the batches are a function of seed and step.

    Args:
        config: The configuration.
        task: What to train.
        output: Folder of checkpoints and log.
        fresh: Start anew and drop the checkpoint that is there.
        group: The processes that train together; None for this one alone.

    Returns:
        Path of the final averaged weights.

    Raises:
        ModelError: A checkpoint is damaged, or the loss is no longer finite.
        InputError: The checkpoint belongs to another network, or a batch does not fall into equal
            parts.
    """
    group = group or Processes()
    for phase in config.phases:
        parts = phase.accumulate * group.count
        if phase.batch_size % parts:
            raise InputError(
                f"phase.batch_size must be a multiple of accumulate x processes, {parts}; "
                f"got {phase.batch_size}"
            )
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    if fresh and group.is_main:
        for name in (CHECKPOINT, LOG):
            (output / name).unlink(missing_ok=True)
    group.wait()
    run = _Run.start(config, task, output, group)
    final = output / f"{config.name}.pt"
    for number, phase in enumerate(config.phases):
        final = output / f"{phase.save_as or config.name}.pt"
        if number < run.state["phase"]:
            continue
        run.phase(phase, number)
        if group.is_main:
            write_weights(final, run.average.net, Recipe.of(config, phase, run.state["seen"]))
            log.info("wrote %s", final)
        run.state.update(phase=number + 1, step=0)
        run.save()
    if run.board is not None:
        run.board.close()
    return final


@dataclass
class _Run:
    """The moving parts of a run."""

    config: TrainConfig
    task: Task
    output: Path
    net: Normalized
    average: Normalized
    optimizer: torch.optim.Optimizer
    group: Processes
    trained: nn.Module
    board: Board | None = None
    state: State = field(default_factory=lambda: {"phase": 0, "step": 0, "seen": 0, "updates": 0})

    @classmethod
    def start(
        cls, config: TrainConfig, task: Task, output: Path, group: Processes | None = None
    ) -> _Run:
        """Builds network, average and optimiser, and restores them from a checkpoint."""
        group = group or Processes()
        device = group.device
        inner = task.build()
        if config.init:
            source = config.folder / config.init
            model, recipe = read_weights(source)
            start = inner
            if config.objective == "simcc" != recipe.objective:
                start = cast(nn.Module, inner.net)  # weights of maps, on which the bins stand
            if recipe.contract:
                # Imported weights are those of a published network alone, without what trains it.
                load_weights(cast(nn.Module, start.net), model, source)
            elif recipe.arch == config.arch:
                load_weights(start, model, source)
            else:
                log.info("%s: %s", source, load_shared_weights(start, model, source))
        net = Normalized(inner).to(device)
        net = net.to(memory_format=torch.channels_last)
        optimizer = torch.optim.AdamW(_groups(net, config.weight_decay), lr=1e-3, foreach=True)
        average = copy.deepcopy(net).eval()
        run = cls(config, task, output, net, average, optimizer, group, net)
        last = output / CHECKPOINT
        if last.exists():
            run.state = read_checkpoint(last, config, (net, run.average), optimizer)
            log.info("resumed at %s", run.state)
        run.trained = group.share(net)
        if config.tensorboard and group.is_main:
            run.board = Board(output / BOARD, run.state["seen"])
        return run

    def save(self) -> None:
        """Writes the checkpoint."""
        if not self.group.is_main:
            return
        nets = (self.net, self.average)
        write_checkpoint(self.output / CHECKPOINT, self.config, nets, self.optimizer, self.state)

    def phase(self, phase: Phase, number: int) -> None:
        """Trains the rest of a phase."""
        total = phase_steps(phase, self.task.samples_per_pass())
        every = check_interval(phase, total)
        self.net.train()
        losses: list[Tensor] = []
        saved_at = reported_at = time.monotonic()
        first = self.state["step"]
        parts = batches(self.task, self.config, phase, number, first, total, self.group)
        for _ in range(first, total):
            losses.append(self._update(parts, phase, total))
            now = time.monotonic()
            step = self.state["step"]
            if now - reported_at > REPORT_SECONDS or step == total:
                rate = len(losses) * phase.batch_size / max(now - reported_at, 1e-9)
                row = {"phase": number, "step": step, "of": total, "seen": self.state["seen"]}
                self._log({**row, "loss": self._mean(losses), "per_second": round(rate, 1)})
                reported_at, losses = now, []
            if now - saved_at > self.config.checkpoint_seconds:
                self._mean(losses)  # weights that are no longer finite must not be kept
                self.save()
                saved_at = time.monotonic()
            if step % every == 0 and self.group.is_main:
                numbers = self.task.check(self.average, phase)
                self._log({"phase": number, "seen": self.state["seen"], **numbers})

    def _update(self, parts: Iterator[dict[str, Tensor]], phase: Phase, total: int) -> Tensor:
        """One step of the optimiser; returns the loss, still on its device."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(phase, self.state["step"], total)
        self.optimizer.zero_grad(set_to_none=True)
        loss = torch.stack(
            [
                self._backward(next(parts), phase, last=part + 1 == phase.accumulate)
                for part in range(phase.accumulate)
            ]
        ).mean()
        nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_NORM)
        self.optimizer.step()
        self.state["step"] += 1
        self.state["updates"] += 1
        self.state["seen"] += phase.batch_size
        decay = average_decay(self.config.ema_decay, self.state["updates"])
        _update_average(self.average, self.net, decay)
        return loss

    def _backward(self, part: dict[str, Tensor], phase: Phase, *, last: bool) -> Tensor:
        """Adds the gradients of a part of a batch; returns its loss."""
        device = self.group.device
        batch = {key: item.to(device, non_blocking=True) for key, item in part.items()}
        half = self.config.precision == "bfloat16"
        with nullcontext() if last else self.group.apart(self.trained):
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                loss = self.task.loss(self.trained, batch, phase)
            (loss / phase.accumulate).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _mean(self, losses: list[Tensor]) -> float:
        """Mean loss, checked.

        Raises:
            ModelError: It is not finite.
        """
        mean = float(torch.stack(losses).mean()) if losses else 0.0
        if not math.isfinite(mean):
            raise ModelError(
                f"the loss is not finite near step {self.state['step']}; lower learning_rate "
                f"(the last checkpoint in {self.output} is older and sound)"
            )
        return round(mean, 4)

    def _log(self, row: dict[str, Any]) -> None:
        if not self.group.is_main:
            return
        line = json.dumps(row)
        log.info("%s", line)
        with (self.output / LOG).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        if self.board is not None:
            self.board.add(row)


@torch.no_grad()
def _update_average(average: nn.Module, net: nn.Module, decay: float) -> None:
    """Moves the averaged weights, and the batch norms' statistics, towards the network's."""
    pairs = zip(average.state_dict().values(), net.state_dict().values(), strict=True)
    slow, fast = zip(*((a, b) for a, b in pairs if a.dtype.is_floating_point), strict=True)
    torch._foreach_lerp_(list(slow), list(fast), 1 - decay)


def _groups(net: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Parameters with weight decay, and those without: biases and batch norms."""
    weights = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
