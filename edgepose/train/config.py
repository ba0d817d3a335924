# SPDX-License-Identifier: Apache-2.0
"""The training configuration: frozen dataclasses whose ranges are checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from edgepose.errors import InputError
from edgepose.train.checks import require, require_range
from edgepose.train.qat_config import Qat

BOTTOM_UP = ("bottom_up_paf", "bottom_up_ae")
TASKS = ("top_down", *BOTTOM_UP, "detector")
PRECISIONS = ("bfloat16", "float32")
OBJECTIVES = ("cross_entropy", "mse", "simcc", "integral")
# What quantization-aware fine-tuning knows.
MAP_OBJECTIVES = ("cross_entropy", "mse")
SPLIT_RATIO = 2.0
# The coarsest branch of the networks has stride 32; people are stored on a 3:4 canvas.
SIDE_MULTIPLE = 32
PERSON_ASPECT = (3, 4)
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Source:
    """One data set.

    Attributes:
        shards: Glob of its shards in the data folder.
        passes_weight: How often a pass shows each sample; 0.2 shows a fifth of them.
        boxes_are_complete: Whether every person of its pictures has a box; if not, a detector is
            punished less for boxes that are not labelled, a bottom-up network not at all.
    """

    shards: str
    passes_weight: float = 1.0
    boxes_are_complete: bool = True

    def check(self) -> None:
        """Checks the values' ranges."""
        require(bool(self.shards), "source.shards", "a glob", self.shards)
        require_range("source.passes_weight", self.passes_weight, 0, 1000, above=True)


@dataclass(frozen=True)
class Phase:
    """One part of the schedule.

    Attributes:
        height: Rows of the network's input, a multiple of 32.
        width: Columns, a multiple of 32; for people 3/4 of the height where the weights are kept.
        passes: Passes over the data.
        learning_rate: Its peak, after the warm-up.
        batch_size: Samples per update, over all parts and processes.
        accumulate: Parts that a process's share of a batch is worked off in, to save memory.
        final_rate: Share of the peak at the phase's end.
        sigma: Standard deviation of a keypoint's target, in cells; with objective `simcc` in bins;
            with `integral`, which has no such target, that of a map whose score is 1.
        ohkm: Keypoints per person that count, the hardest; 0 counts all.
        augment: Strength of the augmentation, 0 for none.
        save_as: Name under which the averaged weights are kept at the phase's end.
    """

    height: int
    width: int
    passes: float
    learning_rate: float
    batch_size: int = 64
    accumulate: int = 1
    final_rate: float = 0.05
    sigma: float = 1.5
    ohkm: int = 0
    augment: float = 1.0
    save_as: str = ""

    def check(self) -> None:
        """Checks the values' ranges."""
        for name in ("height", "width"):
            value = getattr(self, name)
            good = 0 < value <= 4096 and value % SIDE_MULTIPLE == 0
            require(good, f"phase.{name}", f"a positive multiple of {SIDE_MULTIPLE}", value)
        require_range("phase.passes", self.passes, 0, 1e6, above=True)
        require_range("phase.learning_rate", self.learning_rate, 0, 10, above=True)
        require_range("phase.batch_size", self.batch_size, 1, 65536)
        require_range("phase.accumulate", self.accumulate, 1, 1024)
        divides = self.batch_size % self.accumulate == 0
        require(divides, "phase.accumulate", "a divisor of batch_size", self.accumulate)
        require_range("phase.final_rate", self.final_rate, 0, 1)
        require_range("phase.sigma", self.sigma, 0.1, 32)
        require_range("phase.ohkm", self.ohkm, 0, 1024)
        require_range("phase.augment", self.augment, 0, 2)
        if self.save_as:
            _file_name("phase.save_as", self.save_as)


@dataclass(frozen=True)
class TrainConfig:
    """Everything that a run depends on; the same file and seed give the same run.

    Attributes:
        name: Of the run, its folder and its last weights.
        task: `top_down`, `bottom_up_paf`, `bottom_up_ae` or `detector`.
        arch: Architecture, see `edgepose.nets.registry`.
        sources: Data sets.
        phases: The schedule, in order.
        keypoint_names: Keypoints in the order of the maps; not of a `detector`.
        seed: Of weights, order and augmentation.
        weight_decay: Of AdamW, on weights with two or more axes.
        ema_decay: Share that the averaged weights keep at each update.
        min_keypoints: Labelled keypoints that a person needs to be trained on.
        precision: `bfloat16` (autocast) or `float32`.
        threads: CPU threads of the network.
        workers: Processes that make batches; 0 makes them in the training process.
        checkpoint_seconds: Time between checkpoints.
        init: Weights in the data folder to start from; of another architecture what fits.
        objective: What a network of task `top_down` learns. `cross_entropy`: maps are logits over
            their cells; `mse`: maps are heatmaps; `integral`: the mean place of a map's softmax is
            the keypoint; `simcc`: logits over bins of x and of y.
        split_ratio: Bins per input px, of objective `simcc`.
        teacher: Weights in the data folder of a larger network whose maps are learnt too.
        distillation: Share of the teacher in the loss, 0..1.
        tensorboard: Whether the log is written for TensorBoard as well.
        qat: How weights are fine-tuned for INT8; None trains in float.
        folder: The data folder.
    """

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
    objective: str = "cross_entropy"
    split_ratio: float = SPLIT_RATIO
    teacher: str = ""
    distillation: float = 0.5
    tensorboard: bool = False
    qat: Qat | None = None
    folder: Path = field(default_factory=Path)

    nested: ClassVar[tuple[str, ...]] = ("sources", "phases", "folder")

    def check(self) -> None:
        """Checks the values' ranges and how they fit together."""
        _file_name("name", self.name)
        require(self.task in TASKS, "task", f"one of {', '.join(TASKS)}", self.task)
        precisions = f"one of {', '.join(PRECISIONS)}"
        require(self.precision in PRECISIONS, "precision", precisions, self.precision)
        require(bool(self.sources), "source", "one [[source]] or more", 0)
        require(bool(self.phases), "phase", "one [[phase]] or more", 0)
        objectives = f"one of {', '.join(OBJECTIVES)}"
        require(self.objective in OBJECTIVES, "objective", objectives, self.objective)
        require_range("distillation", self.distillation, 0, 1)
        require_range("seed", self.seed, 0, 2**63 - 1)
        require_range("weight_decay", self.weight_decay, 0, 10)
        require(0 <= self.ema_decay < 1, "ema_decay", "in 0..1, 1 excluded", self.ema_decay)
        require_range("min_keypoints", self.min_keypoints, 1, 1024)
        require_range("threads", self.threads, 1, 1024)
        require_range("workers", self.workers, 0, 1024)
        require_range("checkpoint_seconds", self.checkpoint_seconds, 0, 1e9)
        kept = [phase.save_as for phase in self.phases if phase.save_as]
        require(len(set(kept)) == len(kept), "phase.save_as", "different names", kept)
        require("last" not in {*kept, self.name}, "name", "not 'last', the checkpoint's", "last")
        if self.task != "detector":
            self._check_names()
        elif self.keypoint_names:
            raise InputError("keypoint_names belongs to pose networks; got task detector")
        if self.task == "top_down":
            self._check_aspect()
            self._check_objective()
        elif self.teacher or self.objective != OBJECTIVES[0]:
            raise InputError(f"teacher and objective belong to task top_down; got task {self.task}")
        if self.objective != "simcc" and self.split_ratio != SPLIT_RATIO:
            raise InputError(f"split_ratio belongs to objective simcc; got {self.objective}")

    def _check_names(self) -> None:
        names = self.keypoint_names
        require(bool(names), "keypoint_names", "the names of the maps", names)
        good = all(names) and len(set(names)) == len(names)
        require(good, "keypoint_names", "different non-empty names", list(names))

    def _check_aspect(self) -> None:
        across, down = PERSON_ASPECT
        for phase in self.phases:
            # Weights that are kept must see people as the runtime's crops show them.
            is_kept = bool(phase.save_as) or phase is self.phases[-1]
            if is_kept and phase.width * down != phase.height * across:
                raise InputError(
                    f"phase: width must be {across}/{down} of height for task top_down; "
                    f"got {phase.width}x{phase.height}"
                )

    def _check_objective(self) -> None:
        if self.qat is not None:
            known = f"one of {', '.join(MAP_OBJECTIVES)} for qat"
            require(self.objective in MAP_OBJECTIVES, "objective", known, self.objective)
        if self.objective != "simcc":
            return
        require(not self.teacher, "teacher", "left out with objective simcc", self.teacher)
        require_range("split_ratio", self.split_ratio, 0, 64, above=True)
        sizes = {(phase.width, phase.height) for phase in self.phases}
        # The layer from a map to its bins has a weight for each cell.
        require(len(sizes) == 1, "phase", "of one size with objective simcc", sorted(sizes))
        whole = all((side * self.split_ratio).is_integer() for size in sizes for side in size)
        bins = "so that width and height times it are whole"
        require(whole, "split_ratio", bins, self.split_ratio)


def _file_name(name: str, value: str) -> None:
    expected = "letters, digits, '.', '_' and '-'"
    require(FILE_NAME.fullmatch(value) is not None, name, expected, value)
