# SPDX-License-Identifier: Apache-2.0
"""Distillation: a teacher's maps are learnt, a teacher that does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.errors import InputError, ModelError  # noqa: E402
from edgepose.nets.registry import build_pose  # noqa: E402
from edgepose.train.checkpoint import write_weights  # noqa: E402
from edgepose.train.config import TrainConfig  # noqa: E402
from edgepose.train.engine import fit  # noqa: E402
from edgepose.train.pose_task import PoseTask  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402
from edgepose.train.teacher import Teacher  # noqa: E402


@pytest.fixture
def config(pose_config: TrainConfig) -> TrainConfig:
    """A student whose teacher is a larger network of the same keypoints."""
    torch.manual_seed(3)
    names = pose_config.keypoint_names
    recipe = Recipe("mspn-tiny", "top_down", names, 128, 96, 1.5, 0, "teacher")
    write_weights(pose_config.folder / "teacher.pt", build_pose("mspn-tiny", len(names)), recipe)
    return replace(pose_config, teacher="teacher.pt", distillation=1.0)


def test_the_students_maps_become_the_teachers(config: TrainConfig, tmp_path: Path) -> None:
    task = PoseTask(config, tmp_path / "cache")
    assert task.teacher is not None
    batch = task.batch(config.phases[0], 0, 0)
    phase = config.phases[0]
    same: Any = task.loss(task.teacher.net, batch, phase)
    assert float(same) == pytest.approx(0, abs=1e-6)
    net = fit(config, task, tmp_path / "run")
    assert net.is_file()
    assert not any(p.requires_grad for p in task.teacher.net.parameters())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        pytest.param(lambda c: replace(c, teacher="none.pt"), ModelError, "no such", id="absent"),
        pytest.param(
            lambda c: replace(c, keypoint_names=c.keypoint_names[::-1]),
            InputError,
            "keypoint_names must be",
            id="keypoints",
        ),
        pytest.param(
            lambda c: replace(c, objective="mse"), InputError, "objective must be", id="objective"
        ),
    ],
)
def test_a_teacher_that_does_not_fit_is_refused(
    config: TrainConfig, change: Callable[[TrainConfig], TrainConfig], error: Any, message: str
) -> None:
    with pytest.raises(error, match=message):
        Teacher.of(change(config))


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [("contract", "{}", InputError), ("arch", "none", ModelError), ("arch", "cpm", ModelError)],
)
def test_weights_of_another_kind_are_refused(
    config: TrainConfig, field: str, value: str, error: Any
) -> None:
    path = config.folder / "teacher.pt"
    document = torch.load(path, weights_only=True)
    document["recipe"][field] = value
    torch.save(document, path)
    with pytest.raises(error, match="teacher"):
        Teacher.of(config)
