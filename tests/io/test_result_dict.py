# SPDX-License-Identifier: Apache-2.0
"""The JSON object of a picture."""

from __future__ import annotations

import json

import numpy as np
from results import COCO_17, person, result

from edgepose.io.result_dict import to_dict
from edgepose.types import Keypoints, Person, Skeleton

HEAD = Skeleton(("nose", "neck"))


def test_nobody() -> None:
    assert to_dict(result(source=None)) == {
        "image": None,
        "width": 64,
        "height": 128,
        "model": "hand-made",
        "detector": None,
        "keypoint_names": list(COCO_17.names),
        "persons": [],
        "timing_ms": {"detect": 4.0, "pose": 8.0, "total": 12.5},
    }


def test_keys_stand_in_their_order() -> None:
    content = to_dict(result(person()))
    assert list(content) == [
        *("image", "width", "height", "model", "detector"),
        *("keypoint_names", "persons", "timing_ms"),
    ]
    assert content["image"] == "folder/photo.jpg"
    assert list(content["persons"][0]) == ["box", "score", "keypoints"]


def test_numbers_are_rounded_as_documented() -> None:
    xy = np.array([[1.234567, -0.0001], [1e6, 0.125]], np.float32)
    keypoints = Keypoints(xy, np.array([0.123456, 1], np.float32), HEAD.names, (64, 128))
    box = np.array([0.016, -0.004, 10, 1 / 3], np.float32)
    someone = Person(box, 0.98765, keypoints)
    written = to_dict(result(someone, skeleton=HEAD))["persons"]
    assert json.dumps(written) == (
        '[{"box": [0.02, 0.0, 10.0, 0.33], "score": 0.9877, '
        '"keypoints": [[1.23, 0.0, 0.1235], [1000000.0, 0.12, 1.0]]}]'
    )


def test_json_is_strict_and_the_method_agrees() -> None:
    given = result(person(), person((0, 0, 3e38, 3e38)))
    text = json.dumps(to_dict(given), allow_nan=False)
    assert json.loads(text) == given.to_dict()
