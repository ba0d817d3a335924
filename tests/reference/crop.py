# SPDX-License-Identifier: Apache-2.0
"""The crop, one output pixel at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def crop(
    image: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    out_hw: tuple[int, int],
    mean: Any,
    std: Any,
    swap_rb: bool,
    pad_value: float,
) -> NDArray[np.float64]:
    """[3, h, w] of one matrix [2, 3]."""
    height, width = image.shape[:2]

    def pixel(x: int, y: int) -> NDArray[np.float64]:
        if 0 <= x < width and 0 <= y < height:
            return np.asarray(image[y, x], np.float64)
        return np.full(3, pad_value, np.float64)

    out = np.empty((*out_hw, 3), np.float64)
    for row in range(out_hw[0]):
        for column in range(out_hw[1]):
            x, y = matrix @ [column, row, 1.0]
            left, top = int(np.floor(x)), int(np.floor(y))
            across, down = x - left, y - top
            upper = pixel(left, top) * (1 - across) + pixel(left + 1, top) * across
            lower = pixel(left, top + 1) * (1 - across) + pixel(left + 1, top + 1) * across
            out[row, column] = upper * (1 - down) + lower * down
    if swap_rb:
        out = out[..., ::-1]
    return np.ascontiguousarray(((out - np.asarray(mean)) / np.asarray(std)).transpose(2, 0, 1))
