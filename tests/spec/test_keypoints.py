# SPDX-License-Identifier: Apache-2.0
"""The contract's `keypoints`."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from reference.contract import top_down_document

from edgepose.errors import SpecError
from edgepose.spec.keypoints import skeleton

GIVEN = top_down_document()["keypoints"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"names": []}, "names must be a list of 1..1024 items; got 0", id="empty"),
        pytest.param({"names": "nose"}, "names must be a list of 1..1024 items; got", id="string"),
        pytest.param({"names": ["a", ""]}, "names[1] must be a string", id="no name"),
        pytest.param({"names": ["a", "b", "a"]}, "names must differ; got 'a' twice", id="twice"),
        pytest.param({"names": ["x"] * 1025}, "names must be a list of 1..1024", id="too many"),
        pytest.param({"edges": [[0]]}, "edges[0] must be a list of 2 items; got 1", id="single"),
        pytest.param({"edges": [[0, 3]]}, "edges[0] must be a whole number 0..2; got 3", id="far"),
        pytest.param({"edges": [[0, -1]]}, "edges[0] must be a whole number 0..2", id="negative"),
        pytest.param({"edges": [[1, 1]]}, "edges must be pairs of different", id="loop"),
        pytest.param({"edges": [[0, 1]] * 4097}, "edges must be a list of 0..4096", id="edges"),
        pytest.param({"flip_pairs": [[0, 1], [1, 2]]}, "flip_pairs must name a ", id="two twins"),
        pytest.param(
            {"sigmas": [0.1]}, "sigmas must be a list of 3 items, one per", id="one sigma"
        ),
        pytest.param({"sigmas": [0.1, 0, 0.1]}, "sigmas[1] must be a number above 0", id="zero"),
        pytest.param({"sigmas": 0}, "sigmas must be a list of 0..1024 items; got 0", id="number"),
        pytest.param({"skeleton": []}, "skeleton is unknown; known here: names, edges", id="other"),
        pytest.param({"edges": None}, "edges must not be null", id="null"),
    ],
)
def test_refuses(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        skeleton({**GIVEN, **change})
    assert str(caught.value).startswith(f"keypoints.{message}")


def test_reads_and_leaves_the_document_alone() -> None:
    given = copy.deepcopy(GIVEN)
    found = skeleton(given)
    assert given == GIVEN
    assert (found.names, found.edges) == (("nose", "left_eye", "right_eye"), ((0, 1), (0, 2)))
    assert (found.flip_pairs, found.sigmas) == (((1, 2),), (0.026, 0.025, 0.025))
    bare = skeleton({"names": ["tip"], "edges": [], "flip_pairs": [], "sigmas": []})
    assert (len(bare), bare.edges, bare.sigmas) == (1, (), ())
