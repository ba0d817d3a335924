# SPDX-License-Identifier: Apache-2.0
"""Boxes of detector training: joining labels, moving with the picture, overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose.train.shards import Record

SURE_SCORE = 0.5
SAME_BOX_IOU = 0.4
KEPT_SHARE = 0.3


def labelled_boxes(record: Record) -> NDArray[np.float64]:
    """Joins a picture's labelled people with a detector's boxes of people without labels.

    Returns:
        [M, 5] xyxy and 1 for people, 0 for boxes that training must neither teach nor punish.
    """
    rows = np.array([[*person["box"], 1.0] for person in record.persons], np.float64)
    rows = rows.reshape(-1, 5)
    for *box, score in record.extra_boxes:
        extra = np.array([[*box, 1.0 if score >= SURE_SCORE else 0.0]])
        if not (iou(extra[:, :4], rows[:, :4]) >= SAME_BOX_IOU).any():
            rows = np.concatenate([rows, extra])
    return rows


def moved_boxes(
    boxes: NDArray[np.float32], scale: float, shift: NDArray[np.float64], wh: tuple[int, int]
) -> NDArray[np.float32]:
    """Boxes after x_new = scale * x + shift, clipped to the picture.

    Args:
        boxes: [M, 5] xyxy and whether it is sure; not modified.
        scale: Factor on both axes.
        shift: [2] in new px.
        wh: Width and height of the new picture, which spans -0.5 to its size - 0.5.

    Returns:
        [L, 5]; boxes outside are gone, one that lost 70 % of itself is no longer sure.
    """
    result = boxes.copy()
    result[:, :4] = boxes[:, :4] * scale + np.tile(shift, 2).astype(np.float32)
    before = _area(result)
    limit = np.array([wh[0] - 0.5, wh[1] - 0.5] * 2, np.float32)
    np.clip(result[:, :4], -0.5, limit, out=result[:, :4])
    after = _area(result)
    result[after < KEPT_SHARE * before, 4] = 0.0
    return np.asarray(result[after > 0], np.float32)


def iou(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Intersection over union [N, M] of boxes a [N, 4] and b [M, 4]; 0 without area."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inside = np.clip(high - low, 0, None).prod(2)
    union = _area(a)[:, None] + _area(b)[None] - inside
    return np.asarray(inside / np.maximum(union, 1e-9), np.float64)


def _area(boxes: NDArray[np.floating]) -> NDArray[np.floating]:
    sides = np.clip(boxes[:, 2:4] - boxes[:, :2], 0, None)
    return np.asarray(sides[:, 0] * sides[:, 1])
