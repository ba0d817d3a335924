# SPDX-License-Identifier: Apache-2.0
"""The training configuration: a TOML file read into frozen dataclasses."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgepose.errors import InputError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib


@dataclass(frozen=True)
class Source:
    """One data set: its shards (a glob in the data folder) and its weight in sampling."""

    shards: str
    passes_weight: float = 1.0
    boxes_are_complete: bool = True


@dataclass(frozen=True)
class Phase:
    """One part of the schedule: input size, passes over the data and peak learning rate.

    ``save_as`` keeps the averaged weights at the end of the phase under that name.
    """

    height: int
    width: int
    passes: float
    learning_rate: float
    batch_size: int = 64
    final_rate: float = 0.05
    sigma: float = 1.5
    ohkm: int = 0
    augment: float = 1.0
    save_as: str = ""


@dataclass(frozen=True)
class TrainConfig:
    """Everything that a run depends on; the same file and seed give the same run."""

    name: str
    task: str
    arch: str
    sources: tuple[Source, ...]
    phases: tuple[Phase, ...]
    keypoint_names: tuple[str, ...] = ()
    seed: int = 1
    weight_decay: float = 0.02
    ema_decay: float = 0.9995
    min_keypoints: int = 4
    precision: str = "bfloat16"
    threads: int = 2
    workers: int = 1
    checkpoint_seconds: float = 120.0
    init: str = ""
    folder: Path = field(default_factory=Path)


TASKS = ("top_down", "detector")


def read_config(path: Path, data: Path) -> TrainConfig:
    """Read and check a TOML file; ``data`` is the folder that holds its shards.

    Raises:
        InputError: a field is missing, unknown or out of range.
    """
    try:
        raw = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the training configuration {path}: {error}") from error
    sources = tuple(_build(Source, row, "source") for row in raw.pop("source", []))
    phases = tuple(_build(Phase, row, "phase") for row in raw.pop("phase", []))
    if "keypoint_names" in raw:
        raw["keypoint_names"] = tuple(raw["keypoint_names"])
    extra = {"sources": sources, "phases": phases, "folder": data.resolve()}
    config = _build(TrainConfig, {**raw, **extra}, str(path))
    if config.task not in TASKS:
        raise InputError(f"task: expected one of {TASKS}; got {config.task!r}")
    if config.precision not in ("bfloat16", "float32"):
        raise InputError(f"precision: expected bfloat16 or float32; got {config.precision!r}")
    if not sources or not phases:
        raise InputError(f"{path}: expected at least one [[source]] and one [[phase]]")
    for phase in phases:
        if phase.height % 32 or phase.width % 32 or phase.height <= 0 or phase.width <= 0:
            raise InputError(
                f"phase: sizes must be positive multiples of 32; got {phase.height}x{phase.width}"
            )
        if phase.passes <= 0 or phase.batch_size < 1 or phase.learning_rate <= 0:
            raise InputError("phase: passes, batch_size and learning_rate must be positive")
    return config


def _build(kind: type[Any], row: dict[str, Any], where: str) -> Any:
    known = {item.name for item in dataclasses.fields(kind)}
    unknown = sorted(set(row) - known)
    if unknown:
        raise InputError(f"{where}: unknown fields {unknown}; expected some of {sorted(known)}")
    try:
        return kind(**row)
    except TypeError as error:
        raise InputError(f"{where}: {error}") from error
