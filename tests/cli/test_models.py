# SPDX-License-Identifier: Apache-2.0
"""`edgepose models`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_centers, write_pose

from edgepose.cli.models import card_field
from edgepose.models import ModelEntry, Release, list_models

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
        "pull": False,
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


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    """A model to be fetched from the folder `stick`."""
    (tmp_path / "stick").mkdir()
    file = write_pose(tmp_path / "stick" / "tiny-pose.onnx")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    release = Release("{base}/tiny-pose.onnx", file.stat().st_size, digest)
    card = tmp_path / "card.md"
    card.write_text(CARD, encoding="utf-8")
    path = tmp_path / "data" / "tiny-pose.onnx"
    entry = ModelEntry("tiny-pose", "top_down", "pose", path, card, release)
    for place in ("edgepose.cli.models", "edgepose.download.release"):
        monkeypatch.setattr(f"{place}.list_models", lambda: (entry,))
    monkeypatch.setattr("edgepose.download.release.models_folder", lambda: path.parent)
    monkeypatch.delenv("EDGEPOSE_MODELS_URL", raising=False)
    return entry


def test_pull(edgepose: Any, released: ModelEntry, tmp_path: Path) -> None:
    (row,) = json.loads(edgepose("models", "--json").stdout)
    assert (row["installed"], row["pull"], row["license"]) == (False, True, "Apache-2.0")
    assert (row["bytes"], row["width"]) == (released.release and released.release.bytes, None)
    assert "kB to pull" in edgepose("models").stdout
    result = edgepose("models", "pull", "tiny-pose", "--from", tmp_path / "stick")
    assert result.exit_code == 0, result.output
    assert "fetched, SHA-256 is right" in result.stdout
    assert released.path.is_file()
    assert "had been there" in edgepose("models", "pull", "tiny-pose").stdout
    (row,) = json.loads(edgepose("models", "--json").stdout)
    assert (row["installed"], row["width"]) == (True, 32)


def test_pull_to_a_folder(edgepose: Any, released: ModelEntry, tmp_path: Path) -> None:
    arguments = ("--from", tmp_path / "stick", "--to", tmp_path / "mine")
    assert edgepose("models", "pull", "tiny-pose", *arguments).exit_code == 0
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["tiny-pose.onnx"]
    assert not released.path.exists()


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Missing argument"),
        (("nobody",), 1, "edgepose: the models to fetch are tiny-pose; got 'nobody'"),
        (("tiny-pose",), 1, "no address of releases is set"),
    ],
    ids=["empty", "unknown", "no-address"],
)
def test_pull_refuses(edgepose: Any, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = edgepose("models", "pull", *arguments)
    assert result.exit_code == code
    assert said in result.stderr


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
    assert row["pull"] is (entry.release is not None)
    if row["installed"] or row["pull"]:
        assert row["license"]
        assert row["bytes"] > 0
        assert row["measured"], f"{entry.card}: front matter must have a line 'measured: ...'"
