# SPDX-License-Identifier: Apache-2.0
"""Limbs by the names of keypoints."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from edgepose.errors import InputError
from edgepose.train.limbs import limbs

COCO = tuple(json.loads(files("edgepose.train").joinpath("coco17.json").read_text())["sigmas"])


@pytest.mark.parametrize("names", [(), ("nose",), ("nose", "left_ankle")], ids=str)
def test_names_that_no_limb_joins(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="keypoint_names must have two that a limb joins; got"):
        limbs(names)


def test_coco_is_a_tree_and_what_closes_it() -> None:
    found = limbs(COCO)
    tree = [pair for index, pair in enumerate(found.pairs) if index not in found.redundant]
    assert len(tree) == len(COCO) - 1
    reached = {tree[0][0]}
    for a, b in tree:
        assert a in reached, "each limb starts at a joint that was reached before"
        assert b not in reached or a == tree[0][0]
        reached.add(b)
    assert reached == set(range(len(COCO)))


@pytest.mark.parametrize(
    ("names", "pairs", "redundant"),
    [
        pytest.param(("left_ankle", "left_knee"), ((1, 0),), (), id="one"),
        pytest.param(
            ("left_hip", "right_hip", "left_shoulder", "right_shoulder"),
            ((2, 3), (2, 0), (3, 1), (0, 1)),
            (3,),
            id="the trunk is a cycle",
        ),
        pytest.param(("left_hip", "tail", "right_hip"), ((0, 2),), (), id="a name not known"),
    ],
)
def test_some_names(
    names: tuple[str, ...], pairs: tuple[tuple[int, int], ...], redundant: tuple[int, ...]
) -> None:
    found = limbs(names)
    assert (found.pairs, found.redundant) == (pairs, redundant)
