# SPDX-License-Identifier: Apache-2.0
"""Boxes to detector targets."""

from __future__ import annotations

import numpy as np
import pytest

from edgepose.train.detector_targets import encode


def test_no_box() -> None:
    found = encode(np.zeros((0, 5), np.float32), 64, 32, 8, 0.3)
    assert {name: array.shape for name, array in found.items()} == {
        "heatmap": (1, 8, 4),
        "weight": (1, 8, 4),
        "box": (4, 8, 4),
        "box_weight": (8, 4),
    }
    assert (found["weight"] == np.float32(0.3)).all()
    assert not found["heatmap"].any()
    assert not found["box_weight"].any()


def test_a_person() -> None:
    boxes = np.array([[10, 8, 30, 56, 1]], np.float32)
    before = boxes.copy()
    found = encode(boxes, 64, 64, 8, 0.3)
    assert (boxes == before).all()
    # centre (20, 32): cell (20.5 // 8, 32.5 // 8)
    assert np.argwhere(found["heatmap"][0] == 1).tolist() == [[4, 2]]
    assert found["box_weight"].sum() == 9
    assert found["box"][:, 4, 2].tolist() == [10, 8, 30, 56]
    center = np.arange(8) * 8 + 3.5
    inside = ((center >= 8) & (center <= 56))[:, None] & ((center >= 10) & (center <= 30))
    assert (found["weight"][0] == np.where(inside, 1, np.float32(0.3))).all()


@pytest.mark.parametrize(
    "box", [[10, 8, 30, 56, 0], [10, 8, 17, 56, 1]], ids=["unsure", "narrower-than-a-cell"]
)
def test_boxes_that_neither_teach_nor_punish(box: list[float]) -> None:
    found = encode(np.array([box], np.float32), 64, 64, 8)
    assert not found["heatmap"].any()
    assert not found["box_weight"].any()
    assert found["weight"].min() == 0


def test_the_smaller_box_wins() -> None:
    boxes = np.array([[20, 20, 44, 44, 1], [0, 0, 63, 63, 1]], np.float32)
    for order in ([0, 1], [1, 0]):
        found = encode(boxes[order], 64, 64, 8)
        assert found["box"][:, 4, 4].tolist() == [20, 20, 44, 44]


def test_a_centre_outside_goes_to_the_border() -> None:
    found = encode(np.array([[50, 50, 90, 90, 1]], np.float32), 64, 64, 8)
    assert found["heatmap"][0, 7, 7] == 1


def test_cells_equal_a_slow_reading() -> None:
    rng = np.random.default_rng(0)
    center = np.arange(8) * 8 + 3.5
    for _ in range(200):
        low = rng.integers(-20, 80, 2) / 2
        high = low + rng.integers(20, 60, 2) / 2
        found = encode(np.array([[*low, *high, 0]], np.float32), 64, 64, 8)["weight"][0]
        rows = (center >= low[1]) & (center <= high[1])
        columns = (center >= low[0]) & (center <= high[0])
        assert ((found == 0) == (rows[:, None] & columns)).all()
