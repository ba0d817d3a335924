# SPDX-License-Identifier: Apache-2.0
"""Anti-aliased shapes at fractions of a pixel, with widths that are no whole numbers.

Points are image px with integers at pixel centres, as everywhere. Shapes may lie outside of the
picture in part or as a whole; numbers of any size are all right.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.draw.colors import Bgr

Picture: TypeAlias = NDArray[np.uint8]
Point: TypeAlias = tuple[float, float]

SHIFT = 4  # OpenCV's fixed-point coordinates: a sixteenth of a pixel
ARC = 8  # corners of a half circle


def disc(picture: Picture, center: Point, radius: float, color: Bgr) -> None:
    """A filled circle."""
    x, y = center
    height, width = picture.shape[:2]
    if not (-radius < x + 1 and x - radius < width and -radius < y + 1 and y - radius < height):
        return
    fixed = round(x * (1 << SHIFT)), round(y * (1 << SHIFT))
    cv2.circle(picture, fixed, round(radius * (1 << SHIFT)), color, -1, cv2.LINE_AA, SHIFT)


def capsule(picture: Picture, start: Point, end: Point, width: float, color: Bgr) -> None:
    """A line with round ends, as a polygon: OpenCV's own lines have whole-numbered widths."""
    height_px, width_px = picture.shape[:2]
    clipped = _clip(start, end, (width_px, height_px), width + 2)
    if clipped is None:
        return
    (x1, y1), (x2, y2) = clipped
    angle = math.atan2(y2 - y1, x2 - x1)
    turns = [math.pi * (step / ARC + 0.5) for step in range(ARC + 1)]
    half = width / 2
    first = [(x1 + half * math.cos(angle + t), y1 + half * math.sin(angle + t)) for t in turns]
    last = [(x2 - half * math.cos(angle + t), y2 - half * math.sin(angle + t)) for t in turns]
    polygon(picture, first + last, color)


def polygon(picture: Picture, corners: list[Point], color: Bgr) -> None:
    """A filled convex polygon, its corners near the picture."""
    fixed = np.rint(np.array(corners) * (1 << SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(picture, fixed, color, cv2.LINE_AA, SHIFT)


def frame(picture: Picture, box: tuple[float, ...], width: float, color: Bgr) -> None:
    """The outline of a box x1, y1, x2, y2."""
    x1, y1, x2, y2 = box
    corners = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        capsule(picture, start, end, width, color)


def _clip(
    start: Point, end: Point, picture_wh: tuple[int, int], margin: float
) -> tuple[Point, Point] | None:
    """The part of a line in the picture grown by a margin; None if there is none.

    Source: Liang and Barsky, A new concept and method for line clipping, 1984.
    """
    first, last = 0.0, 1.0
    for a, b, side in zip(start, end, picture_wh, strict=True):
        step = b - a
        for toward, room in ((-step, a + margin), (step, side - 1 + margin - a)):
            if toward == 0:
                if room < 0:
                    return None
            elif toward < 0:
                first = max(first, room / toward)
            else:
                last = min(last, room / toward)
    if first > last:
        return None
    cut = np.array(start) + np.outer((first, last), np.subtract(end, start))
    limit = np.array(picture_wh) - 1 + margin
    (x1, y1), (x2, y2) = np.clip(cut, -margin, limit).tolist()  # far ends round coarsely
    return (x1, y1), (x2, y2)
