# SPDX-License-Identifier: Apache-2.0
"""Results made by hand, for tests of everything that reads them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose.types import Keypoints, Person, Result, Skeleton, Timing

COCO_17 = Skeleton(
    names=(
        *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
        *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow"),
        *("left_wrist", "right_wrist", "left_hip", "right_hip"),
        *("left_knee", "right_knee", "left_ankle", "right_ankle"),
    ),
    edges=((5, 6), (5, 7), (7, 9), (6, 8), (8, 10), (11, 12), (5, 11), (6, 12), (0, 1)),
    flip_pairs=tuple((index, index + 1) for index in range(1, 17, 2)),
)
TIMING = Timing({"detect": 4.0, "pose": 8.00049}, 12.5)


def person(
    box: tuple[float, float, float, float] = (10, 20, 50, 100),
    *,
    skeleton: Skeleton = COCO_17,
    score: float = 0.75,
    keypoint_score: float = 0.5,
    wh: tuple[int, int] = (64, 128),
) -> Person:
    """A person whose keypoints go from the box's upper left to its lower right."""
    x1, y1, x2, y2 = box
    along = np.linspace(0, 1, len(skeleton))[:, None]
    xy = (1 - along) * np.array([[x1, y1]]) + along * np.array([[x2, y2]])
    scores = np.full(len(skeleton), keypoint_score)
    keypoints = Keypoints(xy, scores, skeleton.names, wh)
    return Person(np.array(box, np.float32), score, keypoints)


def result(
    *persons: Person,
    skeleton: Skeleton = COCO_17,
    wh: tuple[int, int] = (64, 128),
    source: str | None = "folder/photo.jpg",
    image: NDArray[np.uint8] | None = None,
) -> Result:
    """What a pipeline named hand-made would say about these people."""
    return Result(
        persons=persons,
        image_wh=wh,
        model="hand-made",
        detector=None,
        skeleton=skeleton,
        timing=TIMING,
        source=source,
        image=image,
    )
