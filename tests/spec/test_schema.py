# SPDX-License-Identifier: Apache-2.0
"""schema.json and the readers accept the same documents, up to what the schema cannot say.

`reference.contract.dependencies_hold` is the whole of that: indices, multiples, equal lengths,
values that must differ, whole numbers without a fraction, valid Unicode, numbers that are not 0
and as float32 would be.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.contract import DOCUMENTS, dependencies_hold
from reference.from_schema import documents

from edgepose.errors import SpecError
from edgepose.spec import InputSpec, QuantizationSpec, Spec, TrainingSpec, schema
from edgepose.spec.codecs import CODECS
from edgepose.types import Skeleton

SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _agree(document: Any) -> bool:
    """Asserts that reader and schema agree on a document; whether they accept it."""
    if not (VALIDATOR.is_valid(document) and dependencies_hold(document)):
        with pytest.raises(SpecError):
            Spec.from_dict(document)
        return False
    before = copy.deepcopy(document)
    spec = Spec.from_dict(document)
    assert document == before
    assert spec.to_dict() == document
    assert Spec.from_json(spec.to_json()) == spec
    return True


def test_the_schema_is_one_and_is_given_as_a_copy() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    schema().clear()
    assert schema() == SCHEMA


@pytest.mark.parametrize("value", [None, [], {}, 0, ""], ids=repr)
def test_neither_takes_what_is_no_contract(value: Any) -> None:
    assert not _agree(value)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_take_a_contract(name: str) -> None:
    assert _agree(DOCUMENTS[name]())


@pytest.mark.parametrize(
    ("section", "part"),
    [
        pytest.param("input", InputSpec, id="input"),
        pytest.param("keypoints", Skeleton, id="keypoints"),
        pytest.param("quantization", QuantizationSpec, id="quantization"),
        *(pytest.param(f"{kind}_codec", part, id=kind) for kind, part in CODECS.items()),
    ],
)
def test_fields_are_those_of_the_classes(section: str, part: Any) -> None:
    node = SCHEMA["$defs"][section]
    assert set(node["properties"]) - {"type"} == {item.name for item in fields(part)}
    if part is not Skeleton:  # its defaults are for Python; a contract says all
        needed = {item.name for item in fields(part) if item.default is MISSING}
        assert set(node["required"]) - {"type"} == needed


def test_fields_are_those_of_the_contract() -> None:
    top = {item.name for item in fields(Spec)}
    assert set(SCHEMA["properties"]) == {"edgepose_spec", *top}
    assert set(SCHEMA["required"]) == {"edgepose_spec", *top} - {"keypoints", "quantization"}
    training = SCHEMA["properties"]["training"]
    assert set(training["properties"]) == {item.name for item in fields(TrainingSpec)}


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:2]):  # further ones are judged as the second
            yield from _paths(item, (*path, index))


def _parent(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


# Every bound of the schema with its neighbours, every word of it, every kind of JSON value.
EDGES = [
    None, True, False, {}, [], "", "x", "x" * 10_000, "x" * 10_001, "\ud800", "膝",
    -1, -0.0, 0, 1e-9, 0.5, 1, 1.0, 1.5, 2, 3, 7, 8, 9, 10, 11, 63, 64, 65, 127, 128, 129, 255,
    255.5, 1023, 1024, 4096, 4097, 9999, 10_000, 10_001, 1e4, 10**20, 1e300, 1e-60,
    [1], [0, 0], [0, 1], [8, 8], [8, 16], [8.0], [1] * 8, [1] * 9, [0, 0, 0], [1, 1, 1], [0.1] * 3,
    ["a"], ["a", "a"], ["a", "b", "c"], [[0, 1]], [[0, 1], [1, 2]], [[0]], [[0, 1, 2]], [["a", 1]],
    "top_down", "detector", "heatmap", "centers", "yolox", "NCHW", "float32", "rgb", "bgr", "crop",
    "letterbox", "stretch", "center", "top_left", "half_pixel", "udp", "legacy", "none", "quarter",
    "quadratic", "dark", "megvii", "mspn", "integral", "bottom_up", "simcc", "paf", "tags", "NHWC",
    "value", "softmax", "gaussian", "smaller", "larger", "openpose", "optimal", 256, 257, 1000,
    1001, 16, 17, 1e6, 1e6 + 1, 1025, 9998, [0, 0.5], [0, 1, 2], [2, 1, 0], [[0, 1, 2, 3]],
    [[1, 1, 2, 3]], [[0, 3, 2, 3]], [0.5, 0.25, 0, 0], [0.5] * 5, [9, 63], [9, 64], [9, 65],
    {"type": "heatmap"}, {"heatmap": "a"}, {"predictions": "a"}, {"a": None},
]  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_judge_every_value_in_every_place_alike(name: str) -> None:
    taken = 0
    for path in list(_paths(DOCUMENTS[name]())):
        for value in EDGES:
            document = DOCUMENTS[name]()
            _parent(document, path)[path[-1]] = copy.deepcopy(value)
            taken += _agree(document)
        document = DOCUMENTS[name]()
        del _parent(document, path)[path[-1]]
        taken += _agree(document)
    assert taken > 100


@pytest.mark.parametrize("name", DOCUMENTS)
@SETTINGS
@given(data=st.data())
def test_both_judge_mutants_alike(name: str, data: st.DataObject) -> None:
    document = DOCUMENTS[name]()
    donor = DOCUMENTS[data.draw(st.sampled_from(list(DOCUMENTS)))]()
    for _ in range(data.draw(st.integers(1, 3))):
        paths = list(_paths(document))
        if not paths:
            break
        path = data.draw(st.sampled_from(paths))
        parent, kind = _parent(document, path), data.draw(st.integers(0, 3))
        if kind == 0:
            del parent[path[-1]]
        elif kind == 1:
            parent[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(EDGES)))
        elif kind == 2:  # a part of another contract
            source = data.draw(st.sampled_from(list(_paths(donor))))
            parent[path[-1]] = copy.deepcopy(_parent(donor, source)[source[-1]])
        elif isinstance(parent, dict):
            key = data.draw(
                st.sampled_from(
                    ["anchor", "box_padding", "blur_kernel", "beta", "shifts", "sigma", "size", "x"]
                )
            )
            parent[key] = copy.deepcopy(data.draw(st.sampled_from(EDGES)))
    _agree(document)


@settings(SETTINGS, max_examples=100)
@given(document=documents(SCHEMA), mend=st.booleans())
def test_both_judge_documents_of_the_schema_alike(document: dict[str, Any], mend: bool) -> None:
    assert VALIDATOR.is_valid(document)
    if mend:
        _mend(document)
        assert _agree(document)
    else:
        _agree(document)


def _mend(document: dict[str, Any]) -> None:
    """Makes the fields of a document suit each other."""
    document.update(_lifted(document))
    codec, given_input = document["codec"], document["input"]
    name = {"yolox": "strides", "simcc": "split_ratio"}.get(codec["type"], "stride")
    codec[name] = [1] if name == "strides" else 1
    given_input["width"] = max(2, given_input["width"])
    given_input["height"] = max(2, given_input["height"])
    for index, role in enumerate(document["outputs"]):
        document["outputs"][role] += str(index)
    if "keypoints" in document:
        keypoints = document["keypoints"]
        count = len(keypoints["names"])
        keypoints["sigmas"] = (keypoints["sigmas"] * count)[:count]
        for name in ("edges", "flip_pairs"):
            keypoints[name] = [] if count < 2 else [[0, 1]]
        _mend_grouping(codec, keypoints)


def _lifted(value: Any) -> Any:
    """The value with numbers that float32 does not hold made larger."""
    if isinstance(value, dict):
        return {key: _lifted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_lifted(item) for item in value]
    return 1e-30 if isinstance(value, float) and 0 < value < 2.0**-126 else value


def _mend_grouping(codec: dict[str, Any], keypoints: dict[str, Any]) -> None:
    if codec["type"] == "paf":
        codec.update(limbs=[[0, 1, 3, 2]], redundant=[0], uncounted=[1])
        keypoints.update(names=["a", "b"], sigmas=[])
    elif codec["type"] == "tags":
        codec["joint_order"] = list(range(len(keypoints["names"])))[::-1]
        codec["adjust"] |= codec["refine"]


def test_numbers_that_json_has_not_are_refused() -> None:
    for name in DOCUMENTS:
        document = DOCUMENTS[name]()
        document["input"]["pad_value"] = float("nan")  # JSON Schema's bounds let it pass
        with pytest.raises(SpecError, match="pad_value"):
            Spec.from_dict(document)
        with pytest.raises(SpecError, match="must have finite numbers; got NaN"):
            Spec.from_json(json.dumps(document))
