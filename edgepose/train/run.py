# SPDX-License-Identifier: Apache-2.0
"""Train one configuration: choose the task, run the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2

from edgepose.train.bottom_up_task import BottomUpTask
from edgepose.train.config import TrainConfig
from edgepose.train.config_file import read_config
from edgepose.train.detector_task import DetectorTask
from edgepose.train.engine import Task, fit
from edgepose.train.pose_task import PoseTask
from edgepose.train.processes import Processes

TASKS: dict[str, Callable[[TrainConfig, Path], Task]] = {
    "top_down": PoseTask,
    "bottom_up_paf": BottomUpTask,
    "bottom_up_ae": BottomUpTask,
    "detector": DetectorTask,
}


def train(config_path: Path, data: Path, output: Path, cache: Path, *, fresh: bool = False) -> Path:
    """Trains by a TOML file; checkpoints and the log go to `output/<name>`.

    Args:
        config_path: The TOML file.
        data: Folder of the shards.
        output: Folder of the runs.
        cache: Folder of the decoded pictures, a few gigabytes.
        fresh: Start anew instead of going on from the run's checkpoint.

    Returns:
        The final weights' path.

    Raises:
        InputError: The configuration or a shard is unusable.
        ModelError: A checkpoint is damaged, or the loss is no longer finite.
    """
    config = replace(read_config(config_path, data), qat=None)
    cv2.setNumThreads(0)  # worker processes must not inherit OpenCV's threads
    group = Processes.join()
    try:
        with group.main_first():  # decoded pictures are cached once
            task = TASKS[config.task](config, cache)
        return fit(config, task, output / config.name, fresh=fresh, group=group)
    finally:
        group.leave()
