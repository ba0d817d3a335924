# SPDX-License-Identifier: Apache-2.0
"""A result as OpenPose's JSON, with its COCO order of 18 keypoints.

Source: OpenPose's output format, version 1.3 (Cao et al., OpenPose, TPAMI 2019).
"""

from __future__ import annotations

from typing import Any

from edgepose.io.rounding import POINT_DIGITS, SCORE_DIGITS, rounded
from edgepose.types import Keypoints, Person, Result

VERSION = 1.3
NECK = "neck"
SHOULDERS = ("left_shoulder", "right_shoulder")
COCO_18 = (
    "nose",
    NECK,
    "right_shoulder",
    "right_elbow",
    "right_wrist",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "right_hip",
    "right_knee",
    "right_ankle",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_eye",
    "left_eye",
    "right_ear",
    "left_ear",
)
# Parts that OpenPose always writes and edgepose does not look for.
EMPTY = (
    "face_keypoints_2d",
    "hand_left_keypoints_2d",
    "hand_right_keypoints_2d",
    "pose_keypoints_3d",
    "face_keypoints_3d",
    "hand_left_keypoints_3d",
    "hand_right_keypoints_3d",
)
MISSING = (0.0, 0.0, 0.0)


def to_openpose(result: Result, min_score: float = 0.0) -> dict[str, Any]:
    """The people of one picture as OpenPose writes them.

    `pose_keypoints_2d` has 54 numbers, x, y (image px) and score of each keypoint of `COCO_18`,
    mapped by name. A keypoint that the model does not have, or whose score is not above
    `min_score`, is 0, 0, 0. The neck is the middle of the shoulders with the lower of their
    scores, unless the model has a neck of its own. Rounded as in `edgepose.io.result_dict`.

    Args:
        result: What a pipeline said.
        min_score: Keypoints need a higher score than this to be found.

    Example:
        >>> people = edgepose.Pose()("photo.jpg").to_openpose()["people"]
        >>> len(people[0]["pose_keypoints_2d"])
        54
    """
    return {"version": VERSION, "people": [_person(each, min_score) for each in result.persons]}


def _person(person: Person, min_score: float) -> dict[str, Any]:
    flat: list[float] = []
    for name in COCO_18:
        x, y, score = _point(person.keypoints, name, min_score)
        flat += [rounded(x, POINT_DIGITS), rounded(y, POINT_DIGITS), rounded(score, SCORE_DIGITS)]
    empty: dict[str, list[float]] = {name: [] for name in EMPTY}
    return {"person_id": [-1], "pose_keypoints_2d": flat, **empty}


def _point(keypoints: Keypoints, name: str, min_score: float) -> tuple[float, float, float]:
    if name == NECK and NECK not in keypoints:
        left, right = (_point(keypoints, shoulder, min_score) for shoulder in SHOULDERS)
        if MISSING in (left, right):
            return MISSING
        return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2, min(left[2], right[2])
    if name not in keypoints:
        return MISSING
    point = keypoints[name]
    return point if point[2] > min_score else MISSING
