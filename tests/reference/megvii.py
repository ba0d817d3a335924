# SPDX-License-Identifier: Apache-2.0
"""The decoders that blur the whole map first, one map [H, W] at a time, in float64."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from reference.heatmap import argmax

BORDER = 10


def megvii(heatmap: NDArray[np.float32], size: int = 11) -> tuple[float, float, float]:
    """x, y, score: maximum of the blurred map, a quarter of a cell towards the higher neighbour."""
    x, y, score = argmax(heatmap)
    height, width = heatmap.shape
    smooth = cv2.GaussianBlur(
        heatmap.astype(np.float64), (size, size), 0, borderType=cv2.BORDER_CONSTANT
    )
    if score <= 0 or smooth.max() <= 0:
        return x, y, score / 255 + 0.5
    y, x = (int(at) for at in np.unravel_index(smooth.argmax(), smooth.shape))
    if not (1 < x < width - 1 and 1 < y < height - 1):
        return x, y, score / 255 + 0.5
    step_x = np.sign(smooth[y, x + 1] - smooth[y, x - 1])
    step_y = np.sign(smooth[y + 1, x] - smooth[y - 1, x])
    return x + 0.25 * step_x, y + 0.25 * step_y, score / 255 + 0.5


def mspn(
    heatmap: NDArray[np.float32], size: int = 5, shifts: Sequence[float] = (0.25,)
) -> tuple[float, float, float]:
    """x, y, score: maximum of the blurred map, moved towards each next maximum in turn."""
    height, width = heatmap.shape
    smooth = np.pad(heatmap.astype(np.float64), BORDER)
    smooth = np.asarray(cv2.GaussianBlur(smooth, (size, size), 0, borderType=cv2.BORDER_CONSTANT))
    row, column = np.unravel_index(smooth.argmax(), smooth.shape)
    smooth[row, column] = 0
    place = np.array([column, row], np.float64) - BORDER
    for shift in shifts:
        row, column = np.unravel_index(smooth.argmax(), smooth.shape)
        smooth[row, column] = 0
        towards = np.array([column, row]) - BORDER - place
        length = np.hypot(*towards)
        if length > 1e-3:
            place += shift * towards / length
    x, y = np.clip(place, 0, [width - 1, height - 1]).tolist()
    return x, y, float(heatmap[round(y), round(x)]) / 255 + 0.5
