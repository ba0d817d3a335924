# SPDX-License-Identifier: Apache-2.0
"""`edgepose predict` and `edgepose val` with a model that needs no boxes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import pytest
from tiny_models import BLUE, GREEN, NAMES, RED, picture, write_paf

LYING = picture((64, 48), [(8, 8, RED), (24, 8, GREEN), (40, 8, BLUE)])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_paf(tmp_path / "paf.onnx")


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, ...]:
    """A picture with one person; its labels as options of `val`."""
    folder = tmp_path / "images"
    folder.mkdir()
    assert cv2.imwrite(str(folder / "1.png"), LYING)
    points = [9.5, 9.5, 2, 25.5, 9.5, 2, 41.5, 9.5, 2]
    person = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 64, 48], "area": 2048}
    category = {"id": 1, "name": "person", "keypoints": list(NAMES)}
    content = {
        "images": [{"id": 1, "file_name": "1.png", "width": 64, "height": 48}],
        "annotations": [{**person, "iscrowd": 0, "keypoints": points, "num_keypoints": 3}],
        "categories": [category],
    }
    file = tmp_path / "labels.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return "--annotations", str(file), "--images", str(folder)


def test_predict(edgepose: Any, model: Path, data: tuple[str, ...]) -> None:
    target = model.with_name("out.json")
    result = edgepose("predict", f"{data[3]}/1.png", "--model", model, "--json", target)
    assert result.exit_code == 0, result.output
    found = json.loads(target.read_text(encoding="utf-8"))
    assert (found["model"], found["detector"]) == ("tiny-paf", None)
    assert [round(value, 2) for value in found["persons"][0]["box"]] == [9.5, 9.5, 41.5, 9.5]


def test_predict_refuses_a_detector(edgepose: Any, model: Path, data: tuple[str, ...]) -> None:
    result = edgepose("predict", f"{data[3]}/1.png", "--model", model, "--detector", "x.onnx")
    assert result.exit_code == 1
    assert "detector needs a model for task 'top_down'" in result.output


def test_val(edgepose: Any, model: Path, data: tuple[str, ...]) -> None:
    target = model.with_name("numbers.json")
    result = edgepose("val", *data, "--model", model, "--json", target)
    assert result.exit_code == 0, result.output
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["AP"] == pytest.approx(1)
    assert (found["boxes"], found["detector"], found["predictions"]) == ("none", None, 1)
    assert "min_box_score" not in found
    assert "tiny-paf, boxes none: 1 pictures" in result.output


def test_val_refuses_boxes(edgepose: Any, model: Path, data: tuple[str, ...]) -> None:
    result = edgepose("val", *data, "--model", model, "--boxes", "gt")
    assert result.exit_code == 1
    assert "--boxes needs a top-down model" in result.output
