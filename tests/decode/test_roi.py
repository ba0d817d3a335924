# SPDX-License-Identifier: Apache-2.0
"""Maps of regions to points: places, scores, odd boxes, refused input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgepose.decode import decode_roi_maps
from edgepose.errors import InputError


def maps(count: int, rows: int = 4, columns: int = 4) -> Any:
    return np.full((count, 2, rows, columns), -9, np.float32)


def test_no_boxes() -> None:
    xy, score = decode_roi_maps(maps(0), np.zeros((0, 4), np.float32))
    assert xy.shape == (0, 2, 2)
    assert score.shape == (0, 2)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param([0, 0, 4, 4], [2.5, 1.5], id="a-pixel-a-cell"),
        pytest.param([10, 20, 14, 24], [12.5, 21.5], id="moved"),
        pytest.param([0, 0, 3.6, 4], [2.25, 1.5], id="a-fraction"),
        pytest.param([7, 7, 7, 7], [7.5, 7.5], id="no-size"),
        pytest.param([7, 7, 2, 2], [7.5, 7.5], id="turned-over"),
    ],
)
def test_places(box: list[float], expected: list[float]) -> None:
    heat = maps(1)
    heat[0, 1, 1, 2] = 9
    before = heat.copy()
    xy, score = decode_roi_maps(heat, np.array([box], np.float32))
    assert xy[0, 1] == pytest.approx(expected)
    assert (heat == before).all()
    assert ((score >= 0) & (score <= 1)).all()


@pytest.mark.parametrize("side", [8, 40, 400, 3000])
def test_a_peak_is_found_at_any_size(side: int) -> None:
    heat = maps(1, 56, 56)
    y, x = np.mgrid[:56, :56]
    heat[0, 0] = 20 * np.exp(-((x - 30.5) ** 2 + (y - 12.5) ** 2) / 8)
    xy, score = decode_roi_maps(heat, np.array([[0, 0, side, side]], np.float32))
    cell = side / 56
    assert np.abs(xy[0, 0] - np.array([31, 13]) * cell).max() <= max(0.5, 0.55 * cell)
    assert side < 56 or score[0, 0] > 0.03  # shrinking steps over the peak itself


def test_scores_are_the_softmax_where_a_pixel_is_a_cell() -> None:
    heat = np.random.default_rng(0).standard_normal((1, 2, 6, 5)).astype(np.float32)
    _, score = decode_roi_maps(heat, np.array([[0, 0, 5, 6]], np.float32))
    power = np.exp(heat.astype(np.float64))
    assert score[0] == pytest.approx((power.max((2, 3)) / power.sum((2, 3)))[0])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_map_that_is_not_finite_gives_the_centre(value: float) -> None:
    heat = maps(1)
    heat[0, 0, 0, 0] = value
    xy, score = decode_roi_maps(heat, np.array([[2, 4, 6, 10]], np.float32))
    assert xy[0, 0].tolist() == [4, 7]
    assert score[0, 0] == 0


@pytest.mark.parametrize(
    ("heat", "boxes", "message"),
    [
        pytest.param(maps(1).astype(np.float64), np.zeros((1, 4), np.float32), "maps", id="dtype"),
        pytest.param(maps(1)[0], np.zeros((2, 4), np.float32), "maps", id="axes"),
        pytest.param(maps(1, 0), np.zeros((1, 4), np.float32), "maps", id="no-cells"),
        pytest.param(maps(1), np.zeros((2, 4), np.float32), "boxes must be", id="count"),
        pytest.param(maps(1), np.zeros((1, 4)), "boxes must be", id="box-dtype"),
        pytest.param(maps(1), np.full((1, 4), np.nan, np.float32), "finite", id="nan"),
    ],
)
def test_refused(heat: Any, boxes: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode_roi_maps(heat, boxes)
