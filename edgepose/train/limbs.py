# SPDX-License-Identifier: Apache-2.0
"""The limbs that fields point along, chosen by the names of the keypoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from edgepose.errors import InputError

Pair = tuple[int, int]


@dataclass(frozen=True)
class Limbs:
    """Limbs of a set of keypoints.

    Attributes:
        pairs: L pairs of keypoints (from, to), from the shoulders outwards.
        redundant: Limbs, by their place in `pairs`, that close a cycle.
    """

    pairs: tuple[Pair, ...]
    redundant: tuple[int, ...]


def limbs(names: tuple[str, ...]) -> Limbs:
    """The known limbs between keypoints of these names.

    Raises:
        InputError: No two of them are joined.

    Example:
        >>> limbs(("left_hip", "left_knee", "left_ankle")).pairs
        ((0, 1), (1, 2))
    """
    known = json.loads(Path(__file__).with_name("coco17.json").read_text(encoding="utf-8"))
    place = {name: index for index, name in enumerate(names)}
    pairs = [(place[a], place[b]) for a, b in known["limbs"] if a in place and b in place]
    if not pairs:
        raise InputError(f"keypoint_names must have two that a limb joins; got {list(names)}")
    part = list(range(len(names)))  # of which connected part each keypoint is
    redundant = []
    for index, (a, b) in enumerate(pairs):
        if part[a] == part[b]:
            redundant.append(index)
        old, new = part[b], part[a]
        part = [new if value == old else value for value in part]
    return Limbs(tuple(pairs), tuple(redundant))
