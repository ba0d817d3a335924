# SPDX-License-Identifier: Apache-2.0
"""Widths of lines that suit person and picture."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LIMB_OF_PERSON = 0.016
LIMB_OF_PICTURE = (0.0018, 0.0075)  # least and most
LEAST_LIMB = 1.0


class Widths(NamedTuple):
    """In image px: width of a limb, radius of a joint, width of a box's line, width of the rim."""

    limb: float
    joint: float
    box: float
    rim: float


def widths(box: NDArray[np.float32], image_wh: tuple[int, int]) -> Widths:
    """Widths for one person.

    Args:
        box: [4] x1, y1, x2, y2 image px.
        image_wh: Width and height of the picture, px.
    """
    x1, y1, x2, y2 = box.tolist()
    diagonal = picture_size(image_wh)
    least, most = (share * diagonal for share in LIMB_OF_PICTURE)
    person = min(math.hypot(x2 - x1, y2 - y1), diagonal)
    limb = max(LEAST_LIMB, min(max(LIMB_OF_PERSON * person, least), most))
    return Widths(limb, 0.85 * limb + 0.4, max(0.9, 0.36 * limb), max(0.6, 0.26 * limb))


def picture_size(image_wh: tuple[int, int]) -> float:
    """A length that stands for the picture's size: its diagonal, but that of 4:1 if longer."""
    short, long = sorted(image_wh)
    return math.hypot(short, min(long, 4 * short))
