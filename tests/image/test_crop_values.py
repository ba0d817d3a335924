# SPDX-License-Identifier: Apache-2.0
"""The values of blended crops: golden parity, the slow reference, any layout in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.crop
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgepose import image


def _picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def _crop(
    pixels: NDArray[np.uint8], matrix: NDArray[np.float64], out_hw: tuple[int, int], **options: Any
) -> NDArray[Any]:
    picture = image.from_packed(pixels, order="rgb")
    return image.crop_normalize(picture, matrix, out_hw, antialias=False, **options)


@pytest.mark.parametrize("name", ["warp_r0", "warp_r33", "warp_udp_r0", "warp_udp_r33"])
def test_equals_the_golden_warps(golden_dir: Path, name: str) -> None:
    golden = np.load(golden_dir / "affine.npz")
    forward = np.vstack([golden[f"{name}_M"].astype(np.float64), [0, 0, 1]])
    inverse = np.linalg.inv(forward)[None, :2]
    found = _crop(golden["src_u8"], inverse, (128, 96))
    difference = np.abs(found[0].transpose(1, 2, 0) - golden[f"{name}_u8"].astype(np.float64))
    assert difference.max() < 0.501  # the stored picture is rounded
    if f"{name}_f32" in golden:
        exact = golden[f"{name}_f32"].astype(np.float64)
        assert np.abs(found[0].transpose(1, 2, 0) - exact).max() < 0.1  # stored as float16


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    out_hw=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    step=st.floats(0.05, 12),
    turn=st.one_of(st.just(0.0), st.floats(-3.2, 3.2)),
    shift=st.tuples(st.floats(-30, 60), st.floats(-30, 60)),
    swap_rb=st.booleans(),
)
def test_equals_the_reference(
    size: tuple[int, int],
    out_hw: tuple[int, int],
    step: float,
    turn: float,
    shift: tuple[float, float],
    swap_rb: bool,
) -> None:
    pixels = _picture(*size)
    c, s = step * np.cos(turn), step * np.sin(turn)
    matrix = np.array([[[c, -s, shift[0]], [s, c, shift[1]]]])
    mean, std = (123.0, 116.0, 103.0), (58.0, 57.0, 56.0)
    color = "bgr" if swap_rb else "rgb"
    found = _crop(pixels, matrix, out_hw, mean=mean, std=std, color=color, pad_value=114.0)
    wanted = reference.crop.crop(pixels, matrix[0], out_hw, mean, std, swap_rb, 114.0)
    np.testing.assert_allclose(found[0], wanted, atol=2e-5)


def test_no_matrices_give_no_crops() -> None:
    found = _crop(_picture(4, 4), np.zeros((0, 2, 3)), (8, 6))
    assert found.shape == (0, 3, 8, 6)


def test_a_crop_outside_the_picture_is_padding() -> None:
    far = np.array([[[1.0, 0, 100], [0, 1, 0]], [[0.9, 0.1, 0], [-0.1, 0.9, -50]]])
    colors = {"mean": (10, 20, 30), "std": (2, 4, 5), "pad_value": 50.0}
    found = _crop(_picture(9, 9), far, (5, 4), **colors)
    np.testing.assert_allclose(found[:, 0], 20.0)
    np.testing.assert_allclose(found[:, 2], 4.0)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda pixels: pixels[3:20, 5:25], id="part"),
        pytest.param(lambda pixels: pixels[::-1], id="upside down"),
        pytest.param(lambda pixels: pixels[:, ::-1], id="mirrored"),
        pytest.param(lambda pixels: pixels[..., ::-1], id="channels reversed"),
        pytest.param(lambda pixels: pixels[::2, ::3], id="every other"),
        pytest.param(np.asfortranarray, id="column-major"),
        pytest.param(lambda pixels: np.dstack([pixels, pixels])[..., 1:4], id="from six channels"),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_reads_any_layout(view: Any, turn: float) -> None:
    pixels = view(_picture(30, 40))
    before = pixels.copy()
    matrix = np.array([[[0.7, -turn, 1], [turn, 0.7, 2]]])
    found = _crop(pixels, matrix, (9, 7))
    packed = _crop(np.ascontiguousarray(pixels), matrix, (9, 7))
    np.testing.assert_array_equal(found, packed)
    np.testing.assert_array_equal(pixels, before)
