# SPDX-License-Identifier: Apache-2.0
"""Crops of a picture as the input of a network, in one pass over the picture's memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.geometry import letterbox_matrix
from edgepose.image.picture import Picture, from_bgr

DTYPES = ("float32", "float16", "uint8", "int8")
Triple = tuple[float, float, float]


def crop_normalize(
    picture: Picture | NDArray[np.uint8],
    input_to_image: NDArray[np.float64],
    out_hw: tuple[int, int],
    *,
    mean: Triple = (0.0, 0.0, 0.0),
    std: Triple = (1.0, 1.0, 1.0),
    color: str = "rgb",
    pad_value: float = 0.0,
    antialias: bool = True,
    layout: str = "nchw",
    dtype: DTypeLike = np.float32,
    scale: float = 1.0,
    zero_point: int = 0,
    threads: int = 1,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Cut, resize, colour, normalise and quantise.

    Args:
        picture: A `Picture`, or uint8 BGR [H, W, 3].
        input_to_image: float64 [N, 2, 3], maps (x, y, 1) of a crop to px of the upright picture;
            integers at pixel centres in both.
        out_hw: Height and width of a crop.
        mean: Grey levels in the order of `color`; a value is (pixel - mean) / std.
        std: Like `mean`.
        color: `rgb` or `bgr`, the order of the output's channels.
        pad_value: Grey level outside the picture, before normalisation.
        antialias: Average the pixels that an output pixel covers where the crop shrinks the picture
            by more than 1.5 (turned other than by quarters: 2.25); below that, and without it, the
            four neighbours are blended.
        layout: `nchw` or `nhwc`.
        dtype: float32, float16, uint8 or int8. The integers are
            round(value / scale) + zero_point, ties to even, held to the type's range.
        scale: For uint8 and int8.
        zero_point: For uint8 and int8.
        threads: How many threads share the work; the values are the same for any number.
        out: Array to write into, contiguous, of the crops' shape and dtype.

    Returns:
        [N, 3, h, w] or [N, h, w, 3]: `out`, or a new array.

    Raises:
        InputError: A wrong shape, dtype, stride or value; `out` is left as it was.

    Example:
        >>> image = np.full((4, 4, 3), (0, 0, 200), np.uint8)
        >>> half = np.array([[[2.0, 0, 0.5], [0, 2.0, 0.5]]])
        >>> crop_normalize(image, half, (2, 2), std=(100, 100, 100))[0, 0].tolist()
        [[2.0, 2.0], [2.0, 2.0]]
    """
    if color not in ("rgb", "bgr"):
        raise InputError(f"color must be rgb or bgr; got {color!r}")
    source = picture if isinstance(picture, Picture) else from_bgr(picture)
    matrix = source.to_stored(input_to_image)
    if out is None:
        out = _empty(len(matrix), out_hw, layout, np.dtype(dtype))
    else:
        _check_out(out, out_hw, layout)
    _core.crop_picture(
        source.planes,
        source.channels,
        source.yuv,
        matrix,
        out,
        layout,
        mean,
        std,
        color == "bgr",
        pad_value,
        antialias,
        scale,
        zero_point,
        threads,
    )
    return out


def letterbox(
    picture: Picture | NDArray[np.uint8],
    input_wh: tuple[int, int],
    *,
    anchor: str = "center",
    **options: Any,
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """A whole picture with its aspect kept, as the input of a detector.

    Args:
        picture: A `Picture`, or uint8 BGR [H, W, 3].
        input_wh: Width and height of the network's input, px.
        anchor: Where the picture lies in the input: `center` or `top_left`.
        **options: Those of `crop_normalize`.

    Returns:
        One crop, [1, 3, h, w] or [1, h, w, 3], and the matrix [1, 2, 3] from the input to the
        upright picture.

    Raises:
        InputError: As `crop_normalize`, or an unknown anchor.

    Example:
        >>> crop, matrix = letterbox(np.zeros((480, 640, 3), np.uint8), (320, 320))
        >>> crop.shape, matrix[0].tolist()
        ((1, 3, 320, 320), [[2.0, 0.0, 0.5], [0.0, 2.0, -79.5]])
    """
    source = picture if isinstance(picture, Picture) else from_bgr(picture)
    matrix = letterbox_matrix(source.wh, input_wh, anchor=anchor)
    return crop_normalize(source, matrix, (input_wh[1], input_wh[0]), **options), matrix


def _empty(count: int, out_hw: tuple[int, int], layout: str, dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.name not in DTYPES:
        raise InputError(f"dtype must be one of {', '.join(DTYPES)}; got {dtype.name}")
    if len(out_hw) != 2 or out_hw[0] < 1 or out_hw[1] < 1:
        raise InputError(f"out_hw must be two positive sizes; got {out_hw!r}")
    height, width = out_hw
    shape = (count, height, width, 3) if layout == "nhwc" else (count, 3, height, width)
    return np.empty(shape, dtype)


def _check_out(out: NDArray[Any], out_hw: tuple[int, int], layout: str) -> None:
    size = out.shape[1:3] if layout == "nhwc" else out.shape[2:]
    if size != tuple(out_hw):
        raise InputError(f"out must hold crops of {tuple(out_hw)}; got {out.shape}")
