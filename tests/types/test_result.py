# SPDX-License-Identifier: Apache-2.0
"""What a pipeline says about one picture."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.types import Person, Result, Skeleton, Timing


def test_nobody(result: Callable[..., Result]) -> None:
    empty = result()
    assert len(empty) == 0
    assert empty  # a picture without people is still a result
    assert list(empty) == []
    assert empty.keypoints.xy.shape == empty.keypoints.xyn.shape == (0, 3, 2)
    assert empty.keypoints.score.shape == (0, 3)
    assert (empty.boxes.xyxy.shape, empty.boxes.score.shape) == ((0, 4), (0,))
    with pytest.raises(IndexError):
        empty[0]


def test_people(result: Callable[..., Result], person: Person, skeleton: Skeleton) -> None:
    two = result(person, replace(person, box_score=0.25))
    assert len(two) == 2
    assert [item.box_score for item in two] == [0.5, 0.25]
    assert two[-1].box_score == 0.25
    assert two.keypoints.xy.shape == (2, 3, 2)
    np.testing.assert_array_equal(two.keypoints.xyn[1], person.keypoints.xyn)
    np.testing.assert_array_equal(two.boxes.score, [0.5, 0.25])
    assert two.keypoints.names == skeleton.names
    for array in (two.keypoints.xy, two.keypoints.score, two.boxes.xyxy, two.boxes.score):
        assert not array.flags.writeable


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"persons": (3,)}, "persons must be Person; got int", id="number"),
        pytest.param(
            {"skeleton": Skeleton(("a", "b"))},
            "persons must have the skeleton's 2 keypoints; got 3: nose, left_eye",
            id="another skeleton",
        ),
        pytest.param(
            {"image_wh": (20, 10)},
            "persons must be of the picture's size (20, 10); got (10, 20)",
            id="another picture",
        ),
        pytest.param({"image_wh": (0, 1)}, "image_wh must be two positive whole", id="no size"),
    ],
)
def test_refuses(
    change: dict[str, Any], message: str, result: Callable[..., Result], person: Person
) -> None:
    with pytest.raises(InputError) as caught:
        replace(result(person), **change)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("people", [0, 2])
def test_pickles_and_copies(people: int, result: Callable[..., Result], person: Person) -> None:
    made = result(*[person] * people)
    for other in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made)):
        assert len(other) == people
        assert (other.skeleton, other.timing, other.image_wh) == (
            made.skeleton,
            made.timing,
            made.image_wh,
        )
        np.testing.assert_array_equal(other.keypoints.xy, made.keypoints.xy)
        assert all(not item.keypoints.xy.flags.writeable for item in other)


def test_is_immutable(result: Callable[..., Result], person: Person) -> None:
    persons: Any = [person]
    made = replace(result(), persons=persons)
    persons.clear()
    assert len(made) == 1
    with pytest.raises(FrozenInstanceError):
        made.model = "other"  # type: ignore[misc]


def test_the_picture_is_shared_and_not_shown(result: Callable[..., Result]) -> None:
    image = np.zeros((20, 10, 3), np.uint8)
    made = replace(result(), image=image)
    assert made.image is image
    assert "image=" not in repr(made)
    with pytest.raises(InputError, match=r"^draw\(\) needs a picture: "):
        result().draw()


@pytest.mark.parametrize(
    ("stages", "total", "message"),
    [
        pytest.param(None, 1, "timing.stages must be a mapping; got NoneType", id="none"),
        pytest.param({"pose": "x"}, 1, "timing must be a number; got str", id="text"),
        pytest.param({}, float("nan"), "timing.total must be finite; got nan", id="nan"),
    ],
)
def test_timing_refuses(stages: Any, total: float, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Timing(stages, total)
    assert str(caught.value) == message


def test_timing_is_read_only_and_can_be_pickled() -> None:
    stages = {"pose": 2}
    timing = Timing(stages, 4)
    stages["pose"] = 9
    assert timing.stages == {"pose": 2.0}
    with pytest.raises(TypeError):
        timing.stages["pose"] = 1  # type: ignore[index]
    assert pickle.loads(pickle.dumps(timing)) == timing == copy.deepcopy(timing)
    assert Timing({}, 0).stages == {}
