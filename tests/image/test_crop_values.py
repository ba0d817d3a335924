# SPDX-License-Identifier: Apache-2.0
"""The crop kernel: golden parity, the slow reference, layouts and refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.crop
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

ZERO = (0.0, 0.0, 0.0)
ONE = (1.0, 1.0, 1.0)
IDENTITY = np.array([[[1.0, 0, 0], [0, 1, 0]]])


def _picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("name", ["warp_r0", "warp_r33", "warp_udp_r0", "warp_udp_r33"])
def test_equals_the_golden_warps(golden_dir: Path, name: str) -> None:
    golden = np.load(golden_dir / "affine.npz")
    forward = np.vstack([golden[f"{name}_M"].astype(np.float64), [0, 0, 1]])
    inverse = np.linalg.inv(forward)[None, :2]
    found = _core.crop_normalize(golden["src_u8"], inverse, (128, 96), ZERO, ONE)
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
    image = _picture(*size)
    c, s = step * np.cos(turn), step * np.sin(turn)
    matrix = np.array([[[c, -s, shift[0]], [s, c, shift[1]]]])
    mean, std = (123.0, 116.0, 103.0), (58.0, 57.0, 56.0)
    found = _core.crop_normalize(image, matrix, out_hw, mean, std, swap_rb, 114.0)
    wanted = reference.crop.crop(image, matrix[0], out_hw, mean, std, swap_rb, 114.0)
    np.testing.assert_allclose(found[0], wanted, atol=2e-5)


def test_no_matrices_give_no_crops() -> None:
    found = _core.crop_normalize(_picture(4, 4), np.zeros((0, 2, 3)), (8, 6), ZERO, ONE)
    assert found.shape == (0, 3, 8, 6)


def test_a_crop_outside_the_picture_is_padding() -> None:
    far = np.array([[[1.0, 0, 100], [0, 1, 0]], [[0.9, 0.1, 0], [-0.1, 0.9, -50]]])
    found = _core.crop_normalize(_picture(9, 9), far, (5, 4), (10, 20, 30), (2, 4, 5), False, 50.0)
    np.testing.assert_allclose(found[:, 0], 20.0)
    np.testing.assert_allclose(found[:, 2], 4.0)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda image: image[3:20, 5:25], id="part"),
        pytest.param(lambda image: image[::-1], id="upside down"),
        pytest.param(lambda image: image[:, ::-1], id="mirrored"),
        pytest.param(lambda image: image[..., ::-1], id="channels reversed"),
        pytest.param(lambda image: image[::2, ::3], id="every other"),
        pytest.param(np.asfortranarray, id="column-major"),
        pytest.param(lambda image: np.dstack([image, image])[..., 1:4], id="from six channels"),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_reads_any_layout(view: Any, turn: float) -> None:
    image = view(_picture(30, 40))
    before = image.copy()
    matrix = np.array([[[0.7, -turn, 1], [turn, 0.7, 2]]])
    found = _core.crop_normalize(image, matrix, (9, 7), ZERO, ONE)
    packed = _core.crop_normalize(np.ascontiguousarray(image), matrix, (9, 7), ZERO, ONE)
    np.testing.assert_array_equal(found, packed)
    np.testing.assert_array_equal(image, before)


def test_writes_into_the_given_array() -> None:
    out = np.full((1, 3, 4, 5), np.nan, np.float32)
    found = _core.crop_normalize(_picture(9, 9), IDENTITY, (4, 5), ZERO, ONE, out=out)
    assert np.shares_memory(found, out)
    assert np.isfinite(out).all()


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"image": np.zeros((4, 4), np.uint8)}, "uint8 \\[H,W,3\\]", id="grey"),
        pytest.param({"image": np.zeros((4, 4, 3))}, "got float64 \\(4, 4, 3\\)", id="float"),
        pytest.param({"image": np.zeros((0, 4, 3), np.uint8)}, "size|width", id="no rows"),
        pytest.param({"input_to_image": IDENTITY[0]}, "float64 \\[N,2,3\\]", id="flat matrix"),
        pytest.param({"input_to_image": IDENTITY * 0}, "matrix", id="singular"),
        pytest.param({"input_to_image": IDENTITY * np.nan}, "matrix", id="NaN matrix"),
        pytest.param({"input_to_image": IDENTITY * 1e300}, "matrix", id="huge matrix"),
        pytest.param({"out_hw": (0, 5)}, "out_hw", id="no output"),
        pytest.param({"std": (1.0, 0.0, 1.0)}, "std", id="std of zero"),
        pytest.param({"mean": (np.nan, 0.0, 0.0)}, "mean", id="NaN mean"),
        pytest.param({"pad_value": np.inf}, "pad value", id="infinite padding"),
        pytest.param({"out": np.zeros((1, 3, 5, 4), np.float32)}, "out must", id="out shape"),
        pytest.param({"out": np.zeros((1, 3, 4, 5))}, "out must", id="out dtype"),
        pytest.param(
            {"out": _read_only(np.zeros((1, 3, 4, 5), np.float32))}, "writeable", id="out locked"
        ),
        pytest.param(
            {"out": np.zeros((1, 3, 4, 10), np.float32)[..., ::2]}, "contiguous", id="out strided"
        ),
    ],
)
def test_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "image": _picture(9, 9),
        "input_to_image": IDENTITY,
        "out_hw": (4, 5),
        "mean": ZERO,
        "std": ONE,
    }
    with pytest.raises(InputError, match=message):
        _core.crop_normalize(**{**arguments, **changes})
