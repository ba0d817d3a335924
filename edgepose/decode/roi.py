# SPDX-License-Identifier: Apache-2.0
"""Keypoints from the maps of a Mask R-CNN keypoint head, one set of maps a box.

He et al., "Mask R-CNN" (ICCV 2017), section 5: the maps of a region are enlarged to its size in
pixels, and each keypoint is at the highest pixel.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError

Floats = NDArray[np.float32]
# A larger region is read at this many pixels a side: a finer peak would be the interpolation's.
MAX_SIDE = 1024


def decode_roi_maps(maps: Floats, boxes: Floats) -> tuple[Floats, Floats]:
    """Find the highest pixel of each map in its box.

    Args:
        maps: float32 [N, K, h, w], logits of a softmax over the cells of a region.
        boxes: float32 [N, 4] xyxy, px; sides below one pixel count as one.

    Returns:
        xy [N, K, 2] in the boxes' frame, and score [N, K] 0..1: the exponential of the highest
        pixel over the sum of those of the cells as they came, so that scores of small and of large
        boxes compare. A map that is not finite gives the box's centre and score 0.

    Raises:
        InputError: Wrong type or shape, or a box that is not finite.

    Example:
        >>> maps = np.full((1, 1, 4, 4), -9, np.float32)
        >>> maps[0, 0, 1, 2] = 9
        >>> decode_roi_maps(maps, np.array([[0, 0, 4, 4]], np.float32))[0].tolist()
        [[[2.5, 1.5]]]
    """
    _check(maps, boxes)
    count, keypoints = maps.shape[:2]
    xy = np.empty((count, keypoints, 2), np.float32)
    score = np.zeros((count, keypoints), np.float32)
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        width, height = max(right - left, 1.0), max(bottom - top, 1.0)
        size = (min(math.ceil(width), MAX_SIDE), min(math.ceil(height), MAX_SIDE))
        for keypoint, cell_map in enumerate(maps[index]):
            pixels = cv2.resize(cell_map, size, interpolation=cv2.INTER_CUBIC)
            place = int(np.argmax(pixels))
            highest = float(pixels.flat[place])
            if not np.isfinite(cell_map).all():
                xy[index, keypoint] = (left + width / 2, top + height / 2)
                continue
            row, column = divmod(place, size[0])
            xy[index, keypoint, 0] = left + (column + 0.5) * width / size[0]
            xy[index, keypoint, 1] = top + (row + 0.5) * height / size[1]
            mass = float(np.exp(cell_map.astype(np.float64) - highest).sum())
            score[index, keypoint] = 1.0 / max(mass, 1.0)
    return xy, score


def _check(maps: Floats, boxes: Floats) -> None:
    if maps.dtype != np.float32 or maps.ndim != 4 or 0 in maps.shape[2:]:
        raise InputError(f"maps must be float32 [N,K,h,w]; got {maps.dtype} {maps.shape}")
    if boxes.dtype != np.float32 or boxes.shape != (len(maps), 4):
        raise InputError(f"boxes must be float32 [{len(maps)},4]; got {boxes.dtype} {boxes.shape}")
    if not np.isfinite(boxes).all():
        raise InputError("boxes must be finite")
