# SPDX-License-Identifier: Apache-2.0
"""`edgepose verify`."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tiny_models import (
    paf_document,
    pose_document,
    simcc_document,
    write_paf,
    write_pose,
    write_simcc,
)


@pytest.fixture
def photos(scratch: Any) -> Path:
    scratch.picture("photos/one.png")
    scratch.picture("photos/two.png", people=2)
    return Path(scratch.folder) / "photos"


@pytest.fixture
def labels(scratch: Any, photos: Path) -> Path:
    person = {"category_id": 1, "iscrowd": 0, "area": 900, "keypoints": [12, 20, 2, 0, 0, 0] * 3}
    rows = [(1, [0, 8, 24, 40]), (2, [0, 8, 24, 40]), (2, [32, 8, 24, 40])]
    document = {
        "images": [
            {"id": index, "file_name": name, "width": 64, "height": 64}
            for index, name in ((1, "one.png"), (2, "two.png"), (3, "nobody.png"))
        ],
        "annotations": [
            {**person, "id": index, "image_id": image, "bbox": box, "num_keypoints": 3}
            for index, (image, box) in enumerate(rows, start=1)
        ],
        "categories": [
            {"id": 1, "name": "person", "keypoints": ["red", "r2", "green", "g2", "blue", "b2"]}
        ],
    }
    file = Path(scratch.folder) / "labels.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def other(scratch: Any) -> Path:
    document = pose_document()
    document["codec"] = {**document["codec"], "warp": "legacy"}
    return write_pose(Path(scratch.folder) / "other.onnx", document)


def test_same_model(scratch: Any, photos: Path, labels: Path) -> None:
    arguments = ("--images", photos, "--annotations", labels, "--max-error", "0")
    result = scratch.run("verify", scratch.pose, *arguments)
    assert result.exit_code == 0, result.output
    assert "2 pictures, 3 persons, 9 keypoints" in " ".join(result.stdout.split())
    assert "Who differs most" in result.stdout


def test_whole_pictures_without_annotations(scratch: Any, photos: Path) -> None:
    result = scratch.run("verify", scratch.pose, "--images", photos, "--json", "-")
    content = json.loads(result.stdout)
    assert (content["pictures"], content["persons"]) == (2, 2)
    assert content["image_px"]["max"] == 0


def test_models_that_differ(scratch: Any, photos: Path, labels: Path, other: Path) -> None:
    target, overlays = Path(scratch.folder) / "numbers.json", Path(scratch.folder) / "worst"
    arguments = ("--images", photos, "--annotations", labels, "--max-error", "0.5")
    more = ("--json", target, "--save", overlays, "--worst", "2", "--limit", "1")
    result = scratch.run("verify", scratch.pose, other, *arguments, *more)
    assert result.exit_code == 1
    assert "edgepose: keypoints differ by up to" in result.stderr
    assert "allowed: 0.5" in result.stderr
    content = scratch.read(target)
    assert content["image_px"]["max"] > 0.5
    assert content["persons"] == len(content["worst"]) == 1
    assert content["b"]["model"] == str(other)
    assert [path.name for path in overlays.iterdir()] == ["01_one.png"]
    assert scratch.pixels(overlays / "01_one.png").shape[2] == 3


def test_nothing_that_counts_does_not_pass(scratch: Any, photos: Path) -> None:
    arguments = ("--images", photos, "--min-score", "9", "--max-error", "1")
    assert scratch.run("verify", scratch.pose, *arguments).exit_code == 1


def test_runtimes(scratch: Any, photos: Path, labels: Path) -> None:
    if find_spec("openvino") is None:
        pytest.skip("openvino is not installed")
    arguments = ("--images", photos, "--annotations", labels, "--max-error", "0.001")
    more = ("--backend-b", "openvino", "--device-b", "cpu", "--json", "-")
    result = scratch.run("verify", scratch.pose, *arguments, *more)
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert content["a"]["name"] == "tiny-pose (CPUExecutionProvider)"
    assert content["b"]["name"] == "tiny-pose (CPU)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--images", "nowhere"), "--images must be a folder; got nowhere"),
        (("--images", ".", "--json", "no/x.json"), "its folder does not exist"),
    ],
    ids=["folder", "json"],
)
def test_refuses(scratch: Any, arguments: tuple[str, ...], said: str) -> None:
    result = scratch.run("verify", scratch.pose, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_picture_that_is_gone(scratch: Any, photos: Path, labels: Path) -> None:
    (photos / "two.png").unlink()
    result = scratch.run("verify", scratch.pose, "--images", photos, "--annotations", labels)
    assert result.exit_code == 1
    assert "picture not found" in result.stderr


def test_simcc(scratch: Any, photos: Path, labels: Path) -> None:
    a = write_simcc(Path(scratch.folder) / "a.onnx")
    b = write_simcc(Path(scratch.folder) / "b.onnx", simcc_document(warp="legacy"))
    arguments = ("--images", photos, "--annotations", labels, "--json", "-")
    content = json.loads(scratch.run("verify", a, *arguments, "--max-error", "0").stdout)
    assert (content["persons"], content["image_px"]["max"]) == (3, 0)
    assert content["outputs_max_abs"] == {"simcc_x": 0, "simcc_y": 0}
    document = simcc_document(warp="legacy", split_ratio=1)
    document["input"]["box_padding"] = 1.3
    b = write_simcc(Path(scratch.folder) / "b.onnx", document)
    content = json.loads(scratch.run("verify", a, b, *arguments).stdout)
    assert content["image_px"]["max"] > 0


def test_bottom_up(scratch: Any, photos: Path, labels: Path) -> None:
    a = write_paf(Path(scratch.folder) / "a.onnx")
    strict = write_paf(Path(scratch.folder) / "b.onnx", paf_document(min_joints=3))
    scratch.lying("photos/one.png")
    scratch.lying("photos/two.png", people=2)
    overlays = Path(scratch.folder) / "worst"
    arguments = ("--images", photos, "--max-error", "0.01")
    result = scratch.run("verify", a, *arguments)
    assert result.exit_code == 0, result.output
    assert "2 pictures, 3 persons, 8 keypoints" in " ".join(result.stdout.split())
    result = scratch.run("verify", a, strict, *arguments, "--save", overlays)
    assert result.exit_code == 1
    assert "1 people and 0 keypoints are found by one model alone" in result.stderr
    assert "people found by one alone: A 1, B 0" in " ".join(result.stdout.split())
    assert "only in A" in result.stdout
    assert next(path.name for path in sorted(overlays.iterdir())) == "01_two.png"
    result = scratch.run("verify", a, "--images", photos, "--annotations", labels)
    assert "picture not found" in result.stderr
    (photos / "nobody.png").write_bytes((photos / "one.png").read_bytes())
    more = ("--annotations", labels, "--limit", "1", "--json", "-")
    content = json.loads(scratch.run("verify", a, *arguments, *more).stdout)
    assert (content["pictures"], content["min_oks"]) == (1, 0.5)


def test_models_of_different_tasks(scratch: Any, photos: Path) -> None:
    other = write_paf(Path(scratch.folder) / "b.onnx")
    result = scratch.run("verify", scratch.pose, other, "--images", photos)
    assert result.exit_code == 1
    assert "must be for one task; got 'top_down' and 'bottom_up'" in result.stderr
