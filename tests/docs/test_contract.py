# SPDX-License-Identifier: Apache-2.0
"""docs/contract.md says what schema.json and the readers do."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edgepose.errors import EdgePoseError
from edgepose.spec import Spec, read_spec, schema, validate_model
from edgepose.spec.codecs import CODECS
from edgepose.spec.strict_json import parse

PAGE = Path(__file__).parents[2] / "docs/contract.md"
TEXT = PAGE.read_text(encoding="utf-8")
SCHEMA = schema()
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
# Heading -> the part of the schema that its table describes.
SECTIONS = {
    "The document": SCHEMA,
    "`input`": SCHEMA["$defs"]["input"],
    "`codec` of type `heatmap`": SCHEMA["$defs"]["heatmap_codec"],
    "`codec` of type `simcc`": SCHEMA["$defs"]["simcc_codec"],
    "`codec` of type `paf`": SCHEMA["$defs"]["paf_codec"],
    "`codec` of type `tags`": SCHEMA["$defs"]["tags_codec"],
    "`codec` of type `centers`": SCHEMA["$defs"]["centers_codec"],
    "`codec` of type `yolox`": SCHEMA["$defs"]["yolox_codec"],
    "`keypoints`": SCHEMA["$defs"]["keypoints"],
    "`training`": SCHEMA["properties"]["training"],
    "`quantization`": SCHEMA["$defs"]["quantization"],
}
CONDITIONS = {
    "keypoints": "with `top_down`, `bottom_up`",
    "anchor": "with `letterbox`",
    "box_padding": "with `crop`",
    "shrink": "no",
    "blur_kernel": ("with `dark`, `udp`, `megvii`, `mspn`", "with `dark`"),
    "shifts": "with `mspn`",
    "beta": ("with `integral`", "with `softmax`"),
    "debias": "with `integral`",
    "sigma": "with `gaussian`",
    "quantization": "no",
}


def _rows(heading: str) -> dict[str, list[str]]:
    """Field -> further cells of the table under a heading."""
    part = TEXT.split(f"\n### {heading}\n")[1].split("\n#")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def _type(node: dict[str, Any]) -> str:
    """What the page calls a type of the schema."""
    if "$ref" in node:
        return "object"
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node and node.get("type") == "integer":
        assert node["enum"] == list(range(node["enum"][0], node["enum"][-1] + 1, 2))
        return f"odd integer {node['enum'][0]}..{node['enum'][-1]}"
    if "enum" in node:
        return ", ".join(f"`{item}`" for item in node["enum"])
    if node["type"] == "object":
        return "object of strings" if node.get("additionalProperties") else "object"
    if node["type"] == "boolean":
        return "`true`, `false`"
    if node.get("pattern") == "^[0-9a-f]{64}$":
        return "64 hexadecimal digits"
    if node["type"] == "string":
        assert (node["minLength"], node["maxLength"]) == (1, 10_000)
        return "string"
    if node["type"] == "array":
        low, high = node.get("minItems", 0), node["maxItems"]
        count = f"{low}" if low == high else f"{low}..{high}"
        different = ", all different" if node.get("uniqueItems") else ""
        return f"list of {count}, each {_type(node['items'])}{different}"
    if "exclusiveMinimum" in node:
        return f"{node['type']} above {node['exclusiveMinimum']} to {node['maximum']}"
    return f"{node['type']} {node['minimum']}..{node['maximum']}"


def test_every_table_is_checked() -> None:
    headings = re.findall(r"^### (.*)$", TEXT, re.MULTILINE)
    assert headings == list(SECTIONS)


@pytest.mark.parametrize("heading", SECTIONS)
def test_table(heading: str) -> None:
    rows, node = _rows(heading), SECTIONS[heading]
    assert list(rows) == list(node["properties"])
    for field, part in node["properties"].items():
        kind, unit, need, meaning = rows[field]
        assert kind == _type(part), field
        condition = CONDITIONS.get(field, "")
        if isinstance(condition, tuple):  # a name that two codecs have
            condition = condition[heading == "`codec` of type `simcc`"]
        assert need == ("yes" if field in node["required"] else condition), field
        assert unit
        assert meaning.endswith(".")
        assert part["description"].endswith("."), field


def test_roles_are_named() -> None:
    nodes = {kind: kind for kind in CODECS} | {"heatmap": "top_down"}
    for kind, node in nodes.items():
        part = TEXT.split(f"### `codec` of type `{kind}`\n")[1].split("\n|")[0]
        for role in SCHEMA["$defs"][node]["properties"]["outputs"]["properties"]:
            assert f"`{role}`" in part


@pytest.mark.parametrize("index", range(3), ids=["pose model", "bottom-up", "detector"])
def test_examples(index: int) -> None:
    assert len(EXAMPLES) == 3
    spec = Spec.from_json(EXAMPLES[index])
    assert spec.task == ("top_down", "bottom_up", "detector")[index]
    assert spec.to_dict() == json.loads(EXAMPLES[index])


def test_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    }
    links = re.findall(r"\]\(([^)]*)\)", TEXT)
    assert len(links) > 8
    for link in links:
        assert link[1:] in anchors if link[0] == "#" else (PAGE.parent / link).exists(), link


@dataclass(frozen=True)
class _Port:
    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"


def _changed(section: str, **change: Any) -> Callable[[Path], Any]:
    """Reads the page's pose model with some fields changed; None takes a field out."""

    def read(folder: Path) -> Any:
        document = copy.deepcopy(json.loads(EXAMPLES[0]))
        part = document[section] if section else document
        part.update(change)
        for key in [key for key, value in change.items() if value is None]:
            del part[key]
        return Spec.from_dict(document)

    return read


def _model(content: bytes) -> Callable[[Path], Any]:
    def read(folder: Path) -> Any:
        (folder / "model.onnx").write_bytes(content)
        return read_spec(folder / "model.onnx")

    return read


def _lie(folder: Path) -> None:
    ports = [_Port("image", (1, 3, 256, 192))], [_Port("heatmaps", (1, 17, 64, 48))]
    validate_model(Spec.from_json(EXAMPLES[0]), *ports)


# In the order of the page's table; each gives the message of its row.
CAUSES = [
    _model(b"\x3a\x00"),
    _changed("codec", warp=None),
    _changed("codec", sigma=2),
    _changed("input", color="RGB"),
    _changed("input", anchor="center"),
    _changed("codec", blur_kernel=None),
    _changed("input", width=190),
    _changed("input", std=[1e-60, 1, 1]),
    _changed("", edgepose_spec=2),
    lambda folder: parse('{"name": 1, "name": 2}'),
    lambda folder: parse(b"\xef\xbb\xbf{}"),
    _lie,
    _model(b"<!DOCTYPE html>"),
    _model(b"\x3a\x7f"),
]
MESSAGES = re.findall(r"^\| `(.*?)` \| [^|]*\|$", TEXT.split("\n## Errors\n")[1], re.MULTILINE)


@pytest.mark.parametrize("index", range(len(CAUSES)))
def test_messages_are_those_of_the_readers(index: int, tmp_path: Path) -> None:
    assert len(MESSAGES) == len(CAUSES)
    with pytest.raises(EdgePoseError) as caught:
        CAUSES[index](tmp_path)
    assert MESSAGES[index] in str(caught.value)
