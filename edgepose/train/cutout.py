# SPDX-License-Identifier: Apache-2.0
"""A person's soft outline, guessed from box and keypoints, to paste people by.

Limbs become capsules, the trunk its hull, the head a disc; the blurred edge hides what the guess
leaves out. A data set with segmentation would do better; the data at hand have none.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.train.limbs import Limbs

LIMB_WIDTH = 0.16  # of the person's size
HEAD_RADIUS = 0.13
SOFTNESS = 0.035
TRUNK = ("shoulder", "hip")
HEAD = ("nose", "eye", "ear", "head", "neck")


class Outliner:
    """Draws outlines for one set of keypoints."""

    def __init__(self, names: tuple[str, ...], limbs: Limbs) -> None:
        self.limbs = limbs
        self.trunk = np.array([any(part in name for part in TRUNK) for name in names], np.bool_)
        self.head = np.array([any(part in name for part in HEAD) for name in names], np.bool_)

    def draw(
        self, keypoints: NDArray[np.float64], size: float, hw: tuple[int, int]
    ) -> NDArray[np.float32]:
        """The outline of a person.

        Args:
            keypoints: [K, 3] x, y in px and visibility; 0 is not used.
            size: The person's, px: the square root of the area of the box.
            hw: Rows and columns of the result.

        Returns:
            float32 [H, W], 0 outside to 1 inside.
        """
        mask = np.zeros(hw, np.uint8)
        labelled = keypoints[:, 2] > 0
        # OpenCV's fixed point: 4 bits after the point.
        fixed = np.round(16 * np.clip(keypoints[:, :2], -1e6, 1e6)).astype(np.int64)
        points = np.clip(fixed, -(1 << 20), 1 << 20).astype(np.int32)
        width = max(1, round(LIMB_WIDTH * size))
        for a, b in self.limbs.pairs:
            if labelled[a] and labelled[b]:
                ends = tuple(points[a].tolist()), tuple(points[b].tolist())
                cv2.line(mask, *ends, 255, width, cv2.LINE_8, 4)
        for point in points[labelled].tolist():
            cv2.circle(mask, tuple(point), 8 * width, 255, -1, cv2.LINE_8, 4)
        trunk = points[labelled & self.trunk]
        if len(trunk) >= 3:
            cv2.fillConvexPoly(mask, cv2.convexHull(trunk), 255, cv2.LINE_8, 4)
        head = points[labelled & self.head]
        if len(head):
            middle = tuple(np.round(head.mean(0)).astype(int).tolist())
            cv2.circle(mask, middle, round(16 * HEAD_RADIUS * size), 255, -1, cv2.LINE_8, 4)
        soft = cv2.GaussianBlur(mask, (0, 0), max(SOFTNESS * size, 0.5))
        return np.asarray(soft, np.float32) / np.float32(255)


def paste(
    picture: NDArray[np.uint8], person: NDArray[np.uint8], mask: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """A person over a picture: uint8 [H, W, 3], mask [H, W]; a new picture."""
    share = mask[..., None]
    mixed = picture + share * (person.astype(np.float32) - picture)
    return np.asarray(np.round(mixed), np.uint8)
