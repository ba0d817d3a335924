# SPDX-License-Identifier: Apache-2.0
"""Heatmap decoding against the stored outputs of the official implementations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.decode import argmax_3d, decode_heatmaps, heatmap_peaks, soft_argmax_3d


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


@pytest.mark.parametrize(
    ("name", "size", "shifts"),
    [
        pytest.param("mspn_k5", 5, (0.25,), id="mspn, kernel 5"),
        pytest.param("mspn_k9", 9, (0.25,), id="mspn, kernel 9"),
        pytest.param("mspn_k5_two_shifts", 5, (0.25, 0.125), id="mspn, two shifts"),
        pytest.param("cpn", 21, (0.25,), id="cpn"),
    ],
)
def test_mspn(golden: Mapping[str, Any], name: str, size: int, shifts: tuple[float, ...]) -> None:
    xy, score = decode_heatmaps(
        255 * golden["heatmaps"], subpixel="mspn", blur_kernel=size, shifts=shifts
    )
    trusted = golden["valid"] & (golden[f"sens_{name}"] < 1e-4)
    assert trusted.sum() >= 30
    # A cell's centre lies at 4 (x + 1/2) in these networks' frame.
    np.testing.assert_allclose(
        (4 * xy + 2)[trusted], golden[f"{name}_input_xy"][trusted], atol=1e-3
    )
    np.testing.assert_allclose(score[trusted], golden[f"{name}_score"][trusted], atol=1e-6)


@pytest.mark.parametrize("size", [11, 15])
def test_megvii(golden: Mapping[str, Any], size: int) -> None:
    maps = 255 * golden["heatmaps"]
    xy, score = decode_heatmaps(maps, subpixel="megvii", blur_kernel=size)
    trusted = golden["valid"] & (golden[f"sens_megvii_k{size}"] < 1e-4)
    assert trusted.sum() >= 30
    # mmpose adds the half cell only where it looked at the neighbours.
    height, width = maps.shape[2:]
    x, y = np.moveaxis(np.rint(xy), -1, 0)
    looked = (x > 1) & (x < width - 1) & (y > 1) & (y < height - 1)
    found = 4 * (xy + 0.5 * looked[..., None])
    np.testing.assert_allclose(
        found[trusted], golden[f"mmpose_megvii_k{size}_input_xy"][trusted], atol=1e-3
    )
    np.testing.assert_allclose(
        score[trusted], golden[f"mmpose_megvii_k{size}_score"][trusted], atol=1e-6
    )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("beta1", {"beta": 1.0}, id="beta 1"),
        pytest.param("beta10", {"beta": 10.0}, id="beta 10"),
        pytest.param("beta50", {"beta": 50.0}, id="beta 50"),
        pytest.param("beta1_debias", {"beta": 1.0, "debias": True}, id="debiased"),
    ],
)
def test_integral(golden: Mapping[str, Any], name: str, options: dict[str, Any]) -> None:
    xy, score = decode_heatmaps(golden["heatmaps"], subpixel="integral", **options)
    size = golden["heatmaps"].shape[:1:-1]
    np.testing.assert_allclose(xy / size, golden[f"mmpose_integral_{name}_norm_xy"], atol=1e-5)
    np.testing.assert_array_equal(score, golden["maxval"])


def test_integral_repository(golden: Mapping[str, Any]) -> None:
    xyz, _ = soft_argmax_3d(golden["heatmaps"][:, :, None], beta=10.0)
    size = (*golden["heatmaps"].shape[:1:-1], 1)
    np.testing.assert_allclose(xyz / size - 0.5, golden["integralrepo_norm_xyz"], atol=1e-5)


def test_volumes(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "softargmax_3d.npz")
    xyz, _ = soft_argmax_3d(stored["volume"])
    np.testing.assert_allclose(xyz / 24 - 0.5, stored["integralrepo_norm_xyz"], atol=1e-5)
    xyz, value = argmax_3d(stored["volume"])
    np.testing.assert_array_equal(xyz, stored["mmpose_max3d_xyz"])
    np.testing.assert_array_equal(value, stored["mmpose_max3d_val"])


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
