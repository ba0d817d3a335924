# SPDX-License-Identifier: Apache-2.0
"""Boxes of a detector that marks the centres of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.decode.boxes import select_boxes


def decode_centers(
    heatmap: NDArray[np.float32],
    size: NDArray[np.float32],
    offset: NDArray[np.float32],
    *,
    stride: float,
    score_threshold: float,
    max_boxes: int = 100,
    nms_iou: float | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Read the boxes at the peaks of one picture's centre map (Zhou et al. 2019).

    The centre of cell (x, y) lies at input px stride * (x + dx + 0.5) - 0.5. A peak whose size is
    not positive, or whose box is not finite, is dropped.

    Args:
        heatmap: float32 [1, H, W] probabilities.
        size: float32 [2, H, W] width and height of the box, input px.
        offset: float32 [2, H, W] centre from the cell's centre, x and y in cells.
        stride: Input px per cell.
        score_threshold: Excluded lower bound of a box's score.
        max_boxes: Largest number of boxes returned, and of peaks looked at.
        nms_iou: Suppress boxes that overlap by more than this; None keeps them.

    Returns:
        Boxes [M, 4] as x1, y1, x2, y2 in px of the network's input (integers at pixel centres) and
        scores [M], by falling score, both float32.

    Raises:
        InputError: Wrong dtype or shape, a stride that is not positive, or a NaN threshold.

    Example:
        >>> heat = np.float32([[[0.0, 0.9]]])
        >>> size = np.float32([[[8, 16]], [[8, 32]]])
        >>> boxes, score = decode_centers(heat, size, np.zeros((2, 1, 2), np.float32),
        ...                               stride=8, score_threshold=0.3)
        >>> boxes.tolist()
        [[3.5, -12.5, 19.5, 19.5]]
    """
    boxes, score = _core.centers_decode(heatmap, size, offset, stride, score_threshold, max_boxes)
    return select_boxes(boxes, score, nms_iou=nms_iou, max_boxes=max_boxes)
