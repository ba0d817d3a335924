# SPDX-License-Identifier: Apache-2.0
"""Pictures of a luma plane and chroma for every 2x2 pixels, as video and cameras give them.

Nothing is copied or converted here: the crop converts the pixels that it needs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.image.picture import YUV_COLORS, Picture, Pixels, check_pixels

Buffer = bytes | bytearray | memoryview | NDArray[np.uint8]


def from_yuv420(y: Pixels, u: Pixels, v: Pixels, *, color: str) -> Picture:
    """Three planes with any strides.

    Args:
        y: uint8 [H, W].
        u: uint8 [ceil(H / 2), ceil(W / 2)].
        v: Like `u`.
        color: One of `YUV_COLORS`: the standard, and whether luma spans 0..255 ("full": JPEG, most
            Android cameras) or 16..235 ("limited": video files, OpenCV's conversions).

    Raises:
        InputError: Wrong dtype or shape, or an unknown colour.
    """
    if color not in YUV_COLORS:
        raise InputError(f"color must be one of {', '.join(YUV_COLORS)}; got {color!r}")
    check_pixels(y, "y", "[H,W]", (None, None))
    half = ((y.shape[0] + 1) // 2, (y.shape[1] + 1) // 2)
    check_pixels(u, "u", f"{half}", half)
    check_pixels(v, "v", f"{half}", half)
    return Picture((y, u, v), yuv=color)


def from_nv12(data: Pixels, *, color: str) -> Picture:
    """One array: luma, then rows of U and V in turn.

    Args:
        data: uint8 [3 * H / 2, W], as OpenCV lays it out; H and W are even.
        color: See `from_yuv420`.

    Raises:
        InputError: Wrong dtype or shape, or an unknown colour.
    """
    y, chroma = _split(data)
    return from_yuv420(y, chroma[:, 0::2], chroma[:, 1::2], color=color)


def from_nv21(data: Pixels, *, color: str) -> Picture:
    """One array: luma, then rows of V and U in turn.

    Args:
        data: uint8 [3 * H / 2, W], as OpenCV and old Android cameras lay it out; H and W are even.
        color: See `from_yuv420`.

    Raises:
        InputError: Wrong dtype or shape, or an unknown colour.

    Example:
        >>> from_nv21(np.zeros((720, 640), np.uint8), color="bt601_full").wh
        (640, 480)
    """
    y, chroma = _split(data)
    return from_yuv420(y, chroma[:, 1::2], chroma[:, 0::2], color=color)


def from_i420(data: Pixels, *, color: str) -> Picture:
    """One array: luma, then all of U, then all of V.

    Args:
        data: uint8 [3 * H / 2, W], contiguous, as OpenCV lays it out; H and W are even.
        color: See `from_yuv420`.

    Raises:
        InputError: Wrong dtype or shape, rows with gaps, or an unknown colour.
    """
    y, chroma = _split(data)
    if not data.flags.c_contiguous:
        raise InputError(f"data must be contiguous; got strides {data.strides}")
    u, v = chroma.reshape(2, y.shape[0] // 2, y.shape[1] // 2)
    return from_yuv420(y, u, v, color=color)


def from_yuv_420_888(
    y: Buffer,
    u: Buffer,
    v: Buffer,
    *,
    wh: tuple[int, int],
    y_row_stride: int,
    uv_row_stride: int,
    uv_pixel_stride: int,
    color: str,
) -> Picture:
    """The three buffers of an Android `Image` of format YUV_420_888.

    Args:
        y: Bytes of the luma plane; the last row may end with its last pixel.
        u: Bytes of the U plane; may be the V plane's memory from another byte on.
        v: Bytes of the V plane.
        wh: Width and height, px.
        y_row_stride: Bytes from a row of `y` to the next.
        uv_row_stride: Bytes from a row of `u` or `v` to the next.
        uv_pixel_stride: Bytes from a sample of chroma to the next, 1 or 2.
        color: See `from_yuv420`; Android's cameras give `bt601_full` unless they say otherwise.

    Raises:
        InputError: A buffer that is too small for its strides, or a bad size, stride or colour.
    """
    width, height = wh
    if width < 1 or height < 1:
        raise InputError(f"wh must be two positive sizes; got {wh!r}")
    half = ((height + 1) // 2, (width + 1) // 2)
    return from_yuv420(
        _plane(y, "y", (height, width), (y_row_stride, 1)),
        _plane(u, "u", half, (uv_row_stride, uv_pixel_stride)),
        _plane(v, "v", half, (uv_row_stride, uv_pixel_stride)),
        color=color,
    )


def _plane(buffer: Buffer, name: str, shape: tuple[int, int], strides: tuple[int, int]) -> Pixels:
    data = np.frombuffer(buffer, np.uint8)
    row, pixel = strides
    if pixel < 1 or row < pixel * (shape[1] - 1) + 1:
        raise InputError(f"{name}: strides {strides} do not fit rows of {shape[1]} samples")
    needed = row * (shape[0] - 1) + pixel * (shape[1] - 1) + 1
    if data.size < needed:
        raise InputError(f"{name} must hold at least {needed} bytes; got {data.size}")
    plane: Pixels = np.ndarray(shape, np.uint8, buffer=data, strides=strides)
    return plane


def _split(data: Pixels) -> tuple[Pixels, Pixels]:
    """Luma [H, W] and the rows below it [H / 2, W]."""
    check_pixels(data, "data", "[3*H/2,W]", (None, None))
    rows, width = data.shape
    if rows % 3 or width % 2:
        raise InputError(f"data must be [3*H/2,W] with even H and W; got {data.shape}")
    return data[: rows // 3 * 2], data[rows // 3 * 2 :]
