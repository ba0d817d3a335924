# SPDX-License-Identifier: Apache-2.0
"""`edgepose val-detector`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from edgepose.cli.val_detector import val_detector
from edgepose.errors import EdgePoseError, InputError

PHOTO = Path(__file__).parents[2] / "edgepose" / "assets" / "photographer.jpg"
PERSON = [140.0, 60.0, 250.0, 430.0]  # where the photographer is, by eye


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The photographer, labelled."""
    shutil.copy(PHOTO, tmp_path / "1.jpg")
    row = {"id": 1, "image_id": 1, "category_id": 1, "bbox": PERSON, "area": 1.0,
           "keypoints": [0, 0, 0], "num_keypoints": 0}  # fmt: skip
    document = {
        "images": [{"id": 1, "file_name": "1.jpg", "width": 512, "height": 512}],
        "annotations": [row],
        "categories": [{"id": 1, "name": "person", "keypoints": ["nose"]}],
    }
    (tmp_path / "a.json").write_text(json.dumps(document))
    return tmp_path


def run(folder: Path, *arguments: str) -> Any:
    app = typer.Typer()
    app.command()(val_detector)
    options = ["--annotations", str(folder / "a.json"), "--images", str(folder), *arguments]
    return CliRunner().invoke(app, options)


def test_writes_numbers(folder: Path) -> None:
    result = run(folder, "--json", str(folder / "out.json"))
    assert result.exit_code == 0, result.output
    assert "det-n: 1 pictures, 1 persons" in " ".join(result.output.split())
    document = json.loads((folder / "out.json").read_text())
    assert document["model"] == "det-n"
    assert document["persons"] == 1
    assert document["boxes"] >= 1


def test_ignored_boxes(folder: Path) -> None:
    whole = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 512, 512], "score": 0.3}
    (folder / "boxes.json").write_text(json.dumps([whole]))
    given = ("--ignore-boxes", str(folder / "boxes.json"), "--json", "-", "--min-score", "0.9")
    strict = json.loads(run(folder, *given).stdout)
    assert strict["min_score"] == 0.9
    loose = json.loads(run(folder, *given, "--ignore-score", "0.2").stdout)
    assert loose["boxes"] <= strict["boxes"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--images", "nowhere"], "--images must be a folder", id="no-folder"),
        pytest.param(["--json", "nowhere/out.json"], "cannot write", id="no-place"),
        pytest.param(["--model", "hrnet-s"], "task 'detector'", id="no-detector"),
        pytest.param(["--min-score", "2"], "min_score must be 0..1", id="bad-score"),
    ],
)
def test_bad_arguments(folder: Path, arguments: list[str], message: str) -> None:
    result = run(folder, *arguments)
    assert isinstance(result.exception, InputError), result.output
    assert isinstance(result.exception, EdgePoseError)
    assert message in str(result.exception)
