# SPDX-License-Identifier: Apache-2.0
"""Documents drawn from a JSON Schema: the few keywords that the contract's schema uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]


def documents(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema accepts; what it leaves open is small."""

    @st.composite
    def drawn(draw: Draw) -> Any:
        return _value(draw, schema, schema)

    return drawn()


def _value(draw: Draw, node: dict[str, Any], root: dict[str, Any]) -> Any:
    node = _resolved(node, root)
    if "oneOf" in node:
        branch = _resolved(draw(st.sampled_from(node["oneOf"])), root)
        rest = {key: item for key, item in node.items() if key != "oneOf"}
        return _value(draw, _merged(rest, branch, root), root)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return draw(st.sampled_from(node["enum"]))
    kind = node["type"]
    if kind == "boolean":
        return draw(st.booleans())
    if "pattern" in node:
        return draw(st.from_regex(node["pattern"].replace("$", r"\Z"), fullmatch=True))
    if kind == "integer":
        return draw(st.integers(node["minimum"], node["maximum"]))
    if kind == "number":
        low = node.get("minimum", node.get("exclusiveMinimum"))
        open_end = "exclusiveMinimum" in node
        return draw(
            st.floats(low, node["maximum"], exclude_min=open_end) | st.just(node["maximum"])
        )
    if kind == "string":
        characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
        return draw(st.text(characters, min_size=node.get("minLength", 0), max_size=8))
    if kind == "array":
        low, high = node.get("minItems", 0), min(node["maxItems"], node.get("minItems", 0) + 3)
        found = [_value(draw, node["items"], root) for _ in range(draw(st.integers(low, high)))]
        return list(dict.fromkeys(found)) if node.get("uniqueItems") else found
    assert kind == "object", node
    return _object(draw, node, root)


def _object(draw: Draw, node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    needed = set(node.get("required", ()))
    if "if" in node:  # met by giving what `then` needs, whether the condition holds or not
        needed |= set(node["then"]["required"]) if draw(st.booleans()) else set()
    found = {}
    for name, part in node["properties"].items():
        if part is False or (name not in needed and not draw(st.booleans())):
            continue
        found[name] = _value(draw, part or {"type": "string", "minLength": 1}, root)
    if "if" in node and found["subpixel"] in node["if"]["properties"]["subpixel"]["enum"]:
        for name in node["then"]["required"]:
            found.setdefault(name, _value(draw, node["properties"][name], root))
    return found


def _resolved(node: Any, root: dict[str, Any]) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def _merged(a: Any, b: Any, root: dict[str, Any]) -> Any:
    """One schema for what both accept; `b` is the narrower where they overlap."""
    a, b = _resolved(a, root), _resolved(b, root)
    if a is False or b is False:
        return False
    if "enum" in a and "const" in b:
        return b
    both = {**a, **b, "required": [*a.get("required", ()), *b.get("required", ())]}
    if "enum" in a and "enum" in b:
        both["enum"] = [item for item in a["enum"] if item in b["enum"]]
    if "oneOf" in a:
        both["oneOf"] = [branch for branch in a["oneOf"] if _meet(_resolved(branch, root), b)]
    if "properties" in a or "properties" in b:
        left, right = a.get("properties", {}), b.get("properties", {})
        both["properties"] = {
            name: _merged(left[name], right[name], root)
            if name in left and name in right
            else left.get(name, right.get(name))
            for name in {**left, **right}
        }
    return both


def _meet(branch: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a branch's constants are among those of another schema."""
    for name, part in branch.get("properties", {}).items():
        wanted = other.get("properties", {}).get(name)
        if isinstance(part, dict) and "const" in part and isinstance(wanted, dict):
            allowed = wanted.get("enum", [wanted.get("const", part["const"])])
            if part["const"] not in allowed:
                return False
    return True
