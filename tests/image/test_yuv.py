# SPDX-License-Identifier: Apache-2.0
"""YUV pictures: OpenCV's conversions, the other standards, Android's buffers, refusals."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edgepose import image
from edgepose.errors import InputError

IDENTITY = np.array([[[1.0, 0, 0], [0, 1, 0]]])


def _colors(height: int = 48, width: int = 62) -> NDArray[np.uint8]:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (5, 5), 0), np.uint8)


def _i420(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420), np.uint8)


def _interleaved(i420: NDArray[np.uint8], v_first: bool) -> NDArray[np.uint8]:
    rows, width = i420.shape
    height = rows // 3 * 2
    u, v = i420[height:].reshape(2, height // 2, width // 2)
    pair = (v, u) if v_first else (u, v)
    chroma = np.stack(pair, axis=-1).reshape(height // 2, width)
    return np.concatenate([i420[:height], chroma])


@pytest.mark.parametrize(
    ("make", "arrange", "code"),
    [
        pytest.param(image.from_i420, lambda a: a, cv2.COLOR_YUV2BGR_I420, id="i420"),
        pytest.param(
            image.from_nv12, lambda a: _interleaved(a, False), cv2.COLOR_YUV2BGR_NV12, id="nv12"
        ),
        pytest.param(
            image.from_nv21, lambda a: _interleaved(a, True), cv2.COLOR_YUV2BGR_NV21, id="nv21"
        ),
    ],
)
def test_equals_opencv(make: Any, arrange: Any, code: int) -> None:
    data = arrange(_i420(_colors()))
    before = data.copy()
    wanted = cv2.cvtColor(data, code)
    picture = make(data, color="bt601_limited")
    found = image.crop_normalize(picture, IDENTITY, (48, 62), color="bgr", layout="nhwc")[0]
    difference = np.abs(found - wanted)
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.06  # OpenCV's factors have three decimals (1.164, 2.018)
    np.testing.assert_array_equal(data, before)


@pytest.mark.parametrize("color", image.YUV_COLORS)
def test_every_standard(color: str) -> None:
    """White, black and the three primaries come back from their code values."""
    red, blue = (0.299, 0.114) if color.startswith("bt601") else (0.2126, 0.0722)
    limited = color.endswith("limited")
    colors: list[list[float]] = [*np.eye(3).tolist(), [0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5]]
    for rgb in colors:
        luma = red * rgb[0] + (1 - red - blue) * rgb[1] + blue * rgb[2]
        u, v = (rgb[2] - luma) / (2 * (1 - blue)), (rgb[0] - luma) / (2 * (1 - red))
        codes = [
            16 + 219 * luma if limited else 255 * luma,
            128 + (224 if limited else 255) * u,
            128 + (224 if limited else 255) * v,
        ]
        y, u_code, v_code = (np.clip(np.rint(code), 0, 255).astype(np.uint8) for code in codes)
        picture = image.from_yuv420(
            np.full((2, 2), y), np.full((1, 1), u_code), np.full((1, 1), v_code), color=color
        )
        found = image.crop_normalize(picture, IDENTITY, (2, 2))[0, :, 0, 0]
        np.testing.assert_allclose(found, 255 * np.array(rgb), atol=2.5)


@pytest.mark.parametrize("pixel_stride", [1, 2])
@pytest.mark.parametrize("size", [(47, 61), (1, 1), (2, 5)])
def test_android_buffers(size: tuple[int, int], pixel_stride: int) -> None:
    height, width = size
    half = ((height + 1) // 2, (width + 1) // 2)
    y_stride, uv_stride = width + 3, pixel_stride * half[1] + 7
    rng = np.random.default_rng(3)
    # The last row ends with its last pixel.
    y = rng.integers(0, 256, y_stride * (height - 1) + width, np.uint8)
    size_uv = uv_stride * (half[0] - 1) + pixel_stride * (half[1] - 1) + 1
    u, v = rng.integers(0, 256, (2, size_uv), np.uint8)
    picture = image.from_yuv_420_888(
        y.tobytes(), u, memoryview(v), wh=(width, height), y_row_stride=y_stride,
        uv_row_stride=uv_stride, uv_pixel_stride=pixel_stride, color="bt601_full",
    )  # fmt: skip
    assert picture.wh == (width, height)
    planes = [np.ascontiguousarray(plane) for plane in picture.planes]
    assert planes[2][-1, -1] == v[-1]
    packed = image.from_yuv420(*planes, color="bt601_full")
    for matrix in (IDENTITY, np.array([[[2.5, 0.5, 0], [-0.5, 2.0, 9]]])):
        found = image.crop_normalize(picture, matrix, (20, 16), pad_value=5.0)
        np.testing.assert_array_equal(
            found, image.crop_normalize(packed, matrix, (20, 16), pad_value=5.0)
        )


def test_a_crop_is_the_crop_of_the_converted_picture() -> None:
    data = _interleaved(_i420(_colors(200, 300)), True)
    bgr = np.asarray(cv2.cvtColor(data, cv2.COLOR_YUV2BGR_NV21), np.uint8)
    picture = image.from_nv21(data, color="bt601_limited")
    for matrix in (
        [[0.5, 0, 30], [0, 0.6, 20]],
        [[4.2, 0, -30], [0, 3.6, 20]],
        [[0.7, 0.4, 30], [-0.4, 0.7, 90]],
        [[2.7, 1.4, 30], [-1.4, 2.7, 90]],
        [[0, -2.2, 250], [1.9, 0, -4]],
    ):
        found = image.crop_normalize(picture, np.array([matrix]), (64, 48), color="bgr")
        wanted = image.crop_normalize(bgr, np.array([matrix]), (64, 48), color="bgr")
        assert np.abs(found - wanted).max() <= 1.001
        assert np.abs(found - wanted).mean() < 0.06  # OpenCV's factors have three decimals


def _android(**changes: Any) -> Any:
    arguments: dict[str, Any] = {
        "y": bytes(24), "u": bytes(6), "v": bytes(6), "wh": (6, 4), "y_row_stride": 6,
        "uv_row_stride": 3, "uv_pixel_stride": 1, "color": "bt601_full",
    }  # fmt: skip
    return image.from_yuv_420_888(**{**arguments, **changes})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: image.from_nv21(np.zeros((7, 4), np.uint8), color="bt601_full"),
            "3\\*H/2",
            id="rows",
        ),
        pytest.param(
            lambda: image.from_nv12(np.zeros((6, 5), np.uint8), color="bt601_full"),
            "even",
            id="odd width",
        ),
        pytest.param(
            lambda: image.from_i420(np.zeros((6, 8), np.uint8)[:, :4], color="bt601_full"),
            "contiguous",
            id="gaps",
        ),
        pytest.param(
            lambda: image.from_i420(np.zeros((6, 4), np.uint8), color="bt2020"),
            "color must be",
            id="colour",
        ),
        pytest.param(
            lambda: image.from_yuv420(
                np.zeros((4, 4), np.uint8),
                np.zeros((4, 4), np.uint8),
                np.zeros((2, 2), np.uint8),
                color="bt601_full",
            ),
            "u must be",
            id="chroma size",
        ),
        pytest.param(lambda: _android(y=bytes(23)), "at least 24 bytes; got 23", id="short y"),
        pytest.param(lambda: _android(v=bytes(5)), "v must hold", id="short v"),
        pytest.param(lambda: _android(uv_pixel_stride=2), "do not fit", id="pixel stride"),
        pytest.param(lambda: _android(uv_pixel_stride=0), "do not fit", id="no pixel stride"),
        pytest.param(lambda: _android(y_row_stride=5), "do not fit", id="row stride"),
        pytest.param(lambda: _android(wh=(0, 4)), "positive sizes", id="size"),
    ],
)
def test_refuses_bad_arguments(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()
