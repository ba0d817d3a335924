# SPDX-License-Identifier: Apache-2.0
"""Heatmap decoding against the stored outputs of the official implementations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.decode import decode_heatmaps, heatmap_peaks


@pytest.fixture(scope="module", params=["64x48", "96x72"])
def golden(golden_dir: Path, request: pytest.FixtureRequest) -> Mapping[str, Any]:
    stored = dict(np.load(golden_dir / f"topdown_decode_{request.param}.npz"))
    stored["heatmaps"] = stored["heatmaps"].astype(np.float32)
    return stored


def test_argmax(golden: Mapping[str, Any]) -> None:
    xy, score = decode_heatmaps(golden["heatmaps"])
    valid = golden["valid"]
    np.testing.assert_array_equal(xy[valid], golden["argmax_xy"][valid])
    np.testing.assert_array_equal(score, golden["maxval"])


def test_quarter(golden: Mapping[str, Any]) -> None:
    xy, _ = decode_heatmaps(golden["heatmaps"], subpixel="quarter")
    valid = golden["valid"]
    np.testing.assert_array_equal(xy[valid], golden["hrnet_quarter_xy"][valid])


@pytest.mark.parametrize("size", [11, 17])
@pytest.mark.parametrize("subpixel", ["dark", "udp"])
def test_blurred_refinement(golden: Mapping[str, Any], subpixel: str, size: int) -> None:
    xy, _ = decode_heatmaps(golden["heatmaps"], subpixel=subpixel, blur_kernel=size)
    trusted = golden["valid"] & (golden[f"sens_{subpixel}_k{size}"] < 1e-4)
    assert trusted.sum() >= 30
    wanted = golden[f"mmpose_{subpixel}_k{size}_xy"][trusted]
    np.testing.assert_allclose(xy[trusted], wanted, atol=1e-3)


def test_max_pool_masks(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "peaks_nms.npz")
    maps = stored["heat"].astype(np.float32)
    for size in (3, 5, 7):
        rows = heatmap_peaks(maps, threshold=-np.inf, radius=size // 2, max_peaks=maps[0].size)
        channel, x, y = rows[:, :3].astype(int).T
        mask = np.zeros(maps.shape, np.bool_)
        mask[channel, y, x] = True
        # The stored mask is that of the map times the peaks: cells of zero are not in it.
        np.testing.assert_array_equal(mask & (maps != 0), stored[f"higherhrnet_nms_k{size}"])


def test_highest_thirty(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "peaks_nms.npz")
    maps = stored["heat"].astype(np.float32)
    for size in (3, 5, 7):
        rows = heatmap_peaks(maps, threshold=0.0, radius=size // 2, max_peaks=30)
        for channel, wanted in enumerate(stored[f"higherhrnet_top30_k{size}_val"]):
            found = rows[rows[:, 0] == channel, 3]
            np.testing.assert_array_equal(found, wanted[wanted > 0])


def test_three_by_three_peaks(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "peaks_nms.npz")
    rows = heatmap_peaks(
        stored["heat"].astype(np.float32), threshold=0.05, radius=1, max_peaks=48 * 64
    )
    wanted = stored["tfpose3x3_peaks"].astype(np.float32)
    assert set(map(tuple, rows.tolist())) == set(map(tuple, wanted.tolist()))
