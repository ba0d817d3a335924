# SPDX-License-Identifier: Apache-2.0
"""A result as the JSON object that `edgepose predict` writes."""

from __future__ import annotations

from typing import Any

from edgepose.io.rounding import POINT_DIGITS, SCORE_DIGITS, TIME_DIGITS, rounded
from edgepose.types import Person, Result


def to_dict(result: Result) -> dict[str, Any]:
    """The people of one picture as plain Python values, ready for `json.dumps`.

    Points and boxes are image px with integers at pixel centres, rounded to 0.01 px; scores are
    rounded to 0.0001 and times to 0.001 ms. All numbers are finite.

    Args:
        result: What a pipeline said.

    Returns:
        `image` (the path, null for an array), `width`, `height`, `model`, `detector` (null where
        boxes were given), `keypoint_names` [K], `persons` with `box` [x1, y1, x2, y2], `score` and
        `keypoints` [K] of [x, y, score], and `timing_ms` by stage with `total`.

    Example:
        >>> edgepose.Pose()("photo.jpg").to_dict()["persons"][0]["keypoints"][0]
        [251.37, 88.02, 0.9134]
    """
    width, height = result.image_wh
    times = {**result.timing.stages, "total": result.timing.total}
    return {
        "image": result.source,
        "width": width,
        "height": height,
        "model": result.model,
        "detector": result.detector,
        "keypoint_names": list(result.skeleton.names),
        "persons": [_person(person) for person in result.persons],
        "timing_ms": {name: rounded(value, TIME_DIGITS) for name, value in times.items()},
    }


def _person(person: Person) -> dict[str, Any]:
    points = zip(person.keypoints.xy.tolist(), person.keypoints.score.tolist(), strict=True)
    return {
        "box": [rounded(value, POINT_DIGITS) for value in person.box.tolist()],
        "score": rounded(person.score, SCORE_DIGITS),
        "keypoints": [
            [rounded(x, POINT_DIGITS), rounded(y, POINT_DIGITS), rounded(score, SCORE_DIGITS)]
            for (x, y), score in points
        ],
    }
