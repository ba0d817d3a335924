# SPDX-License-Identifier: Apache-2.0
"""`edgepose val`."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import typer
from tiny_models import write_pose
from typer.testing import CliRunner

from edgepose.cli.val import val
from edgepose.errors import AnnotationError, EdgePoseError, InputError

NAMES = ("head", "foot")


class BoxPose:
    """Answers with head and foot at the upper and lower middle of each box."""

    skeleton = SimpleNamespace(names=NAMES, sigmas=(0.1, 0.1))
    made: list[dict[str, Any]]

    def __init__(self, **options: Any) -> None:
        BoxPose.made.append(options)

    def __call__(self, source: Any, boxes: Any = None) -> Any:
        used = np.array([[0, 0, 20, 40]] if boxes is None else boxes, dtype=float)
        persons = []
        for x1, y1, x2, y2 in used:
            xy = np.array([[(x1 + x2) / 2, y1], [(x1 + x2) / 2, y2]])
            keypoints = SimpleNamespace(xy=xy, score=np.array([0.5, 0.5]))
            box = np.array([x1, y1, x2, y2])
            persons.append(SimpleNamespace(box=box, score=0.5, keypoints=keypoints))
        return SimpleNamespace(
            persons=tuple(persons),
            image_wh=(64, 48),
            model="box-pose",
            detector=None,
            timing=SimpleNamespace(stages={"pose": 1.0}, total=2.0),
        )


class Files:
    """Two pictures with one person of medium size each, and a helper that runs the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images = folder / "images"
        self.images.mkdir()
        rows = []
        for number in (1, 2):
            (self.images / f"{number}.png").touch()
            rows.append(
                {
                    "id": number,
                    "image_id": number,
                    "category_id": 1,
                    "bbox": [0, 0, 40, 80],
                    "keypoints": [20, 0, 2, 20, 80 if number == 1 else 70, 2, 1, 1, 2],
                }
            )
        category = {"id": 1, "name": "person", "keypoints": [*NAMES, "tail"]}
        content = {
            "images": [{"id": n, "file_name": f"{n}.png"} for n in (1, 2)],
            "annotations": rows,
            "categories": [category],
        }
        self.annotations = folder / "annotations.json"
        self.annotations.write_text(json.dumps(content), encoding="utf-8")
        self.app = typer.Typer()
        self.app.command()(val)

    def run(self, *options: str) -> Any:
        required = ["--annotations", str(self.annotations), "--images", str(self.images)]
        return CliRunner().invoke(self.app, [*required, *options])

    def error(self, *options: str) -> BaseException | None:
        result = self.run(*options)
        assert result.exit_code != 0
        assert result.stdout == ""
        exception: BaseException | None = result.exception
        return exception


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    BoxPose.made = []
    monkeypatch.setattr("edgepose.pose.Pose", BoxPose)
    return Files(tmp_path)


KEYS = ["AP", "AP50", "AP75", "APM", "APL", "AR", "AR50", "AR75", "ARM", "ARL", "PCK@0.1"]


def test_prints_the_table(files: Files) -> None:
    result = files.run()
    assert result.exit_code == 0, result.output
    for name in KEYS:
        assert name in result.stdout
    assert "box-pose, boxes gt: 2 pictures, 2 persons, 2 shared keypoints" in result.stdout
    assert "75.0" in result.stdout  # PCK: three of four keypoints
    assert "1 keypoint names the model does not have, ignored: tail" in result.stdout
    assert " - " in result.stdout  # nobody is large
    assert BoxPose.made[0]["detector"] is None


def test_json_on_standard_output_is_all_there(files: Files) -> None:
    result = files.run("--json", "-")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert list(content)[2:15] == [*KEYS, "images", "persons"]
    assert content["PCK@0.1"] == 0.75
    assert content["APL"] is None
    assert (content["images"], content["persons"]) == (2, 2)
    assert (content["boxes"], content["model"]) == ("gt", "box-pose")
    assert "AP50" in result.stderr


def test_files_are_written(files: Files) -> None:
    numbers, points = files.folder / "numbers.json", files.folder / "points.json"
    result = files.run("--json", str(numbers), "--results", str(points), "--limit", "1")
    assert result.exit_code == 0, result.output
    assert json.loads(numbers.read_text(encoding="utf-8"))["images"] == 1
    rows = json.loads(points.read_text(encoding="utf-8"))
    assert rows == [
        {
            "image_id": 1,
            "category_id": 1,
            "keypoints": [20.0, 0.0, 0.5, 20.0, 80.0, 0.5],
            "score": 0.5,
        }
    ]


def test_detector_and_options_reach_the_pipeline(files: Files) -> None:
    spec = files.folder / "d.json"
    options = ["--boxes", "detector", "--detector", "d.onnx", "--detector-spec", str(spec)]
    model = str(write_pose(files.folder / "m.onnx"))
    result = files.run(*options, "--threads", "2", "--model", model, "--area", "box")
    assert result.exit_code == 0, result.output
    assert BoxPose.made == [
        {
            "model": model,
            "spec": None,
            "detector": "d.onnx",
            "detector_spec": spec,
            "threads": 2,
            "backend": "onnxruntime",
            "device": None,
            "strict": False,
            "min_box_score": 0.05,
        }
    ]
    assert files.run("--min-box-score", "0.2").exit_code == 0
    assert BoxPose.made[-1]["min_box_score"] is None, "there is no detector"


def test_boxes_from_a_file(files: Files) -> None:
    boxes = files.folder / "boxes.json"
    row = {"image_id": 2, "category_id": 1, "bbox": [0, 0, 40, 80], "score": 0.5}
    boxes.write_text(json.dumps([row]), encoding="utf-8")
    result = files.run("--boxes", str(boxes), "--json", "-")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert content["predictions"] == 1
    assert content["PCK@0.1"] == 0.25
    boxes.write_text(json.dumps([{**row, "image_id": 3}]), encoding="utf-8")
    error = files.error("--boxes", str(boxes))
    assert isinstance(error, AnnotationError)
    assert "image_id 3 is not among the annotated images" in str(error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--boxes", "none.json"], "--boxes must be gt, detector or a file; got none.json"),
        (["--area", "mask"], "--area must be annotation or box; got 'mask'"),
        (["--images", "none"], "--images must be a folder; got none"),
        (["--annotations", "none.json"], "none.json: cannot read"),
        (["--json", "none/a.json"], "its folder does not exist"),
        (["--results", "none/a.json"], "its folder does not exist"),
    ],
    ids=["boxes", "area", "images", "annotations", "json", "results"],
)
def test_wrong_arguments(files: Files, options: list[str], message: str) -> None:
    error = files.error(*options)
    assert isinstance(error, InputError)
    assert message in str(error)
    assert "\n" not in str(error)
    assert BoxPose.made == []


def test_missing_picture(files: Files) -> None:
    (files.images / "2.png").unlink()
    error = files.error()
    assert isinstance(error, EdgePoseError)
    assert "picture not found" in str(error)


@pytest.mark.parametrize("option", ["--limit", "--threads"])
def test_counts_must_be_positive(files: Files, option: str) -> None:
    assert files.run(option, "0").exit_code == 2
