# SPDX-License-Identifier: Apache-2.0
"""What every sample has in common: the matrix to warp by, and the order of its colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PAD_VALUE = 114


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse [2, 3] of an affine matrix [2, 3]."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def moved(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points [..., 2] mapped by a matrix [2, 3]."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float64)


def warp(
    picture: NDArray[np.uint8], matrix: NDArray[np.float64], out: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Warps a picture by a matrix [2, 3] from its pixels to those of `out`, bilinearly.

    Args:
        picture: uint8 [H, W, 3].
        matrix: From the picture to `out`; integers are pixel centres in both.
        out: uint8 [h, w, 3] to write to, which may be a part of a larger picture.

    Returns:
        `out`.
    """
    size = (out.shape[1], out.shape[0])
    cv2.warpAffine(
        picture,
        matrix,
        size,
        dst=out,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(PAD_VALUE,) * 3,
    )
    return out


def write_rgb(picture: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Writes a BGR picture to `out` [H, W, 3] as RGB; OpenCV takes a tenth of NumPy's time."""
    cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=out)
