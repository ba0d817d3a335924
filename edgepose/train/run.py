# SPDX-License-Identifier: Apache-2.0
"""Train one configuration: choose the task, run the engine."""

from __future__ import annotations

from pathlib import Path

from edgepose.train.config import read_config
from edgepose.train.engine import Task, fit
from edgepose.train.pose_task import PoseTask


def train(config_path: Path, data: Path, output: Path, cache: Path) -> Path:
    """Train by a TOML file; checkpoints and the log go to ``output/<name>``.

    Returns:
        The final weights' path.

    Raises:
        InputError: the configuration or a shard is unusable.
    """
    config = read_config(config_path, data)
    task: Task
    if config.task == "top_down":
        task = PoseTask(config, cache)
    else:
        from edgepose.train.detector_task import DetectorTask

        task = DetectorTask(config, cache)
    return fit(config, task, output / config.name)
