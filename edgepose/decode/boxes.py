# SPDX-License-Identifier: Apache-2.0
"""Suppression of boxes that find the same person twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose import _core


def box_nms(
    boxes: NDArray[np.float32], score: NDArray[np.float32], *, iou: float
) -> NDArray[np.int64]:
    """Keep the boxes that no box of higher score overlaps by more than `iou`.

    Args:
        boxes: float32 [M, 4] x1, y1, x2, y2 in any one frame.
        score: float32 [M].
        iou: Largest allowed intersection over union, 0..1.

    Returns:
        int64 indices of the kept boxes by falling score, equal scores by rising index. Rows with a
        NaN are never kept; boxes without area overlap nothing.

    Raises:
        InputError: Wrong dtype or shape, or an `iou` that is NaN.

    Example:
        >>> boxes = np.float32([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]])
        >>> box_nms(boxes, np.float32([0.5, 0.9, 0.7]), iou=0.6).tolist()
        [1, 2]
    """
    return _core.box_nms(boxes, score, iou)


def select_boxes(
    boxes: NDArray[np.float32],
    score: NDArray[np.float32],
    *,
    nms_iou: float | None,
    max_boxes: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Suppress, order by falling score and cut to `max_boxes`.

    Args:
        boxes: float32 [M, 4].
        score: float32 [M].
        nms_iou: See `box_nms`; None keeps overlapping boxes.
        max_boxes: Largest number of boxes returned.

    Returns:
        Boxes [L, 4] and score [L], L at most `max_boxes`.
    """
    if nms_iou is None:
        kept = np.argsort(-score, kind="stable").astype(np.int64)
    else:
        kept = box_nms(boxes, score, iou=nms_iou)
    kept = kept[:max_boxes]
    return boxes[kept], score[kept]
