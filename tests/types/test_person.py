# SPDX-License-Identifier: Apache-2.0
"""One person, and the boxes of all."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.types import Boxes, Person


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"box": []}, "box must have shape (4); got (0,)", id="empty"),
        pytest.param({"box": [0, 0, np.inf, 1]}, "box must be finite", id="infinite"),
        pytest.param({"score": None}, "score must be a number; got NoneType", id="score"),
        pytest.param({"score": np.nan}, "score must be finite; got nan", id="nan"),
        pytest.param({"box_score": "high"}, "box_score must be a number; got str", id="text"),
        pytest.param({"keypoints": [[1, 2]]}, "keypoints must be Keypoints; got list", id="list"),
    ],
)
def test_refuses(change: dict[str, Any], message: str, person: Person) -> None:
    with pytest.raises(InputError) as caught:
        replace(person, **change)
    assert str(caught.value).startswith(message)


def test_is_immutable_and_not_rounded(person: Person) -> None:
    assert person.box.tolist() == [1, 2, 3.5, 4]
    with pytest.raises(ValueError, match="read-only"):
        person.box[0] = 3
    with pytest.raises(FrozenInstanceError):
        person.score = 1.0  # type: ignore[misc]
    other = pickle.loads(pickle.dumps(person))
    assert not other.box.flags.writeable
    assert not other.keypoints.xy.flags.writeable
    assert (other.score, other.box_score) == (0.75, 0.5)
    assert Person(person.box, np.float32(0.5), person.keypoints).box_score == 1.0


def test_boxes() -> None:
    nobody = Boxes(np.empty((0, 4), np.float32), np.empty(0, np.float32))
    assert len(nobody) == 0
    with pytest.raises(InputError, match=r"^boxes\.score must have shape \(1\); got \(0,\)$"):
        Boxes(np.zeros((1, 4), np.float32), nobody.score)
    with pytest.raises(InputError, match=r"^boxes\.xyxy must have shape \(any, 4\); got \(4,\)$"):
        Boxes(np.zeros(4, np.float32), nobody.score)
