# SPDX-License-Identifier: Apache-2.0
"""OpenPose's JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from results import COCO_17, person, result

from edgepose.io.result_openpose import COCO_18, to_openpose
from edgepose.types import Keypoints, Person, Skeleton


def numbers(someone: Person, skeleton: Skeleton = COCO_17, min_score: float = 0.0) -> list[float]:
    content = to_openpose(result(someone, skeleton=skeleton), min_score)
    flat: list[float] = content["people"][0]["pose_keypoints_2d"]
    assert len(flat) == 54
    return flat


def points(flat: list[float]) -> dict[str, tuple[float, ...]]:
    return {name: tuple(flat[3 * i : 3 * i + 3]) for i, name in enumerate(COCO_18)}


def scored(scores: dict[str, float]) -> Person:
    """A person whose keypoints have these scores, all others 0.5."""
    someone = person()
    score = np.array([scores.get(name, 0.5) for name in COCO_17.names], np.float32)
    return replace(someone, keypoints=replace(someone.keypoints, score=score))


def test_nobody() -> None:
    assert to_openpose(result()) == {"version": 1.3, "people": []}


def test_the_order_is_openposes() -> None:
    someone = person()
    found = points(numbers(someone))
    order = ["nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder"]
    assert list(COCO_18[:6]) == order
    assert len(COCO_18) == len(set(COCO_18)) == 18
    for name in COCO_17.names:
        assert found[name] == pytest.approx(someone.keypoints[name], abs=0.006)


def test_the_neck_is_between_the_shoulders_with_the_lower_score() -> None:
    someone = scored({"left_shoulder": 0.25, "right_shoulder": 0.75})
    found = points(numbers(someone))
    x = (someone.keypoints["left_shoulder"][0] + someone.keypoints["right_shoulder"][0]) / 2
    assert found["neck"] == pytest.approx((x, 47.5, 0.25), abs=0.006)


@pytest.mark.parametrize(
    ("scores", "min_score", "missing"),
    [
        ({"nose": 0.0}, 0.0, {"nose"}),
        ({"nose": -0.5}, 0.0, {"nose"}),
        ({"left_shoulder": 0.0}, 0.0, {"left_shoulder", "neck"}),
        ({"right_knee": 0.25}, 0.25, {"right_knee"}),
        ({}, 0.6, set(COCO_18)),
    ],
    ids=["zero", "negative", "shoulder", "threshold", "all"],
)
def test_missing_keypoints_are_zeros(
    scores: dict[str, float], min_score: float, missing: set[str]
) -> None:
    found = points(numbers(scored(scores), min_score=min_score))
    assert {name for name, point in found.items() if point == (0.0, 0.0, 0.0)} == missing


def test_other_skeletons_are_mapped_by_name() -> None:
    other = Skeleton(("head_top", "neck", "left_knee"))
    xy = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
    keypoints = Keypoints(xy, np.array([0.5, 0.5, 1], np.float32), other.names, (64, 128))
    found = points(numbers(Person(np.zeros(4, np.float32), 1.0, keypoints), other))
    seen = {name: point for name, point in found.items() if any(point)}
    assert seen == {"neck": (3.0, 4.0, 0.5), "left_knee": (5.0, 6.0, 1.0)}


def test_json_has_what_readers_of_openpose_expect() -> None:
    content = json.loads(json.dumps(result(person()).to_openpose(), allow_nan=False))
    someone = content["people"][0]
    assert someone["person_id"] == [-1]
    assert someone["face_keypoints_2d"] == []
    assert someone["hand_left_keypoints_2d"] == someone["hand_right_keypoints_2d"] == []
