# SPDX-License-Identifier: Apache-2.0
"""What a PAF network's channels mean."""

from __future__ import annotations

from dataclasses import dataclass

from edgepose.errors import InputError

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PafSkeleton:
    """Parts and limbs of a PAF network.

    Limbs are handled in the order given; a tree is best listed from its root outwards. They may
    repeat and form cycles.

    Attributes:
        names: K names, one per heatmap channel.
        limbs: L pairs of parts (from, to).
        channels: L pairs of PAF channels (x, y) whose field points along the limb.
        redundant: Limbs (indices) that close a cycle: they fill joints that people lack.
        uncounted: Parts (indices) that do not speak for a person, as feet in BODY_25.

    Raises:
        InputError: A number of channels that is not L, or an index out of range.

    Example:
        >>> PafSkeleton(("neck", "nose"), ((0, 1),), ((0, 1),)).limbs
        ((0, 1),)
    """

    names: tuple[str, ...]
    limbs: tuple[Pair, ...]
    channels: tuple[Pair, ...]
    redundant: tuple[int, ...] = ()
    uncounted: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        parts, limbs = len(self.names), len(self.limbs)
        if len(self.channels) != limbs:
            raise InputError(f"channels must be {limbs} pairs; got {len(self.channels)}")
        for name, indices, count in (
            ("limbs", [part for pair in self.limbs for part in pair], parts),
            ("redundant", self.redundant, limbs),
            ("uncounted", self.uncounted, parts),
        ):
            wrong = [index for index in indices if not 0 <= index < count]
            if wrong:
                raise InputError(f"{name} must hold indices below {count}; got {wrong[0]}")
        if any(a == b for a, b in self.limbs):
            raise InputError("limbs must join two different parts")

    def __len__(self) -> int:
        return len(self.names)


def _pairs(text: str) -> tuple[Pair, ...]:
    """'1-2 3-4' to ((1, 2), (3, 4))."""
    found = (pair.split("-") for pair in text.split())
    return tuple((int(a), int(b)) for a, b in found)


PAF_COCO_18 = PafSkeleton(
    names=(
        *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist"),
        *("left_shoulder", "left_elbow", "left_wrist", "right_hip", "right_knee", "right_ankle"),
        *("left_hip", "left_knee", "left_ankle", "right_eye", "left_eye", "right_ear", "left_ear"),
    ),
    limbs=_pairs(
        "1-2 1-5 2-3 3-4 5-6 6-7 1-8 8-9 9-10 1-11 11-12 12-13 1-0 0-14 14-16 0-15 15-17 2-16 5-17"
    ),
    channels=_pairs(
        "12-13 20-21 14-15 16-17 22-23 24-25 0-1 2-3 4-5 6-7 8-9 10-11 28-29 30-31 34-35 32-33 "
        "36-37 18-19 26-27"
    ),
    redundant=(17, 18),
)
"""OpenPose's COCO model; also that of lightweight-openpose and tf-pose-estimation."""

PAF_BODY_25 = PafSkeleton(
    names=(
        *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist"),
        *("left_shoulder", "left_elbow", "left_wrist", "mid_hip", "right_hip", "right_knee"),
        *("right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye"),
        *("right_ear", "left_ear", "left_big_toe", "left_small_toe", "left_heel"),
        *("right_big_toe", "right_small_toe", "right_heel"),
    ),
    limbs=_pairs(
        "1-8 1-2 1-5 2-3 3-4 5-6 6-7 8-9 9-10 10-11 8-12 12-13 13-14 1-0 0-15 15-17 0-16 16-18 "
        "2-17 5-18 14-19 19-20 14-21 11-22 22-23 11-24"
    ),
    channels=_pairs(
        "0-1 14-15 22-23 16-17 18-19 24-25 26-27 6-7 2-3 4-5 8-9 10-11 12-13 30-31 32-33 36-37 "
        "34-35 38-39 20-21 28-29 40-41 42-43 44-45 46-47 48-49 50-51"
    ),
    redundant=(18, 19),
    uncounted=(19, 20, 21, 22, 23, 24),
)
"""OpenPose's BODY_25 model."""
