# SPDX-License-Identifier: Apache-2.0
"""Boxes of a YOLOX detector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.decode.boxes import select_boxes


def decode_yolox(
    predictions: NDArray[np.float32],
    *,
    input_wh: tuple[int, int],
    strides: Sequence[int],
    class_index: int = 0,
    score_threshold: float,
    max_boxes: int = 100,
    nms_iou: float | None = 0.65,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Read the boxes of one class from the raw output for one picture (Ge et al. 2021).

    Args:
        predictions: float32 [P, 5 + C] rows x, y, log width, log height, objectness, classes; not
            yet multiplied by the strides, probabilities after their sigmoid; grid by grid.
        input_wh: Width and height of the network's input, px.
        strides: Input px per cell of each grid, in the order of the rows.
        class_index: The class that is read.
        score_threshold: Excluded lower bound of objectness times class probability.
        max_boxes: Largest number of boxes returned.
        nms_iou: Suppress boxes that overlap by more than this; None keeps them.

    Returns:
        Boxes [M, 4] as x1, y1, x2, y2 in px of the network's input (integers at pixel centres, half
        a pixel less than YOLOX counts) and scores [M], by falling score, both float32.

    Raises:
        InputError: Wrong dtype, a row count that does not fit the grids, a class out of range, or
            a NaN threshold.

    Example:
        >>> rows = np.zeros((4, 6), np.float32)
        >>> rows[3] = [0.5, 0.5, 0.0, 0.0, 0.9, 1.0]
        >>> boxes, score = decode_yolox(rows, input_wh=(16, 16), strides=[8], score_threshold=0.3)
        >>> boxes.tolist()
        [[7.5, 7.5, 15.5, 15.5]]
    """
    boxes, score = _core.yolox_decode(
        predictions, input_wh, list(strides), class_index, score_threshold
    )
    return select_boxes(boxes, score, nms_iou=nms_iou, max_boxes=max_boxes)
