# SPDX-License-Identifier: Apache-2.0
"""Files of a run: the checkpoint that it resumes from, and weights with their recipe.

Weights are `{"model": state_dict, "recipe": {...}}`; the checkpoint `last.pt` holds the network,
its average, the optimiser, the place in the schedule and the configuration.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from edgepose.errors import InputError, ModelError
from edgepose.train.config import TrainConfig
from edgepose.train.recipe import Recipe

log = logging.getLogger("edgepose.train")
State = dict[str, int]
PLACE = ("phase", "step", "seen", "updates")
# Fields that may differ between the parts of a run without changing what it computes.
FREE = ("folder", "threads", "workers", "checkpoint_seconds", "init", "name", "tensorboard")
# Fields without which the tensors of a checkpoint do not fit or have another meaning.
FIXED = ("task", "arch", "keypoint_names", "objective", "split_ratio", "qat")


def write_weights(path: Path, net: nn.Module, recipe: Recipe) -> None:
    """Writes a network's weights and how they were trained."""
    _write(path, {"model": net.state_dict(), "recipe": recipe.to_dict()})


def read_weights(path: Path) -> tuple[dict[str, Tensor], Recipe]:
    """Reads what `write_weights` wrote.

    Raises:
        ModelError: The file is absent, damaged or something else.
    """
    document = load_file(path)
    if not {"model", "recipe"} <= document.keys():
        hint = "; it is a checkpoint of a run" if "optimizer" in document else ""
        raise ModelError(f"{path}: expected weights with 'model' and 'recipe'{hint}")
    try:
        return document["model"], Recipe.from_dict(document["recipe"])
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def load_weights(net: nn.Module, model: dict[str, Tensor], path: Path) -> None:
    """Puts weights into a network.

    Raises:
        ModelError: They belong to another network; the message names the first difference.
    """
    try:
        net.load_state_dict(model)
    except (RuntimeError, TypeError, AttributeError) as error:
        lines = [line.strip() for line in str(error).splitlines()]
        raise ModelError(f"{path}: weights of another network: {' '.join(lines[:2])}") from error


def load_shared_weights(net: nn.Module, model: dict[str, Tensor], path: Path) -> str:
    """Puts those weights of another architecture into a network that have its names and shapes.

    Returns:
        What was taken over and what was not, for the log.

    Raises:
        ModelError: Nothing fits.
    """
    own = net.state_dict()
    fits = {
        name: value
        for name, value in model.items()
        if name in own and isinstance(value, Tensor) and value.shape == own[name].shape
    }
    if not fits:
        raise ModelError(f"{path}: no weight fits the network by name and shape")
    net.load_state_dict(fits, strict=False)
    new, left = _parts(own.keys() - fits.keys()), _parts(model.keys() - fits.keys())
    return (
        f"{len(fits)} of {len(own)} tensors taken over; started at random: {new}; not used: {left}"
    )


def _parts(names: Iterable[str]) -> str:
    """The modules that tensors belong to, at the level that tells them apart."""
    heads = sorted({".".join(name.split(".")[:2]) for name in names})
    return ", ".join(heads) or "none"


def write_checkpoint(
    path: Path,
    config: TrainConfig,
    nets: tuple[nn.Module, nn.Module],
    optimizer: torch.optim.Optimizer,
    state: State,
) -> None:
    """Writes a run's state; the file appears whole or not at all."""
    document = {
        "net": nets[0].state_dict(),
        "average": nets[1].state_dict(),
        "optimizer": optimizer.state_dict(),
        "state": state,
        "config": _plain(config),
    }
    _write(path, document)


def read_checkpoint(
    path: Path,
    config: TrainConfig,
    nets: tuple[nn.Module, nn.Module],
    optimizer: torch.optim.Optimizer,
) -> State:
    """Restores a run.

    Returns:
        Its place in the schedule.

    Raises:
        ModelError: The checkpoint is damaged.
        InputError: It belongs to another network than the configuration's.
    """
    document = load_file(path, next(nets[0].parameters()).device)
    _compare(path, document.get("config"), config)
    try:
        state = {name: int(document["state"][name]) for name in PLACE}
        for net, name in zip(nets, ("net", "average"), strict=True):
            load_weights(net, document[name], path)
        optimizer.load_state_dict(document["optimizer"])
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: damaged checkpoint: {error!r}") from error
    return state


def _compare(path: Path, saved: Any, config: TrainConfig) -> None:
    """Refuses another network; warns of another schedule, which the run then follows."""
    if not isinstance(saved, dict):
        return
    now = _plain(config)
    changed = [key for key in now if key in saved and saved[key] != now[key]]
    for name in FIXED:
        if name in changed:
            raise InputError(
                f"{path} was trained with {name} {saved[name]!r}, the configuration has "
                f"{now[name]!r}; start afresh or give the run another name"
            )
    if changed:
        log.warning("resuming with other values of %s", ", ".join(changed))


def _plain(config: TrainConfig) -> dict[str, Any]:
    """The configuration as lists, dicts and numbers, which a checkpoint may hold."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list | tuple) else value

    document: dict[str, Any] = plain({k: v for k, v in asdict(config).items() if k not in FREE})
    return document


def load_file(path: Path, device: torch.device | None = None) -> dict[str, Any]:
    """The dictionary in a PyTorch file; only tensors and plain values are read, never code.

    Raises:
        ModelError: The file is absent, damaged or something else.
    """
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    try:
        document = torch.load(path, map_location=device or "cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, pickle.PickleError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{path}: damaged, or no PyTorch file: {reason}") from error
    if not isinstance(document, dict):
        raise ModelError(f"{path}: expected a dictionary; got {type(document).__name__}")
    return document


def _write(path: Path, document: dict[str, Any]) -> None:
    temporary = path.with_name(path.name + ".tmp")
    try:
        torch.save(document, temporary)
        temporary.replace(path)
    except (OSError, RuntimeError) as error:
        raise InputError(f"cannot write {path}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
