# SPDX-License-Identifier: Apache-2.0
"""What edgepose gives back: immutable people, keypoints and results.

Points are (x, y) in image px with integers at pixel centres, boxes are x1, y1, x2, y2 in the same
frame and never rounded. Arrays cannot be written to; every object can be pickled and compares by
identity where it holds arrays.
"""

from __future__ import annotations

from edgepose.types.keypoints import KeypointArrays, Keypoints
from edgepose.types.person import Boxes, Person
from edgepose.types.result import Result, Timing
from edgepose.types.skeleton import Skeleton

__all__ = [
    "Boxes",
    "KeypointArrays",
    "Keypoints",
    "Person",
    "Result",
    "Skeleton",
    "Timing",
]
