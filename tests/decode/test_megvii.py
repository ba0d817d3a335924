# SPDX-License-Identifier: Apache-2.0
"""The decoders that blur the whole map first, and soft-argmax, against slow references."""

from __future__ import annotations

import numpy as np
import pytest
import reference.heatmap
import reference.megvii
from numpy.typing import NDArray

from edgepose.decode import decode_heatmaps


def _maps(count: int, hw: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """[1, count, H, W]: two bumps of like height over noise, some at the very edge."""
    rng = np.random.default_rng(seed)
    height, width = hw
    y, x = np.mgrid[:height, :width]
    maps = rng.normal(0, 4, (1, count, height, width))
    for heatmap in maps[0]:
        for peak in (200.0, rng.uniform(0, 195)):
            at_x, at_y = rng.uniform(-2, width + 1), rng.uniform(-2, height + 1)
            heatmap += peak * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 8)
    return maps.astype(np.float32)


@pytest.mark.parametrize("size", [1, 3, 5, 11, 21, 63])
@pytest.mark.parametrize("hw", [(64, 48), (9, 150), (3, 4), (1, 1)], ids=str)
@pytest.mark.parametrize("subpixel", ["megvii", "mspn"])
def test_equals_the_reference(subpixel: str, hw: tuple[int, int], size: int) -> None:
    maps = _maps(20, hw, seed=size)
    before = maps.copy()
    xy, score = decode_heatmaps(maps, subpixel=subpixel, blur_kernel=size)
    np.testing.assert_array_equal(maps, before)
    for joint, heatmap in enumerate(maps[0]):
        x, y, value = getattr(reference.megvii, subpixel)(heatmap, size)
        np.testing.assert_allclose(xy[0, joint], (x, y), atol=1e-4)
        np.testing.assert_allclose(score[0, joint], value, rtol=1e-5)


@pytest.mark.parametrize("shifts", [(), (0.25,), (0.25, 0.125), (1.0, 0.5, 0.25, 0.125)], ids=str)
def test_shifts_follow_the_next_maxima(shifts: tuple[float, ...]) -> None:
    maps = _maps(30, (40, 30), seed=3)
    xy, _ = decode_heatmaps(maps, subpixel="mspn", blur_kernel=5, shifts=shifts)
    for joint, heatmap in enumerate(maps[0]):
        x, y, _ = reference.megvii.mspn(heatmap, 5, shifts)
        np.testing.assert_allclose(xy[0, joint], (x, y), atol=1e-4)


@pytest.mark.parametrize("subpixel", ["megvii", "mspn"])
@pytest.mark.parametrize("lift", [-1e3, -150.0, -60.0], ids=["all negative", "mostly", "half"])
def test_negative_maps(subpixel: str, lift: float) -> None:
    maps = _maps(20, (24, 18), seed=9) + np.float32(lift)
    xy, _ = decode_heatmaps(maps, subpixel=subpixel, blur_kernel=7)
    for joint, heatmap in enumerate(maps[0]):
        x, y, _ = getattr(reference.megvii, subpixel)(heatmap, 7)
        np.testing.assert_allclose(xy[0, joint], (x, y), atol=1e-4)


def test_a_single_cell_is_drawn_to_the_corner_of_the_border() -> None:
    maps = np.zeros((1, 1, 40, 40), np.float32)
    maps[0, 0, 20, 20] = 255
    xy, score = decode_heatmaps(maps, subpixel="mspn", blur_kernel=1)
    np.testing.assert_allclose(xy[0, 0], 20 - 0.25 * np.sqrt(0.5), rtol=1e-6)
    assert score[0, 0] == 1.5


def test_a_place_on_a_nan_cell_has_the_score_of_the_maximum() -> None:
    maps = np.full((1, 1, 30, 30), np.nan, np.float32)
    maps[0, 0, 20, 20] = 51
    _, score = decode_heatmaps(maps, subpixel="mspn")
    assert score[0, 0] == np.float32(0.7)


@pytest.mark.parametrize("debias", [False, True])
@pytest.mark.parametrize("beta", [1e-3, 1.0, 10.0, 1e4])
@pytest.mark.parametrize("hw", [(64, 48), (70, 200), (1, 1), (5, 1)], ids=str)
def test_integral_equals_the_reference(hw: tuple[int, int], beta: float, debias: bool) -> None:
    maps = _maps(6, hw, seed=1) / 200
    xy, _ = decode_heatmaps(maps, subpixel="integral", beta=beta, debias=debias)
    for joint, heatmap in enumerate(maps[0]):
        with np.errstate(over="ignore", invalid="ignore"):
            wanted = reference.heatmap.integral(heatmap, beta, debias=debias)
        if not np.isfinite(wanted).all():  # the sum is past what float64 holds: nothing to undo
            wanted = reference.heatmap.integral(heatmap, beta)
        np.testing.assert_allclose(xy[0, joint], wanted, rtol=2e-6, atol=2e-6 * max(hw))


def test_integral_of_odd_values() -> None:
    maps = np.zeros((1, 3, 4, 4), np.float32)
    maps[0, 0, 1, 2] = np.inf
    maps[0, 1] = -np.inf
    maps[0, 1, 3, 1] = -3e38
    maps[0, 2, :, :2] = np.nan
    xy, score = decode_heatmaps(maps, subpixel="integral", beta=2.0)
    assert xy.tolist() == [[[2, 1], [1, 3], [2.5, 1.5]]]
    assert score.tolist() == [[np.inf, np.float32(-3e38), 0]]
