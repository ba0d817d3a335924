# SPDX-License-Identifier: Apache-2.0
"""The models inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgepose import models
from edgepose.errors import InputError, ModelError
from edgepose.models import WEIGHTS, ModelEntry, list_models, resolve
from edgepose.spec import read_spec

ENTRIES = list_models()
NAMES = ["hrnet-s", "hrnet-s-int8", "det-n", "det-n-int8"]


def test_lists_the_default_first() -> None:
    assert [entry.name for entry in ENTRIES] == NAMES
    assert [entry.task for entry in ENTRIES] == ["top_down"] * 2 + ["detector"] * 2
    assert all(entry.role for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_entry_is_true(entry: ModelEntry) -> None:
    if not entry.path.is_file():
        pytest.skip(f"the tree is without {entry.path.name}")
    assert resolve(entry.name) == entry.path
    front, _, body = entry.card.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    assert "\nmeasured: " in front
    assert body.startswith(f"# {entry.name}\n")
    spec = read_spec(entry.path)
    assert (spec.name, spec.task) == (entry.name, entry.task)


def test_every_weight_is_listed() -> None:
    listed = {path for entry in ENTRIES for path in (entry.path, entry.card)}
    assert {*WEIGHTS.glob("*.onnx"), *WEIGHTS.glob("*.md")} <= listed


@pytest.mark.parametrize("make", [str, Path], ids=["text", "path"])
def test_file(tmp_path: Path, make: Any) -> None:
    file = tmp_path / "own"  # no suffix, but it is there
    file.touch()
    assert resolve(make(file)) == file


def test_name_without_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ModelEntry("lost", "detector", "test", tmp_path / "lost.onnx", tmp_path / "lost.md")
    monkeypatch.setattr(models, "list_models", lambda: (lost,))
    with pytest.raises(ModelError, match="installed without the weights of 'lost'"):
        resolve("lost")


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("", InputError, "model must be a name or a path; got ''"),
        (None, InputError, "model must be a name or a path; got None"),
        (b"det-n", InputError, "model must be a name or a path"),
        (
            "hrnet",
            InputError,
            "model must be a file or one of hrnet-s, hrnet-s-int8, det-n, det-n-int8; got 'hrnet'",
        ),
        ("none.onnx", ModelError, "none.onnx: no such model file"),
        ("none/hrnet-s", ModelError, "no such model file"),
        (Path("hrnet-s"), ModelError, "hrnet-s: no such model file"),
        (Path(), ModelError, "no such model file"),
        ("a\0b.onnx", ModelError, "no such model file"),
        ("x" * 5000 + ".onnx", ModelError, "no such model file"),
    ],
    ids=["empty", "none", "bytes", "name", "file", "folder", "path", "dot", "zero_byte", "long"],
)
def test_refuses(
    model: Any,
    kind: type[Exception],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind) as caught:
        resolve(model)
    assert message in str(caught.value)
