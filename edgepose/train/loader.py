# SPDX-License-Identifier: Apache-2.0
"""Batches in the order of their steps, made ahead of time by worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from edgepose.train.config import Phase, TrainConfig

if TYPE_CHECKING:
    from edgepose.train.engine import Task

AHEAD = 4


class _Steps(Dataset[dict[str, Tensor]]):
    """Batches by step number."""

    def __init__(self, task: Task, phase: Phase, number: int) -> None:
        self.task, self.phase, self.number = task, phase, number

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        return self.task.batch(self.phase, self.number, step)


def batches(
    task: Task, config: TrainConfig, phase: Phase, number: int, first: int, total: int
) -> Iterator[dict[str, Tensor]]:
    """Batches `first` to `total` - 1 of phase `number`, in order, in pinned memory for a GPU.

    A batch is a function of its step alone, so the number of workers does not change it.
    """
    loader = DataLoader(
        _Steps(task, phase, number),
        batch_size=None,
        sampler=range(first, total),
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
