# SPDX-License-Identifier: Apache-2.0
"""Boxes to detector targets: centre map, loss weights, and boxes on the cells around centres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MIN_SIDE = 8.0
SPREAD = 0.1


def encode(
    boxes: NDArray[np.float32], height: int, width: int, stride: int, outside_weight: float = 1.0
) -> dict[str, NDArray[np.float32]]:
    """Encode boxes [M, 5] (xyxy in input pixels, 1 = person or 0 = unsure).

    Returns:
        heatmap [1, h, w] with 1 at centres, weight [1, h, w] of the centre loss,
        box [4, h, w] xyxy and box_weight [h, w] for the cells that regress a box.
    """
    rows, columns = height // stride, width // stride
    heatmap = np.zeros((rows, columns), np.float32)
    weight = np.full((rows, columns), outside_weight, np.float32)
    box = np.zeros((4, rows, columns), np.float32)
    box_weight = np.zeros((rows, columns), np.float32)
    y = (np.arange(rows, dtype=np.float32) + 0.5) * stride - 0.5
    x = (np.arange(columns, dtype=np.float32) + 0.5) * stride - 0.5
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for index in np.argsort(-area):  # small boxes are written last and win
        x1, y1, x2, y2, sure = boxes[index]
        inside = np.ix_((y >= y1) & (y <= y2), (x >= x1) & (x <= x2))
        if not sure or min(x2 - x1, y2 - y1) < MIN_SIDE:
            weight[inside] = 0.0
            continue
        weight[inside] = 1.0
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        column = int(np.clip((cx + 0.5) // stride, 0, columns - 1))
        row = int(np.clip((cy + 0.5) // stride, 0, rows - 1))
        sigma_x = max(SPREAD * (x2 - x1), 0.5 * stride)
        sigma_y = max(SPREAD * (y2 - y1), 0.5 * stride)
        bump = np.exp(-((y - cy) ** 2) / (2 * sigma_y**2))[:, None]
        bump = bump * np.exp(-((x - cx) ** 2) / (2 * sigma_x**2))[None]
        np.maximum(heatmap, np.minimum(bump, 0.98), out=heatmap)
        heatmap[row, column] = 1.0
        around = np.s_[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        box[(slice(None), *around)] = np.array([x1, y1, x2, y2], np.float32)[:, None, None]
        box_weight[around] = 1.0
    weight[heatmap >= 1.0] = 1.0
    return {"heatmap": heatmap[None], "weight": weight[None], "box": box, "box_weight": box_weight}
