# SPDX-License-Identifier: Apache-2.0
"""Arrays of keypoints to the persons of a result."""

from __future__ import annotations

from edgepose.pipelines.people_codecs import Grouped
from edgepose.pipelines.top_down import Poses
from edgepose.types import Keypoints, Person, Skeleton


def persons_of_poses(poses: Poses, skeleton: Skeleton, wh: tuple[int, int]) -> tuple[Person, ...]:
    """The people in boxes, in the order of the boxes."""
    rows = zip(
        poses.box, poses.score.tolist(), poses.xy, poses.keypoint_score, poses.box_score.tolist(),
        strict=True,
    )  # fmt: skip
    return tuple(
        Person(box, score, Keypoints(xy, keypoint_score, skeleton.names, wh), box_score)
        for box, score, xy, keypoint_score, box_score in rows
    )


def persons_of_groups(
    people: Grouped, skeleton: Skeleton, wh: tuple[int, int]
) -> tuple[Person, ...]:
    """The people of a picture that was looked at as a whole."""
    rows = zip(people.box, people.score.tolist(), people.xy, people.keypoint_score, strict=True)
    return tuple(
        Person(box, score, Keypoints(xy, keypoint_score, skeleton.names, wh), score)
        for box, score, xy, keypoint_score in rows
    )
