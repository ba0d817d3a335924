# SPDX-License-Identifier: Apache-2.0
"""`edgepose models`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_centers, write_pose

from edgepose.cli.models import card_field
from edgepose.models import ModelEntry, list_models

CARD = "---\nlicense: Apache-2.0\nmeasured: 'COCO val AP 41.3'\n---\n# tiny\n"


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModelEntry, ...]:
    """A pose model with card, a detector without, and one without weights."""
    card = tmp_path / "pose.md"
    card.write_text(CARD, encoding="utf-8")
    none = tmp_path / "none.md"
    found = (
        ModelEntry("tiny", "top_down", "pose", write_pose(tmp_path / "pose.onnx"), card),
        ModelEntry("det", "detector", "person", write_centers(tmp_path / "det.onnx"), none),
        ModelEntry("gone", "top_down", "pose", tmp_path / "gone.onnx", none),
    )
    monkeypatch.setattr("edgepose.cli.models.list_models", lambda: found)
    return found


def test_no_model(edgepose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgepose.cli.models.list_models", lambda: ())
    assert edgepose("models", "--json").stdout == "[]\n"
    assert edgepose("models").exit_code == 0


@pytest.mark.usefixtures("entries")
def test_table(edgepose: Any) -> None:
    result = edgepose("models")
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line for line in result.stdout.splitlines() if line.strip()}
    for part in ("pose", "32x48", "kB", "Apache-2.0", "COCO val AP 41.3"):
        assert part in rows["tiny"]
    assert "64x64" in rows["det"]
    assert "not installed" in rows["gone"]


def test_json(edgepose: Any, entries: tuple[ModelEntry, ...]) -> None:
    tiny, _, gone = json.loads(edgepose("models", "--json").stdout)
    assert tiny == {
        "name": "tiny",
        "task": "top_down",
        "role": "pose",
        "installed": True,
        "file": str(entries[0].path),
        "card": str(entries[0].card),
        "width": 32,
        "height": 48,
        "bytes": entries[0].path.stat().st_size,
        "license": "Apache-2.0",
        "measured": "COCO val AP 41.3",
    }
    assert gone["installed"] is False
    assert gone["bytes"] is None


def test_model_without_contract_is_an_error(edgepose: Any, entries: tuple[ModelEntry, ...]) -> None:
    write_pose(entries[0].path, {})
    result = edgepose("models")
    assert result.exit_code == 1
    assert "carries no edgepose.spec" in result.stderr


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# card\nmeasured: 1\n", None),
        (CARD, "COCO val AP 41.3"),
        ("---\nmeasured:\n---\n", None),
        ("---\nlicense: MIT\n---\nmeasured: 1\n", None),
        ("---\nno colon\nmeasured: a: b\n", "a: b"),
    ],
    ids=["empty", "no-front-matter", "quoted", "no-value", "after-the-end", "colons"],
)
def test_field_of_a_card(tmp_path: Path, text: str, value: str | None) -> None:
    card = tmp_path / "card.md"
    card.write_text(text, encoding="utf-8")
    assert card_field(card, "measured") == value


@pytest.mark.parametrize("entry", list_models(), ids=lambda entry: entry.name)
def test_embedded_models_are_described(edgepose: Any, entry: ModelEntry) -> None:
    rows = {row["name"]: row for row in json.loads(edgepose("models", "--json").stdout)}
    row = rows[entry.name]
    assert row["installed"] is entry.path.is_file()
    if row["installed"]:
        assert row["license"]
        assert row["width"] > 0
        assert row["measured"], f"{entry.card}: front matter must have a line 'measured: ...'"
