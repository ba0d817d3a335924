# SPDX-License-Identifier: Apache-2.0
"""A result as entries of COCO's keypoint results format.

Source: the results format page of the COCO data set (Lin et al., Microsoft COCO).
"""

from __future__ import annotations

from typing import Any

from edgepose.io.rounding import POINT_DIGITS, SCORE_DIGITS, rounded
from edgepose.types import Person, Result


def to_coco(result: Result, image_id: int | str, category_id: int = 1) -> list[dict[str, Any]]:
    """One entry per person, in the result's order.

    `keypoints` is flat, x, y and the keypoint's score in turn; `bbox` is x, y, width, height. COCO
    counts px like edgepose, integers for whole pixels, so nothing is shifted. Points are rounded
    to 0.01 px and scores to 0.0001. COCO's own tools take the area of a `bbox`, where there is
    one, for the person's: it sorts unmatched people into APM and APL.

    Args:
        result: What a pipeline said.
        image_id: Id of the picture in the data set.
        category_id: Category of all people; 1 is COCO's person.

    Example:
        >>> entries = edgepose.Pose()("000000000139.jpg").to_coco(image_id=139)
        >>> len(entries[0]["keypoints"])
        51
    """
    return [_entry(person, image_id, category_id) for person in result.persons]


def _entry(person: Person, image_id: int | str, category_id: int) -> dict[str, Any]:
    x1, y1, x2, y2 = person.box.tolist()
    points = zip(person.keypoints.xy.tolist(), person.keypoints.score.tolist(), strict=True)
    flat: list[float] = []
    for (x, y), score in points:
        flat += [rounded(x, POINT_DIGITS), rounded(y, POINT_DIGITS), rounded(score, SCORE_DIGITS)]
    return {
        "image_id": image_id,
        "category_id": category_id,
        "bbox": [rounded(value, POINT_DIGITS) for value in (x1, y1, x2 - x1, y2 - y1)],
        "keypoints": flat,
        "score": rounded(person.score, SCORE_DIGITS),
    }
