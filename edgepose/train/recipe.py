# SPDX-License-Identifier: Apache-2.0
"""What weights say about themselves: enough to build the network and to write its contract."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import PurePath
from typing import Any

from edgepose.errors import ModelError
from edgepose.train.config import OBJECTIVES, SPLIT_RATIO, TASKS, Phase, TrainConfig


@dataclass(frozen=True)
class Recipe:
    """How weights were trained.

    Attributes:
        arch: Architecture, see `edgepose.nets.registry`.
        task: One of `edgepose.train.config.TASKS`.
        keypoint_names: Of the maps, in order; none for a detector.
        height: Rows of the input trained last.
        width: Columns.
        sigma: Standard deviation of the keypoints' targets, in cells, of `simcc` in bins.
        samples_seen: Over all phases.
        name: Of the weights.
        data: Names of the data sets, from the names of their shards.
        contract: JSON of the contract of weights that were trained elsewhere; empty for ours,
            whose contract follows from the rest.
        objective: One of `edgepose.train.config.OBJECTIVES`, see `TrainConfig`.
        split_ratio: Bins per input px, of `simcc`.
    """

    arch: str
    task: str
    keypoint_names: tuple[str, ...]
    height: int
    width: int
    sigma: float
    samples_seen: int
    name: str
    data: tuple[str, ...] = ()
    contract: str = ""
    objective: str = OBJECTIVES[0]
    split_ratio: float = SPLIT_RATIO

    @classmethod
    def of(cls, config: TrainConfig, phase: Phase, samples_seen: int) -> Recipe:
        """The recipe of weights at the end of a phase."""
        return cls(
            arch=config.arch,
            task=config.task,
            keypoint_names=config.keypoint_names,
            height=phase.height,
            width=phase.width,
            sigma=phase.sigma,
            samples_seen=samples_seen,
            name=phase.save_as or config.name,
            data=tuple(_data_name(source.shards) for source in config.sources),
            objective=config.objective,
            split_ratio=config.split_ratio,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as a checkpoint keeps them."""
        plain = asdict(self)
        usually = {"contract": "", "objective": OBJECTIVES[0], "split_ratio": SPLIT_RATIO}
        for name, usual in usually.items():
            if plain[name] == usual:
                del plain[name]
        return {key: list(item) if isinstance(item, tuple) else item for key, item in plain.items()}

    @classmethod
    def from_dict(cls, document: Any) -> Recipe:
        """Reads what `to_dict` wrote; fields unknown here are passed over.

        Raises:
            ModelError: A field is missing or of another type.
        """
        if not isinstance(document, dict):
            raise ModelError(f"recipe must be a table; got {type(document).__name__}")
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.name not in document:
                if item.default is not MISSING:
                    continue
                raise ModelError(f"recipe.{item.name} is missing")
            value = document[item.name]
            if not _KINDS[str(item.type)](value):
                raise ModelError(f"recipe.{item.name} must be {item.type}; got {value!r}")
            values[item.name] = tuple(value) if isinstance(value, list) else value
        recipe = cls(**values)
        known = TASKS if not recipe.contract else (*TASKS, "bottom_up")
        if recipe.task not in known:
            raise ModelError(f"recipe.task must be one of {', '.join(known)}; got {recipe.task!r}")
        if recipe.objective not in OBJECTIVES:
            wanted = ", ".join(OBJECTIVES)
            raise ModelError(f"recipe.objective must be one of {wanted}; got {recipe.objective!r}")
        if min(recipe.height, recipe.width) < 1 or min(recipe.sigma, recipe.split_ratio) <= 0:
            raise ModelError("recipe.height, width, sigma and split_ratio must be positive")
        return recipe


_KINDS = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: type(value) is int,
    "float": lambda value: type(value) in (int, float),
    "tuple[str, ...]": lambda value: (
        isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    ),
}


def _data_name(shards: str) -> str:
    """`coco` of the glob `coco-*.npz`."""
    return PurePath(shards).name.split("*")[0].removesuffix(".npz").rstrip("-_") or shards
