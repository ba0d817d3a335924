# SPDX-License-Identifier: Apache-2.0
"""Crops of every picture format: OpenCV's answers, averaging, output types, threads, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import edgepose
from edgepose import _core, image
from edgepose.errors import InputError
from edgepose.geometry import crop_matrix

IDENTITY = np.array([[[1.0, 0, 0], [0, 1, 0]]])
TURNED = np.array([[[0.8, -0.5, 20], [0.5, 0.8, 2]]])
SHRUNK = np.array([[[3.3, 0, 1], [0, 3.7, 2]]])
SHRUNK_TURNED = np.array([[[2.6, -1.5, 40], [1.5, 2.6, 2]]])
MATRICES = [
    pytest.param(IDENTITY, id="as it is"),
    pytest.param(TURNED, id="turned"),
    pytest.param(SHRUNK, id="shrunk"),
    pytest.param(SHRUNK_TURNED, id="turned and shrunk"),
]


def _photo(name: str = "astronaut.jpg") -> NDArray[np.uint8]:
    found = cv2.imread(str(Path(edgepose.__file__).parent / "assets" / name))
    assert found is not None
    # Even sides, for the YUV formats.
    return np.ascontiguousarray(found[: found.shape[0] & ~1, : found.shape[1] & ~1], np.uint8)


def _noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("size", [(320, 240), (200, 300), (97, 61), (33, 20)])
@pytest.mark.parametrize("name", ["astronaut.jpg", "photographer.jpg"])
def test_averaging_is_opencvs_inter_area(name: str, size: tuple[int, int]) -> None:
    photo = _photo(name)
    height, width = photo.shape[:2]
    step = np.array([width / size[0], height / size[1]])
    if (step <= 1.5).any():
        pytest.skip("not shrunk enough to be averaged")
    matrix = np.array([[[step[0], 0, step[0] / 2 - 0.5], [0, step[1], step[1] / 2 - 0.5]]])
    found = image.crop_normalize(photo, matrix, size[::-1], color="bgr", layout="nhwc")[0]
    wanted = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    assert np.abs(found - wanted).max() < 0.502  # OpenCV rounds to bytes


def test_averaging_ends_aliasing() -> None:
    """Fine stripes become flat grey; two taps give stripes that are not there."""
    stripes = np.zeros((600, 600, 3), np.uint8)
    stripes[:, ::2] = 255
    # A box of 4.3 pixels, or of 3 where the crop is turned, leaves at most one pixel's share.
    for turn, box in ((0.0, 4.3), (30.0, 3.0), (90.0, 4.3)):
        matrix = crop_matrix(
            [[200, 200, 372, 372]], (40, 40), padding=1.0, warp="half_pixel", rotation_deg=turn
        )
        smooth = image.crop_normalize(stripes, matrix, (40, 40))
        aliased = image.crop_normalize(stripes, matrix, (40, 40), antialias=False)
        assert np.abs(smooth - 127.5).max() <= 127.6 / box
        assert aliased.std() > 2.5 * smooth.std()


def test_turned_averaging_is_close_to_the_area() -> None:
    photo = _photo()
    matrix = crop_matrix(
        [[100, 100, 420, 420]], (64, 64), padding=1.0, warp="half_pixel", rotation_deg=25.0
    )
    # 8x8 samples in every output pixel.
    fine = matrix.copy()
    fine[:, :, :2] /= 8
    fine[:, :, 2] -= (matrix[:, :, :2] @ np.full((1, 2, 1), 3.5 / 8))[:, :, 0]
    many = image.crop_normalize(photo, fine, (512, 512), antialias=False)
    area = many.reshape(1, 3, 64, 8, 64, 8).mean(axis=(3, 5))
    averaged = image.crop_normalize(photo, matrix, (64, 64))
    aliased = image.crop_normalize(photo, matrix, (64, 64), antialias=False)
    error = np.abs(averaged - area).mean()
    assert error < 2.0
    assert error < 0.5 * np.abs(aliased - area).mean()


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("order", image.PACKED_ORDERS)
def test_any_order_of_channels(order: str, matrix: Any) -> None:
    bgr = _noise(60, 80)
    planes = dict(zip("bgr", np.moveaxis(bgr, 2, 0), strict=True))
    planes["a"] = _noise(60, 80)[..., 0]
    stored = np.stack([planes[name] for name in order], axis=2)
    before = stored.copy()
    found = image.crop_normalize(image.from_packed(stored, order=order), matrix, (20, 30))
    wanted = image.crop_normalize(bgr, matrix, (20, 30))
    np.testing.assert_allclose(found, wanted, atol=1e-3)
    np.testing.assert_array_equal(stored, before)


@pytest.mark.parametrize("matrix", MATRICES)
def test_grey(matrix: Any) -> None:
    grey = _noise(60, 80)[..., 0]
    found = image.crop_normalize(image.from_grey(grey), matrix, (20, 30))
    wanted = image.crop_normalize(np.repeat(grey[..., None], 3, axis=2), matrix, (20, 30))
    np.testing.assert_allclose(found, wanted, atol=1e-3)


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("dtype", ["float16", "uint8", "int8"])
def test_output_types(dtype: str, layout: str) -> None:
    photo = _photo()
    options: dict[str, Any] = {
        "mean": (123.0, 116.0, 103.0), "std": (58.0, 57.0, 56.0), "layout": layout
    }  # fmt: skip
    real = image.crop_normalize(photo, SHRUNK, (40, 30), **options)
    found = image.crop_normalize(
        photo, SHRUNK, (40, 30), dtype=dtype, scale=0.0171, zero_point=3, **options
    )
    assert found.dtype == dtype
    assert found.shape == ((1, 3, 40, 30) if layout == "nchw" else (1, 40, 30, 3))
    if dtype == "float16":
        np.testing.assert_array_equal(found, real.astype(np.float16))
        return
    bounds = np.iinfo(dtype)
    wanted = np.clip(np.rint(real.astype(np.float64) / 0.0171) + 3, bounds.min, bounds.max)
    difference = np.abs(found - wanted)
    assert difference.max() <= 1  # only where float rounding meets a tie
    assert (difference > 0).mean() < 1e-3


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_threads_change_nothing(threads: int) -> None:
    photo = _photo()
    matrices = np.concatenate([IDENTITY, TURNED, SHRUNK, SHRUNK_TURNED] * 4)
    one = image.crop_normalize(photo, matrices, (70, 50))
    many = image.crop_normalize(photo, matrices, (70, 50), threads=threads)
    np.testing.assert_array_equal(one, many)


def test_no_matrices_give_no_crops() -> None:
    for threads in (1, 4):
        found = image.crop_normalize(_noise(4, 4), np.zeros((0, 2, 3)), (8, 6), threads=threads)
        assert found.shape == (0, 3, 8, 6)


def test_letterbox() -> None:
    photo = _photo()
    found, matrix = image.letterbox(photo, (96, 64), pad_value=7.0, color="bgr", layout="nhwc")
    assert found.shape == (1, 64, 96, 3)
    side = 64 * photo.shape[1] // photo.shape[0]
    assert (found[0, :, 0] == 7).all()
    small = cv2.resize(photo, (side, 64), interpolation=cv2.INTER_AREA)
    left = (96 - side) // 2
    if 2 * left + side == 96 and side * photo.shape[0] == 64 * photo.shape[1]:
        assert np.abs(found[0, :, left : left + side] - small).max() < 0.502
    assert matrix.shape == (1, 2, 3)


@pytest.mark.parametrize(
    ("view", "note"),
    [
        pytest.param(lambda array: array[::-1], "no copy", id="upside down"),
        pytest.param(lambda array: array[:, ::-1], "copy", id="mirrored"),
        pytest.param(lambda array: array[3:20, 5:25], "no copy", id="part"),
        pytest.param(lambda array: array[::2, ::3], "copy", id="every other"),
        pytest.param(lambda array: np.broadcast_to(array[:1], array.shape), "copy", id="one row"),
        pytest.param(np.asfortranarray, "copy", id="column-major"),
    ],
)
def test_reads_any_layout(view: Any, note: str) -> None:
    stored = view(_noise(30, 40))
    for form in (image.from_bgr(stored), image.from_grey(stored[..., 0])):
        found = image.crop_normalize(form, SHRUNK, (9, 7))
        packed = np.ascontiguousarray(form.planes[0])
        same = image.from_bgr(packed) if packed.ndim == 3 else image.from_grey(packed)
        np.testing.assert_array_equal(found, image.crop_normalize(same, SHRUNK, (9, 7)), note)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"picture": np.zeros((4, 4), np.uint8)}, r"\[H,W,3\]", id="grey as BGR"),
        pytest.param({"picture": np.zeros((4, 4, 3))}, "got float64", id="float picture"),
        pytest.param({"picture": np.zeros((0, 4, 3), np.uint8)}, r"\(0, 4, 3\)", id="no rows"),
        pytest.param({"input_to_image": IDENTITY[0]}, r"float64 \[N,2,3\]", id="flat matrix"),
        pytest.param({"input_to_image": IDENTITY * 0}, "matrix", id="singular"),
        pytest.param({"input_to_image": IDENTITY * np.nan}, "matrix", id="NaN matrix"),
        pytest.param({"out_hw": (0, 5)}, "out_hw", id="no output"),
        pytest.param({"color": "yuv"}, "color must be", id="colour"),
        pytest.param({"std": (1.0, 0.0, 1.0)}, "std", id="std of zero"),
        pytest.param({"layout": "chwn"}, "layout must be", id="layout"),
        pytest.param({"dtype": "float64"}, "dtype must be", id="dtype"),
        pytest.param({"dtype": "int8", "scale": 0.0}, "scale", id="scale of zero"),
        pytest.param({"dtype": "int8", "zero_point": 128}, "zero point", id="zero point"),
        pytest.param({"threads": 0}, "threads", id="no threads"),
        pytest.param({"out": np.zeros((1, 3, 5, 4), np.float32)}, "out must", id="out size"),
        pytest.param({"out": np.zeros((2, 3, 4, 5), np.float32)}, "out must", id="out count"),
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
        "picture": _noise(9, 9), "input_to_image": IDENTITY, "out_hw": (4, 5)
    }  # fmt: skip
    with pytest.raises(InputError, match=message):
        image.crop_normalize(**{**arguments, **changes})


@pytest.mark.parametrize(
    ("planes", "message"),
    [
        pytest.param((), "one or three", id="no planes"),
        pytest.param((np.zeros((4, 4, 2), np.uint8),), r"\[H,W,4\]", id="two channels"),
        pytest.param((np.zeros((4, 4), np.uint8),) * 3, "half the size", id="chroma too large"),
    ],
)
def test_the_core_checks_planes(planes: Any, message: str) -> None:
    out = np.zeros((1, 3, 4, 5), np.float32)
    with pytest.raises(InputError, match=message):
        _core.crop_picture(
            planes, (0, 1, 2), "bt601_full", IDENTITY, out, "nchw", (0, 0, 0), (1, 1, 1), False,
            0.0, True, 1.0, 0, 1,
        )  # fmt: skip
