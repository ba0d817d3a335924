# SPDX-License-Identifier: Apache-2.0
"""Names of keypoints and how they belong together."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from edgepose.errors import InputError
from edgepose.types import Skeleton


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"names": ()}, "names must be one or more", id="empty"),
        pytest.param({"names": ("a", "b", "a")}, "names must differ; got 'a' twice", id="twice"),
        pytest.param({"edges": ((0, 3),)}, "edges must be pairs of different key", id="far"),
        pytest.param({"edges": ((0, -1),)}, "edges must be pairs of different", id="negative"),
        pytest.param({"edges": ((0, 0),)}, "edges must be pairs of different", id="loop"),
        pytest.param({"edges": (0, 1)}, "edges must be pairs of different", id="flat"),
        pytest.param({"edges": ((0, 0.5),)}, "edges must be pairs of different", id="half"),
        pytest.param({"edges": (("a", "b"),)}, "edges must be pairs of different", id="names"),
        pytest.param({"edges": 3}, "edges must be a list; got int", id="number"),
        pytest.param({"flip_pairs": None}, "flip_pairs must be a list; got NoneType", id="none"),
        pytest.param(
            {"flip_pairs": ((0, 1), (1, 2))},
            "flip_pairs must name a keypoint once; got 'b' in two pairs",
            id="two twins",
        ),
        pytest.param({"sigmas": (0.1,)}, "sigmas must be 3, one per name; got 1", id="one sigma"),
        pytest.param({"sigmas": (1, 1, 0)}, "sigmas must be positive; got 0.0", id="zero"),
        pytest.param({"sigmas": (1, 1, "x")}, "sigmas must be a number; got str", id="text"),
        pytest.param({"sigmas": 0.1}, "sigmas must be a list; got float", id="one number"),
    ],
)
def test_refuses(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Skeleton(**{"names": ("a", "b", "c"), **given})
    assert str(caught.value).startswith(message)


def test_bare() -> None:
    bare = Skeleton(("tip",))
    assert (len(bare), bare.edges, bare.flip_pairs, bare.sigmas) == (1, (), (), ())
    assert bare.flip_index == (0,)


def test_keeps_its_own_copies() -> None:
    names, edges, sigmas = ["a", "b"], [[0, 1]], [1, 2]
    made = Skeleton(names, edges, edges, sigmas)  # type: ignore[arg-type]
    names.append("c")
    edges[0][0] = 7
    sigmas.clear()
    assert made == Skeleton(("a", "b"), ((0, 1),), ((0, 1),), (1.0, 2.0))


def test_flip_index_is_its_own_inverse(skeleton: Skeleton) -> None:
    index = skeleton.flip_index
    assert index == (0, 2, 1)
    assert tuple(index[i] for i in index) == (0, 1, 2)


def test_is_immutable_hashable_and_can_be_copied(skeleton: Skeleton) -> None:
    with pytest.raises(FrozenInstanceError):
        skeleton.names = ()  # type: ignore[misc]
    for other in (pickle.loads(pickle.dumps(skeleton)), copy.deepcopy(skeleton)):
        assert other == skeleton
        assert hash(other) == hash(skeleton)
