# SPDX-License-Identifier: Apache-2.0
"""Colours of limbs, keypoints and people; all BGR.

Left, right and middle differ in hue and in lightness, so that they can be told apart with any kind
of colour vision and in a grey print.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from edgepose.types import Skeleton

Bgr: TypeAlias = tuple[int, int, int]
Side: TypeAlias = Literal["left", "right", "middle"]

OUTLINE: Bgr = (28, 22, 20)
SIDES: dict[Side, Bgr] = {
    "left": (255, 190, 60),
    "right": (40, 120, 255),
    "middle": (225, 245, 235),
}
PERSONS: tuple[Bgr, ...] = (
    (120, 225, 130),
    (90, 215, 255),
    (255, 170, 190),
    (230, 220, 110),
    (150, 160, 255),
    (220, 150, 240),
    (120, 190, 235),
    (210, 230, 190),
)


def side_of(name: str) -> Side:
    """The side that a keypoint's name tells: left_knee is left, nose is middle."""
    lower = name.lower()
    if "left" in lower:
        return "left"
    return "right" if "right" in lower else "middle"


def limb_side(skeleton: Skeleton, edge: tuple[int, int]) -> Side:
    """Left or right where one end is and the other is not on the other side, else middle."""
    sides = {side_of(skeleton.names[end]) for end in edge} - {"middle"}
    return sides.pop() if len(sides) == 1 else "middle"


def person_color(index: int) -> Bgr:
    """Colour of a person's box and label; repeats after a few people."""
    return PERSONS[index % len(PERSONS)]
