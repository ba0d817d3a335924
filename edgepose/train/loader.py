# SPDX-License-Identifier: Apache-2.0
"""Batches in the order of their steps, made ahead of time by worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from edgepose.train.config import Phase, TrainConfig
from edgepose.train.processes import Processes

if TYPE_CHECKING:
    from edgepose.train.engine import Task

AHEAD = 4


class _Parts(Dataset[dict[str, Tensor]]):
    """Parts of batches by number: part p of process r is small batch p * processes + r."""

    def __init__(self, task: Task, phase: Phase, number: int, group: Processes) -> None:
        size = phase.batch_size // (phase.accumulate * group.count)
        self.task, self.phase = task, replace(phase, batch_size=size, accumulate=1)
        self.number, self.group = number, group

    def __getitem__(self, part: int) -> dict[str, Tensor]:
        return self.task.batch(self.phase, self.number, part * self.group.count + self.group.rank)


def batches(
    task: Task,
    config: TrainConfig,
    phase: Phase,
    number: int,
    first: int,
    total: int,
    group: Processes | None = None,
) -> Iterator[dict[str, Tensor]]:
    """Batches `first` to `total` - 1 of phase `number`, in order, in pinned memory for a GPU.

    With several processes or `phase.accumulate` each batch comes in parts, this process's only. A
    part is a function of its number alone, so the number of workers does not change it.
    """
    loader = DataLoader(
        _Parts(task, phase, number, group or Processes()),
        batch_size=None,
        sampler=range(first * phase.accumulate, total * phase.accumulate),
        num_workers=config.workers,
        prefetch_factor=AHEAD if config.workers else None,
        worker_init_fn=_start_worker,
        pin_memory=torch.cuda.is_available(),
    )
    yield from loader


def _start_worker(worker: int) -> None:  # noqa: ARG001
    """One thread a worker: there are as many workers as the user gave cores."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
