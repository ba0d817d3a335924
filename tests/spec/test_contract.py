# SPDX-License-Identifier: Apache-2.0
"""The whole contract: what is refused, round trips, immutability."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest
from reference.contract import (
    DOCUMENTS,
    centers_document,
    paf_document,
    tags_document,
    top_down_document,
)

from edgepose.errors import EdgePoseError, SpecError
from edgepose.spec import Spec, TrainingSpec, read_spec_file
from edgepose.types import Skeleton

EXAMPLES = sorted((Path(__file__).parents[2] / "examples/contracts").glob("*.spec.json"))
KEYPOINTS = {**top_down_document()["keypoints"], "sigmas": []}
REQUIRED = ("name", "task", "input", "codec", "outputs", "training", "license")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({}, "edgepose_spec is missing; it is the version", id="empty"),
        pytest.param([], "edgepose.spec must be an object; got a list", id="list"),
        pytest.param(None, "edgepose.spec must be an object; got null", id="null"),
        pytest.param({"edgepose_spec": 2}, "edgepose_spec must be 1; got 2", id="later version"),
        pytest.param({"edgepose_spec": True}, "edgepose_spec must be 1; got true", id="boolean"),
        pytest.param({"edgepose_spec": 1.0}, "edgepose_spec must be 1; got 1.0", id="float"),
        pytest.param({"edgepose_spec": 1}, "name is missing", id="only the version"),
        pytest.param({"edgepose_spec": 10**5000}, "edgepose_spec must be 1; got a num", id="huge"),
    ],
)
def test_refuses_what_is_no_contract(document: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        Spec.from_dict(document)
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, EdgePoseError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("name", REQUIRED)
def test_every_field_is_needed(name: str) -> None:
    document = top_down_document()
    del document[name]
    with pytest.raises(SpecError, match=rf"^{name} is missing$"):
        Spec.from_dict(document)
    with pytest.raises(SpecError, match=rf"^{name} must not be null$"):
        Spec.from_dict({**document, name: None})


@pytest.mark.parametrize(
    ("make", "change", "message"),
    [
        pytest.param(
            top_down_document,
            {"version": 1},
            "version is unknown; known here: edgepose_s",
            id="new",
        ),
        pytest.param(
            top_down_document, {"task": "pose"}, "task must be one of 'top_down', 'bot", id="task"
        ),
        pytest.param(
            top_down_document,
            {"task": "detector"},
            "codec.type of task 'detector' must be one of 'centers', 'yolox'; got 'heatmap'",
            id="task and codec",
        ),
        pytest.param(top_down_document, {"codec": {}}, "codec.type is missing", id="no codec"),
        pytest.param(
            top_down_document, {"codec": {"type": "x"}}, "codec.type must be one of", id="codec"
        ),
        pytest.param(
            top_down_document, {"codec": {"type": "heatmap"}}, "codec.stride is missing", id="bare"
        ),
        pytest.param(
            centers_document,
            {"keypoints": top_down_document()["keypoints"]},
            "keypoints belongs to task 'top_down', 'bottom_up'; got task 'detector'",
            id="keypoints of a detector",
        ),
        pytest.param(
            centers_document,
            {"input": top_down_document()["input"]},
            "input.resize of task 'detector' must be one of 'letterbox', 'stretch'; got 'crop'",
            id="task and resize",
        ),
        pytest.param(
            tags_document,
            {"outputs": {"heatmap": "a", "tags": "a"}},
            "outputs must differ; got 'a' twice",
            id="tags among the heatmaps",
        ),
        pytest.param(
            paf_document,
            {"keypoints": {**KEYPOINTS, "names": ["a", "b"], "edges": [], "flip_pairs": []}},
            "codec.limbs[1] must be a whole number 0..1; got 2",
            id="limb of no keypoint",
        ),
        pytest.param(
            paf_document,
            {"keypoints": {**KEYPOINTS, "names": [f"k{i}" for i in range(257)]}},
            "keypoints.names must be at most 256 with codec 'paf'; got 257",
            id="more keypoints than limbs can name",
        ),
        pytest.param(
            tags_document,
            {"keypoints": {**KEYPOINTS, "names": ["a", "b", "c", "d"]}},
            "codec.joint_order must name each of 4 keypoints once; got 3 items",
            id="order of other keypoints",
        ),
        pytest.param(
            top_down_document, {"keypoints": None}, "keypoints must not be null; leave", id="null"
        ),
        pytest.param(top_down_document, {"outputs": {}}, "outputs.heatmap is missing", id="no out"),
        pytest.param(
            top_down_document,
            {"outputs": {"heatmap": "a", "tags": "b"}},
            "outputs.tags is unknown; known here: heatmap",
            id="foreign role",
        ),
        pytest.param(
            centers_document,
            {"outputs": {"heatmap": "a", "size": "b", "offset": "a"}},
            "outputs must differ; got 'a' twice",
            id="one output twice",
        ),
        pytest.param(top_down_document, {"license": ""}, "license must be a string", id="license"),
        pytest.param(
            top_down_document, {"training": {"data": []}}, "training.description is mis", id="train"
        ),
    ],
)
def test_refuses_contradictions(
    make: Callable[[], dict[str, Any]], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        Spec.from_dict({**make(), **change})
    assert str(caught.value).startswith(message)


def test_top_down_needs_keypoints() -> None:
    document = top_down_document()
    del document["keypoints"]
    with pytest.raises(SpecError, match=r"^keypoints is missing; task 'top_down' needs it$"):
        Spec.from_dict(document)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_round_trips(name: str) -> None:
    document = DOCUMENTS[name]()
    before = copy.deepcopy(document)
    spec = Spec.from_dict(document)
    assert document == before
    assert spec.to_dict() == document
    for other in (
        Spec.from_json(spec.to_json()),
        Spec.from_json(spec.to_json(indent=2).encode()),
        pickle.loads(pickle.dumps(spec)),
        copy.deepcopy(spec),
        copy.copy(spec),
        replace(spec),
    ):
        assert other == spec
        assert hash(other) == hash(spec)
        assert other.to_json() == spec.to_json()
    assert replace(spec, name="other") != spec
    assert "\n" not in spec.to_json()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_contracts(path: Path) -> None:
    assert read_spec_file(path).to_dict() == json.loads(path.read_text(encoding="utf-8"))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2


def test_is_immutable(spec: Spec) -> None:
    with pytest.raises(FrozenInstanceError):
        spec.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        spec.outputs["heatmap"] = "other"  # type: ignore[index]
    document = spec.to_dict()
    document["outputs"]["heatmap"] = "other"
    document["keypoints"]["names"].append("other")
    assert spec.to_dict() == top_down_document()


def test_equal_contracts_have_equal_hashes_whatever_the_zero() -> None:
    positive, negative = top_down_document(), top_down_document()
    negative["input"]["pad_value"] = -0.0
    assert hash(Spec.from_dict(positive)) == hash(Spec.from_dict(negative))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"input": {}}, "input must be of a class of edgepose.spec; got d", id="input"),
        pytest.param({"codec": None}, "codec must be of a class of edgepose.spec", id="codec"),
        pytest.param({"outputs": "heatmap"}, "outputs must be of a class", id="outputs"),
        pytest.param({"outputs": {1: "a"}}, "outputs must have strings as keys; got 1", id="role"),
        pytest.param({"training": ()}, "training must be of a class", id="training"),
        pytest.param({"keypoints": ("a",)}, "keypoints must be of a class", id="keypoints"),
        pytest.param(
            {"keypoints": Skeleton(("a",), sigmas=(11,))}, "keypoints.sigmas[0] must be", id="sigma"
        ),
        pytest.param(
            {"keypoints": Skeleton(("\ud800",))}, "keypoints.names[0] must be valid", id="unicode"
        ),
    ],
)
def test_a_contract_made_in_python_is_held_to_what_readers_take(
    spec: Spec, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        replace(spec, **change)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("data", "description", "message"),
    [
        pytest.param("COCO", "d", "training.data must be a list of 0..1000 items", id="string"),
        pytest.param([""], "d", "training.data[0] must be a string", id="empty name"),
        pytest.param([], "", "training.description must be a string", id="no description"),
    ],
)
def test_training_refuses(data: Any, description: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        TrainingSpec(data, description)
    assert str(caught.value).startswith(message)
    assert TrainingSpec((), "d").data == ()
