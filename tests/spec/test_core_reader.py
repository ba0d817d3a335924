# SPDX-License-Identifier: Apache-2.0
"""The core's reader of contracts and this package's: the same documents, fields and refusals.

Nothing here lists fields: documents come from the schema, the examples, the embedded models and
the tables of the other tests of this folder.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.contract import DOCUMENTS
from reference.from_schema import documents
from spec import (
    test_codecs,
    test_contract,
    test_fuzz,
    test_input,
    test_keypoints,
    test_onnx_metadata,
    test_strict_json,
)

from edgepose import _core
from edgepose.errors import EdgePoseError, SpecError
from edgepose.spec import SPEC_KEY, Spec, schema
from edgepose.spec.onnx_metadata import read_entry
from edgepose.spec.strict_json import MAX_BYTES

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples/contracts").glob("*.spec.json"))
MODELS = sorted((ROOT / "edgepose/weights").glob("*.onnx"))
BASES = {kind: make() for kind, make in DOCUMENTS.items()}


def _python(document: bytes) -> dict[str, Any]:
    return Spec.from_json(document).to_dict()


def _outcome(read: Callable[[bytes], Any], given: bytes) -> str:
    """What a reader gives as text that tells 1 from 1.0, or which error it raises."""
    try:
        return json.dumps(read(given), sort_keys=True)
    except EdgePoseError as error:
        return type(error).__name__


def _message(read: Callable[[bytes], Any], given: bytes) -> str:
    """Which field is refused and why, without what came instead."""
    with pytest.raises(EdgePoseError) as caught:
        read(given)
    return re.split("[;:]", str(caught.value))[0]


def _rows(test: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and values of each row of a test's table."""
    (mark,) = (mark for mark in test.pytestmark if mark.name == "parametrize")
    names = (mark.args[0],) if isinstance(mark.args[0], str) else mark.args[0]
    for index, row in enumerate(mark.args[1]):
        name = f"{test.__module__}: {index} {row.id}"
        yield name, dict(zip(names, row.values, strict=True))


def _codec_documents() -> Iterator[tuple[str, Any]]:
    for name, row in _rows(test_codecs.test_refuses):
        base = next(b for b in BASES.values() if b["codec"]["type"] == row["codec"].type)
        codec = {"type": row["codec"].type, **row["given"], **row["change"]}
        kept = {key: item for key, item in codec.items() if item is not None}
        yield name, {**base, "codec": kept}


def _changed(test: Any, section: str, given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, row in _rows(test):
        yield name, {**BASES["top_down"], section: {**given, **row["change"]}}


def _refused() -> Iterator[tuple[str, Any]]:
    """Every document that a test of this folder says is refused."""
    for name, row in _rows(test_strict_json.test_refuses):
        if row["text"] is not None:
            yield name, row["text"]
    for name, row in _rows(test_contract.test_refuses_what_is_no_contract):
        if "huge" not in name:  # Python cannot write it down
            yield name, row["document"]
    for name, row in _rows(test_contract.test_refuses_contradictions):
        yield name, {**row["make"](), **row["change"]}
    for name, row in _rows(test_codecs.test_an_input_that_does_not_suit):
        base = copy.deepcopy(BASES[row["name"]])
        base[row["section"]].update(row["change"])
        if "udp" in row["message"]:
            base["codec"].update(stride=1, warp="udp")
        yield name, base
    for name in (*test_contract.REQUIRED, "keypoints"):
        whole = BASES["top_down"]
        yield f"without {name}", {key: item for key, item in whole.items() if key != name}
        yield f"null as {name}", {**whole, name: None}
    yield from _codec_documents()
    yield from _changed(test_input.test_refuses, "input", test_input.CROP)
    yield from _changed(test_keypoints.test_refuses, "keypoints", test_keypoints.GIVEN)
    for name, row in _rows(test_contract.test_training_refuses):
        training = {"data": row["data"], "description": row["description"]}
        yield name, {**BASES["top_down"], "training": training}


REFUSED = dict(_refused())


def _bytes(document: Any) -> bytes:
    if isinstance(document, bytes):
        return document
    return (document if isinstance(document, str) else json.dumps(document)).encode()


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_alike(name: str) -> None:
    document = _bytes(REFUSED[name])
    assert _message(_core.read_contract, document) == _message(_python, document)
    assert _outcome(_core.read_contract, document) == _outcome(_python, document) == "SpecError"


def test_the_tables_were_found() -> None:
    assert len(REFUSED) > 100


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_reads_the_examples_alike(path: Path) -> None:
    document = path.read_bytes()
    assert _core.read_contract(document) == _python(document)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_reads_the_embedded_models_alike(path: Path) -> None:
    document = _core.find_contract(path.read_bytes())
    assert document == read_entry(path, SPEC_KEY, MAX_BYTES)
    assert document is not None
    assert _core.read_contract(document) == _python(document)


def test_there_is_something_to_read() -> None:
    assert len(EXAMPLES) >= 2
    assert len(MODELS) >= 3


@settings(deadline=None, max_examples=300)
@given(document=documents(schema()), indent=st.sampled_from([None, 1]))
def test_reads_what_the_schema_allows_alike(document: Any, indent: int | None) -> None:
    content = json.dumps(document, indent=indent, ensure_ascii=indent is None)
    encoded = content.encode(errors="surrogatepass")
    assert _outcome(_core.read_contract, encoded) == _outcome(_python, encoded)


NUMBERS = (0, -0.0, 1, 2, 3.0, 4, 7.5, -1, 1e-9, 1e-60, 255.5, 10**30)
WORDS = ("", "udp", "crop", "dark", "letterbox", "detector", "\0", "\ud800", "x" * 10_001)
LISTS: tuple[Any, ...] = ([], [0, 1], [[0, 1]], ["a"], {})
LEAVES = st.sampled_from((None, True, False, *NUMBERS, *WORDS, *LISTS))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all values inside a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from _places(item, (*path, key))


@settings(deadline=None, max_examples=600)
@given(kind=st.sampled_from(sorted(BASES)), data=st.data())
def test_reads_changed_documents_alike(kind: str, data: st.DataObject) -> None:
    document = copy.deepcopy(BASES[kind])
    for _ in range(data.draw(st.integers(1, 2))):
        *above, key = data.draw(st.sampled_from(list(_places(document))))
        part = document
        for step in above:
            part = part[step]
        if data.draw(st.booleans()):
            part[key] = copy.deepcopy(data.draw(LEAVES))
        elif isinstance(part, dict) and data.draw(st.booleans()):
            part[data.draw(st.sampled_from(["type", "shrink", "anchor", "note"]))] = part[key]
        else:
            del part[key]
    content = json.dumps(document).encode()
    assert _outcome(_core.read_contract, content) == _outcome(_python, content)


@pytest.mark.parametrize("kind", BASES)
def test_long_lists_of_the_wrong_kind_fit_the_memory(kind: str) -> None:
    """Room for a list is taken before its items are looked at."""
    for *above, key in _places(BASES[kind]):
        for count in (4, 8, 1000, 1024, 4096):
            document = copy.deepcopy(BASES[kind])
            part = document
            for step in above:
                part = part[step]
            if isinstance(part[key], list):
                part[key] = [1] * count
                content = json.dumps(document, separators=(",", ":")).encode()
                assert _outcome(_core.read_contract, content) == _outcome(_python, content)


@pytest.mark.parametrize("kind", BASES)
def test_reads_damaged_documents_alike(kind: str) -> None:
    random_ = random.Random(f"core {kind}")
    seed = Spec.from_dict(BASES[kind]).to_json().encode()
    read = 0
    for _ in range(1500):
        mutant = test_fuzz._mutant(seed, random_, test_fuzz.TOKENS)
        outcome = _outcome(_core.read_contract, mutant)
        assert outcome == _outcome(_python, mutant), mutant
        read += outcome != "SpecError"
    assert 0 < read < 1500


def _finder(path: Path) -> Callable[[bytes], Any]:
    def find(content: bytes) -> Any:
        path.write_bytes(content)
        found = read_entry(path, SPEC_KEY, MAX_BYTES)
        return None if found is None else found.hex()

    return find


def _core_find(content: bytes) -> Any:
    found = _core.find_contract(content)
    return None if found is None else found.hex()


MODEL_ROWS = [
    *_rows(test_onnx_metadata.test_refuses_hostile_files),
    *_rows(test_onnx_metadata.test_reads_odd_files),
]


@pytest.mark.parametrize(("name", "row"), MODEL_ROWS, ids=[name for name, _ in MODEL_ROWS])
def test_finds_alike(name: str, row: dict[str, Any], tmp_path: Path) -> None:
    content, find = row["content"], _finder(tmp_path / "m.onnx")
    outcome = _outcome(find, content)
    assert _outcome(_core_find, content) == outcome, name
    if outcome == "ModelError":
        with pytest.raises(EdgePoseError) as caught:
            _core.find_contract(content)
        assert str(caught.value).startswith(row["message"])


def test_finds_in_damaged_models_alike(onnx_model: Callable[..., Any], tmp_path: Path) -> None:
    random_ = random.Random("core onnx")
    seed = onnx_model(**{SPEC_KEY: "{}", "author": "x"}).SerializeToString()
    start = seed.index(SPEC_KEY.encode()) - 6
    find = _finder(tmp_path / "m.onnx")
    outcomes = set()
    for case in range(600):
        if case % 2:
            middle = test_fuzz._mutant(seed[start : start + 30], random_, test_fuzz.VARINTS)
            mutant = seed[:start] + middle + seed[start + 30 :]
        else:
            mutant = test_fuzz._mutant(seed, random_, test_fuzz.VARINTS)
        outcome = _outcome(find, mutant)
        assert _outcome(_core_find, mutant) == outcome, mutant
        outcomes.add(outcome)
    assert {"ModelError", "null", f'"{b"{}".hex()}"'} <= outcomes


def test_a_wrong_type_is_told() -> None:
    with pytest.raises(TypeError):
        _core.read_contract("{}")  # type: ignore[arg-type]
    with pytest.raises(SpecError, match=r"^a contract must be JSON: "):
        _core.read_contract(b"")
