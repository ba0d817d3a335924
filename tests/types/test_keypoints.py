# SPDX-License-Identifier: Apache-2.0
"""Keypoints of one person, and of all."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.types import KeypointArrays, Keypoints, Person

GOOD: dict[str, Any] = {
    "xy": [[4, 2], [0, 0]],
    "score": [0.5, 1],
    "names": ("nose", "tail"),
    "image_wh": (10, 20),
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"names": ()}, "names must be one or more non-empty", id="empty"),
        pytest.param({"names": "ab"}, "names must be one or more non-empty", id="one string"),
        pytest.param({"names": ("a",)}, "keypoints.xy must have shape (1, 2); got (2, 2)", id="K"),
        pytest.param({"score": [1]}, "keypoints.score must have shape (2); got (1,)", id="score"),
        pytest.param({"xy": [[np.nan, 0]] * 2}, "keypoints.xy must be finite", id="nan"),
        pytest.param({"image_wh": (0, 5)}, "image_wh must be two positive whole", id="size"),
    ],
)
def test_refuses(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Keypoints(**{**GOOD, **change})
    assert str(caught.value).startswith(message)


def test_names() -> None:
    keypoints = Keypoints(**GOOD)
    assert keypoints["nose"] == (4.0, 2.0, 0.5)
    assert len(keypoints) == 2
    assert "tail" in keypoints
    assert "ear" not in keypoints
    with pytest.raises(InputError, match=r"^keypoint must be one of nose, tail; got 'ear'$"):
        keypoints["ear"]
    with pytest.raises(InputError, match=r"got 0$"):
        keypoints[0]  # type: ignore[index]


def test_xyn_is_0_and_1_at_the_edges_of_the_picture() -> None:
    corners = [[-0.5, -0.5], [9.5, 19.5], [4.5, 9.5], [-10.5, 0]]
    keypoints = Keypoints(corners, [1] * 4, tuple("abcd"), (10, 20))  # type: ignore[arg-type]
    assert keypoints.xyn.dtype == np.float32
    wanted = np.array([[0, 0], [1, 1], [0.5, 0.5], [-1, 0.025]])
    assert np.abs(keypoints.xyn - wanted).max() < 1e-7
    with pytest.raises(ValueError, match="read-only"):
        keypoints.xyn[0] = 1


@pytest.mark.parametrize("way", ["pickle", "copy", "deepcopy"])
def test_copies_stay_read_only(way: str, person: Person) -> None:
    keypoints = person.keypoints
    ways = {"copy": copy.copy, "deepcopy": copy.deepcopy}
    other = ways.get(way, lambda value: pickle.loads(pickle.dumps(value)))(keypoints)
    np.testing.assert_array_equal(other.xy, keypoints.xy)
    assert (other.names, other.image_wh) == (keypoints.names, keypoints.image_wh)
    for array in (other.xy, other.score, keypoints.xy, keypoints.score):
        assert not array.flags.writeable
    with pytest.raises(FrozenInstanceError):
        other.xy = keypoints.xy
    with pytest.raises(TypeError):  # no attribute can be added
        other.extra = 1


def test_arrays_of_nobody() -> None:
    nobody = KeypointArrays(
        np.empty((0, 2, 2), np.float32), np.empty((0, 2), np.float32), ("a", "b"), (10, 20)
    )
    assert len(nobody) == 0
    assert nobody.xyn.shape == (0, 2, 2)
    assert pickle.loads(pickle.dumps(nobody)).xy.shape == (0, 2, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"xy": []}, "keypoints.xy must have shape (any, 2, 2); got (0,)", id="empty"),
        pytest.param({"score": [[1]]}, "keypoints.score must have shape (1, 2)", id="score"),
        pytest.param({"names": "ab"}, "names must be one or more", id="names"),
        pytest.param({"image_wh": (10,)}, "image_wh must be two positive", id="size"),
    ],
)
def test_arrays_refuse(change: dict[str, Any], message: str) -> None:
    good = {**GOOD, "xy": [GOOD["xy"]], "score": [GOOD["score"]], "names": ["nose", "tail"]}
    assert KeypointArrays(**good).names == ("nose", "tail")
    with pytest.raises(InputError) as caught:
        KeypointArrays(**{**good, **change})
    assert str(caught.value).startswith(message)
