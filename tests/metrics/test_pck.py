# SPDX-License-Identifier: Apache-2.0
"""Percentage of correct keypoints."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.metrics.pck import match_boxes, pck


def test_no_person_is_undefined() -> None:
    counts = pck(np.zeros((0, 3, 2)), np.zeros((0, 3, 2)), np.zeros((0, 3), bool), np.zeros(0))
    assert math.isnan(counts.value)
    assert np.isnan(counts.per_keypoint).all()


def test_counts_only_labelled_keypoints_and_the_limit_is_correct() -> None:
    predicted = np.array([[[10.0, 0.0], [10.1, 0.0], [500.0, 0.0], [np.nan, np.nan]]])
    counts = pck(predicted, np.zeros((1, 4, 2)), [[True, True, False, True]], [100.0])
    assert counts.correct.tolist() == [1, 0, 0, 0]
    assert counts.labelled.tolist() == [1, 1, 0, 1]
    assert counts.value == pytest.approx(1 / 3)
    assert (counts + counts).labelled.sum() == 6


def test_agrees_with_the_reference(shared_dir: Path) -> None:
    """Joints that are counted, threshold x head size, on a set with missing joints."""
    with np.load(shared_dir / "golden" / "pckh.npz") as data:
        truth = data["gt_1based"].transpose(2, 0, 1) - 1
        visible = data["jnt_missing"].T == 0
        heads = data["headboxes"].transpose(2, 0, 1)
        norm = 0.6 * np.linalg.norm(heads[:, 1] - heads[:, 0], axis=1)
        for threshold in (0.05, 0.2, 0.5):
            counts = pck(data["pred"][..., :2], truth, visible, norm, threshold)
            expected = data[f"mmpose_pck_{threshold}_acc_per_joint"]
            np.testing.assert_allclose(counts.per_keypoint, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"predicted": np.zeros((2, 3, 2))}, "predicted and labelled must be"),
        ({"visible": np.ones((1, 2), bool)}, "visible must be"),
        ({"norm": np.zeros(1)}, "norm must be positive"),
        ({"norm": np.full(1, np.nan)}, "norm must be positive"),
    ],
)
def test_wrong_arguments(change: dict[str, Any], message: str) -> None:
    arguments = {
        "predicted": np.zeros((1, 3, 2)),
        "labelled": np.zeros((1, 3, 2)),
        "visible": np.ones((1, 3), bool),
        "norm": np.ones(1),
    }
    with pytest.raises(InputError, match=message):
        pck(**{**arguments, **change})


def test_boxes_pair_one_to_one_by_overlap() -> None:
    labelled = [[0, 0, 10, 10], [2, 0, 12, 10], [50, 50, 60, 60], [5, 5, 5, 5]]
    predicted = [[2, 0, 12, 10], [1, 0, 11, 10]]
    assert match_boxes(predicted, labelled, 0.5).tolist() == [1, 0, -1, -1]
    assert match_boxes(np.zeros((0, 4)), labelled, 0.5).tolist() == [-1, -1, -1, -1]
    assert match_boxes(predicted, np.zeros((0, 4)), 0.5).tolist() == []
