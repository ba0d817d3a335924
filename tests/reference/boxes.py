# SPDX-License-Identifier: Apache-2.0
"""Box suppression and the output grids of detectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def iou(a: Any, b: Any) -> float:
    """Intersection over union of two boxes x1, y1, x2, y2."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return float(width * height / (areas - width * height))


def box_nms(boxes: NDArray[np.float32], score: NDArray[np.float32], threshold: float) -> list[int]:
    """Greedy, by falling score."""
    wide = boxes.astype(np.float64)
    kept: list[int] = []
    for index in np.argsort(-score, kind="stable").tolist():
        if all(iou(wide[index], wide[other]) <= threshold for other in kept):
            kept.append(index)
    return kept


def yolox(
    predictions: NDArray[np.float32],
    input_wh: tuple[int, int],
    strides: Sequence[int],
    class_index: int,
    threshold: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Boxes and scores in the order of the rows."""
    cells = []
    for stride in strides:
        for y in range(input_wh[1] // stride):
            for x in range(input_wh[0] // stride):
                cells.append((x, y, stride))
    grid = np.array(cells, np.float64)
    rows = predictions.astype(np.float64)
    center = (rows[:, :2] + grid[:, :2]) * grid[:, 2:] - 0.5
    half = 0.5 * np.exp(rows[:, 2:4]) * grid[:, 2:]
    score = rows[:, 4] * rows[:, 5 + class_index]
    keep = score > threshold
    return np.concatenate([center - half, center + half], axis=1)[keep], score[keep]
