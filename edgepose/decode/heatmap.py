# SPDX-License-Identifier: Apache-2.0
"""Heatmaps to keypoints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

SUBPIXEL = ("none", "quarter", "quadratic", "dark", "udp")


def decode_heatmaps(
    heatmaps: NDArray[np.float32], *, subpixel: str = "none", blur_kernel: int = 11
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find the highest cell of each map and its place between cells.

    The first maximum in row-major order wins. NaN cells are passed over. Negative maps are read
    like any other; `dark` and `udp` do not shift a maximum that is not positive.

    Args:
        heatmaps: float32 [N, K, H, W], any strides.
        subpixel: `none`; `quarter`: a quarter of a cell towards the higher neighbour, with the
            guard of HRNet; `quadratic`: vertex of the parabola per axis; `dark`: Zhang et al. 2020;
            `udp`: Huang et al. 2020.
        blur_kernel: Odd size of the Gaussian of `dark` and `udp`, 1 to 63 cells.

    Returns:
        Keypoints [N, K, 2] in cells and the values [N, K] of the highest cells, both float32.

    Raises:
        InputError: Wrong dtype or shape, an unknown `subpixel`, an even `blur_kernel`, or a map
            that is NaN in every cell.

    Example:
        >>> maps = np.zeros((1, 1, 4, 4), np.float32)
        >>> maps[0, 0, 2, 2], maps[0, 0, 2, 3] = 1.0, 0.5
        >>> xy, score = decode_heatmaps(maps, subpixel="quarter")
        >>> xy.tolist(), score.tolist()
        ([[[2.25, 2.0]]], [[1.0]])
    """
    xy, score = _core.heatmap_decode(heatmaps, subpixel, blur_kernel)
    empty = np.isnan(score)
    if empty.any():
        person, joint = np.argwhere(empty)[0].tolist()
        raise InputError(f"heatmaps must hold numbers; got only NaN in map [{person}, {joint}]")
    return xy, score


def heatmap_peaks(
    heatmaps: NDArray[np.float32], *, threshold: float, radius: int = 1, max_peaks: int = 30
) -> NDArray[np.float32]:
    """Find the local maxima of each map.

    A cell is a peak if it is above `threshold` and no cell within `radius` columns and rows is
    higher (max-pooling rule; on a plateau every cell is a peak). NaN cells are no peaks.

    Args:
        heatmaps: float32 [C, H, W], any strides.
        threshold: Excluded lower bound of a peak's score.
        radius: Cells on each side, 0 keeps every cell above the threshold.
        max_peaks: Highest peaks kept per map.

    Returns:
        float32 [M, 4] rows channel, x, y, score; by channel, then by falling score.

    Raises:
        InputError: Wrong dtype or shape, a NaN threshold or a negative radius or count.

    Example:
        >>> maps = np.zeros((1, 3, 3), np.float32)
        >>> maps[0, 1, 2] = 0.5
        >>> heatmap_peaks(maps, threshold=0.1).tolist()
        [[0.0, 2.0, 1.0, 0.5]]
    """
    return _core.heatmap_peaks(heatmaps, threshold, radius, max_peaks)
