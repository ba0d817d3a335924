# SPDX-License-Identifier: Apache-2.0
"""Heatmaps to keypoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

SUBPIXEL = ("none", "quarter", "quadratic", "dark", "udp", "megvii", "mspn", "integral")


def decode_heatmaps(
    heatmaps: NDArray[Any],
    *,
    subpixel: str = "none",
    blur_kernel: int = 11,
    shifts: Sequence[float] = (0.25,),
    beta: float = 1.0,
    debias: bool = False,
    bounded: bool = False,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find the highest cell of each map and its place between cells.

    The first maximum in row-major order wins. NaN cells are passed over. Negative maps are read
    like any other; `dark`, `udp` and `megvii` do not shift a maximum that is not positive.

    Halves and integers are searched as they are stored: `scale * (stored - zero_point)` rises with
    what is stored, so only the cells around the maximum need it, and the answer is that for the
    dequantized maps.

    Args:
        heatmaps: float32, float16, int8 or uint8 [N, K, H, W], any strides.
        subpixel: `none`; `quarter`: a quarter of a cell towards the higher neighbour, with the
            guard of HRNet; `quadratic`: vertex of the parabola per axis; `dark`: Zhang et al. 2020;
            `udp`: Huang et al. 2020; `megvii`: maximum of the blurred map, a quarter of a cell
            towards the higher blurred neighbour (mmpose's MegviiHeatmap); `mspn`: maximum of the
            blurred map, moved towards the next maxima (Li et al. 2019; CPN with a kernel of 21);
            `integral`: mean place under softmax(beta * map) (Sun et al. 2018).
        blur_kernel: Odd size of the Gaussian of `dark`, `udp`, `megvii` and `mspn`, 1 to 63 cells.
        shifts: Cells, 0 to 1, that `mspn` moves towards the second, third, ... maximum; at most 4.
        beta: Sharpness of `integral`.
        debias: Undo the pull of `integral` towards the middle (mmpose's IntegralRegressionHead).
        bounded: Do not follow `dark`, `udp` and a debiased `integral` to where their models mean
            nothing. As published they may lead thousands of cells away on flat maps; bounded, a
            step of more than 2 cells, or the standard deviation of the blur if that is more, along
            either axis gives the cell, and a debiased place outside the map the plain mean. What
            contracts describe is always decoded so.
        channels_last: The maps are [N, H, W, K].
        scale: Of int8 and uint8 maps, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 maps, what is stored for 0.

    Returns:
        Keypoints [N, K, 2] in cells and scores [N, K], both float32. The score is the value of the
        highest cell; `megvii` and `mspn`, whose maps go from 0 to 255, report what their networks
        do: value / 255 + 0.5, for `mspn` of the cell nearest to the keypoint.

    Raises:
        InputError: Wrong dtype or shape, an unknown `subpixel`, an option out of its range,
            integers without a scale or floats with one, or a map that is NaN in every cell.

    Example:
        >>> maps = np.zeros((1, 1, 4, 4), np.float32)
        >>> maps[0, 0, 2, 2], maps[0, 0, 2, 3] = 1.0, 0.5
        >>> xy, score = decode_heatmaps(maps, subpixel="quarter")
        >>> xy.tolist(), score.tolist()
        ([[[2.25, 2.0]]], [[1.0]])
        >>> stored = (maps * 200).astype(np.uint8)
        >>> xy, score = decode_heatmaps(stored, subpixel="quarter", scale=0.005)
        >>> xy.tolist(), score.tolist()
        ([[[2.25, 2.0]]], [[1.0]])
    """
    xy, score = _core.heatmap_decode(
        heatmaps,
        subpixel,
        blur_kernel,
        list(shifts),
        beta,
        debias,
        channels_last,
        scale,
        zero_point,
        bounded,
    )
    empty = np.isnan(score)
    if empty.any():
        person, joint = np.argwhere(empty)[0].tolist()
        raise InputError(f"heatmaps must hold numbers; got only NaN in map [{person}, {joint}]")
    return xy, score


def heatmap_peaks(
    heatmaps: NDArray[Any],
    *,
    threshold: float,
    radius: int = 1,
    max_peaks: int = 30,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
) -> NDArray[np.float32]:
    """Find the local maxima of each map.

    A cell is a peak if it is above `threshold` and no cell within `radius` columns and rows is
    higher (max-pooling rule; on a plateau every cell is a peak). NaN cells are no peaks.

    Args:
        heatmaps: float32, float16, int8 or uint8 [C, H, W], any strides.
        threshold: Excluded lower bound of a peak's score.
        radius: Cells on each side, 0 keeps every cell above the threshold.
        max_peaks: Highest peaks kept per map.
        channels_last: The maps are [H, W, C].
        scale: Of int8 and uint8 maps, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 maps, what is stored for 0.

    Returns:
        float32 [M, 4] rows channel, x, y, score; by channel, then by falling score.

    Raises:
        InputError: Wrong dtype or shape, a NaN threshold, a negative radius or count, integers
            without a scale or floats with one.

    Example:
        >>> maps = np.zeros((1, 3, 3), np.float32)
        >>> maps[0, 1, 2] = 0.5
        >>> heatmap_peaks(maps, threshold=0.1).tolist()
        [[0.0, 2.0, 1.0, 0.5]]
    """
    return _core.heatmap_peaks(
        heatmaps, threshold, radius, max_peaks, channels_last, scale, zero_point
    )
