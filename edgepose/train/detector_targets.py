# SPDX-License-Identifier: Apache-2.0
"""Boxes to detector targets: centre map, loss weights, and boxes on the cells around centres."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MIN_SIDE = 8.0
SPREAD = 0.1


def encode(
    boxes: NDArray[np.float32], height: int, width: int, stride: int, outside_weight: float = 1.0
) -> dict[str, NDArray[np.float32]]:
    """Encodes the people of one picture.

    Args:
        boxes: [M, 5] xyxy in input px, and 1 = person or 0 = unsure; not modified.
        height: Rows of the input.
        width: Columns.
        stride: Input px per cell.
        outside_weight: Weight of the cells that no box covers.

    Returns:
        heatmap [1, h, w] with 1 at centres, weight [1, h, w] of the centre loss,
        box [4, h, w] xyxy and box_weight [h, w] for the cells that regress a box. Where boxes
        meet, the smaller one wins; unsure and tiny ones weigh nothing.
    """
    rows, columns = height // stride, width // stride
    heatmap = np.zeros((rows, columns), np.float32)
    weight = np.full((rows, columns), outside_weight, np.float32)
    box = np.zeros((4, rows, columns), np.float32)
    box_weight = np.zeros((rows, columns), np.float32)
    y = (np.arange(rows, dtype=np.float32) + 0.5) * stride - 0.5
    x = (np.arange(columns, dtype=np.float32) + 0.5) * stride - 0.5
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for index in np.argsort(-area, kind="stable"):  # small boxes are written last and win
        x1, y1, x2, y2, sure = boxes[index].tolist()
        inside = (_cells(y1, y2, stride, rows), _cells(x1, x2, stride, columns))
        if not sure or min(x2 - x1, y2 - y1) < MIN_SIDE:
            weight[inside] = 0.0
            continue
        weight[inside] = 1.0
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        column = min(max(int((cx + 0.5) // stride), 0), columns - 1)
        row = min(max(int((cy + 0.5) // stride), 0), rows - 1)
        bump = _bell(y, cy, y2 - y1, stride)[:, None] * _bell(x, cx, x2 - x1, stride)
        np.maximum(heatmap, np.minimum(bump, 0.98), out=heatmap)
        heatmap[row, column] = 1.0
        around_rows = slice(max(row - 1, 0), row + 2)
        around_columns = slice(max(column - 1, 0), column + 2)
        corners = np.array([x1, y1, x2, y2], np.float32)
        box[:, around_rows, around_columns] = corners[:, None, None]
        box_weight[around_rows, around_columns] = 1.0
    weight[heatmap >= 1.0] = 1.0
    return {"heatmap": heatmap[None], "weight": weight[None], "box": box, "box_weight": box_weight}


def _cells(low: float, high: float, stride: int, count: int) -> slice:
    """Cells whose centres lie in low..high."""
    first = math.ceil((low + 0.5) / stride - 0.5)
    last = math.floor((high + 0.5) / stride - 0.5)
    return slice(min(max(first, 0), count), max(min(last + 1, count), 0))


def _bell(
    centers: NDArray[np.float32], middle: float, side: float, stride: int
) -> NDArray[np.float32]:
    sigma = max(SPREAD * side, 0.5 * stride)
    bell = np.exp(-((centers - np.float32(middle)) ** 2) / np.float32(2 * sigma**2))
    return np.asarray(bell, np.float32)
