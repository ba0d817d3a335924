# SPDX-License-Identifier: Apache-2.0
"""The tables that the core reads contracts by have the rows of schema.json, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from edgepose import _core
from edgepose.spec import schema

SCHEMA = schema()
TABLES = _core.contract_tables()
LISTS = {"string": "texts", "integer": "integers", "number": "numbers"}
TUPLES = {2: "pairs", 4: "limbs"}


def _resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def _range(node: dict[str, Any]) -> dict[str, Any]:
    if "const" in node:
        return {"low": node["const"], "high": node["const"]}
    if "enum" in node:
        odd = node["enum"]
        assert odd == list(range(odd[0], odd[-1] + 1, 2))
        return {"low": odd[0], "high": odd[-1], "odd": True}
    low = node.get("minimum", node.get("exclusiveMinimum"))
    return {"low": low, "high": node["maximum"], "above": "exclusiveMinimum" in node}


def _row(node: dict[str, Any]) -> dict[str, Any]:
    """What a field's row in the core must be."""
    node = _resolved(node)
    if node.get("type") == "object":
        return {"kind": "object"}
    if "pattern" in node:
        assert node["pattern"] == "^[0-9a-f]{64}$"
        return {"kind": "digest"}
    if node.get("type") == "string":
        assert (node["minLength"], node["maxLength"]) == (1, 10_000)
        return {"kind": "text"}
    if "enum" in node and "type" not in node:
        return {"kind": "choice", "choices": node["enum"]}
    if node["type"] == "array":
        item = node["items"]
        tuples = item["type"] == "array"
        kind = TUPLES[item["maxItems"]] if tuples else LISTS[item["type"]]
        assert not tuples or item["minItems"] == item["maxItems"]
        row = _row(item["items"] if tuples else item)
        counts = (node.get("minItems", 0), node["maxItems"])
        different = node.get("uniqueItems", False)
        return {**row, "kind": kind, "count": counts, "different": different}
    if node["type"] == "boolean":
        return {"kind": "flag"}
    assert node["type"] in ("integer", "number")
    return {"kind": node["type"], **_range(node)}


def _table(node: dict[str, Any], *left_out: str) -> dict[str, Any]:
    default: dict[str, Any] = {
        "low": 0,
        "high": 0,
        "above": False,
        "odd": False,
        "different": False,
    }
    default |= {"count": (0, 0), "choices": []}
    return {
        name: {**default, **_row(part), "required": name in node["required"]}
        for name, part in node["properties"].items()
        if name not in left_out
    }


@pytest.mark.parametrize(
    ("name", "node"),
    [
        pytest.param("", SCHEMA, id="document"),
        pytest.param("input", SCHEMA["$defs"]["input"], id="input"),
        pytest.param("keypoints", SCHEMA["$defs"]["keypoints"], id="keypoints"),
        pytest.param("training", SCHEMA["properties"]["training"], id="training"),
        pytest.param("quantization", SCHEMA["$defs"]["quantization"], id="quantization"),
    ],
)
def test_objects(name: str, node: dict[str, Any]) -> None:
    assert TABLES[name] == _table(node)
    assert list(TABLES[name]) == list(node["properties"])


def test_codecs_and_tasks() -> None:
    wanted: dict[str, Any] = {}
    tasks: dict[str, Any] = {}
    for branch in map(_resolved, SCHEMA["oneOf"]):
        parts = branch["properties"]
        codec, resize = _resolved(parts["codec"]), parts["input"]["properties"]["resize"]
        task = parts["task"]["const"]
        wanted[codec["properties"]["type"]["const"]] = {
            "task": task,
            "roles": branch["properties"]["outputs"]["required"],
            "fields": _table(codec, "type"),
        }
        resizes = resize.get("enum", [resize.get("const")])
        keypoints = "keypoints" in branch.get("required", ())
        row = {"resizes": resizes, "keypoints": keypoints}
        assert tasks.setdefault(task, row) == row
    assert TABLES["codecs"] == wanted
    assert list(TABLES["codecs"]) == SCHEMA["properties"]["codec"]["properties"]["type"]["enum"]
    assert TABLES["tasks"] == tasks
    assert list(tasks) == SCHEMA["properties"]["task"]["enum"]
