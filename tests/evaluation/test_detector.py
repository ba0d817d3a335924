# SPDX-License-Identifier: Apache-2.0
"""Evaluation of a detector over a data set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edgepose.errors import AnnotationError, ImageError, InputError
from edgepose.evaluation.detector import evaluate_detector
from edgepose.io.coco import CocoDataset, read_coco
from edgepose.io.coco_results import ImageBoxes

TALL, SMALL, CROWD = [10, 5, 60, 140], [80, 20, 20, 40], [120, 20, 30, 60]


@pytest.fixture
def dataset(tmp_path: Path) -> CocoDataset:
    """One picture with a tall and a small person and a crowd region."""
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((160, 200, 3), np.uint8))
    rows = [
        {"id": i, "image_id": 1, "category_id": 1, "bbox": box, "iscrowd": int(box is CROWD),
         "area": 1.0, "keypoints": [0, 0, 0], "num_keypoints": 0}
        for i, box in enumerate((TALL, SMALL, CROWD), start=1)
    ]  # fmt: skip
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 200, "height": 160}],
        "annotations": rows,
        "categories": [{"id": 1, "name": "person", "keypoints": ["nose"]}],
    }
    (tmp_path / "a.json").write_text(json.dumps(document))
    return read_coco(tmp_path / "a.json")


class Fixed:
    """A detector that always gives the same."""

    def __init__(self, *rows: tuple[list[float], float]) -> None:
        self.boxes = np.array([box for box, _ in rows], np.float64).reshape(-1, 4)
        self.score = np.array([score for _, score in rows], np.float32)

    def __call__(self, image: Any) -> Any:
        assert image.shape == (160, 200, 3)
        return self.boxes, self.score


def boxes_of(dataset: CocoDataset, rows: list[int]) -> list[list[float]]:
    return [dataset.persons.box[row].tolist() for row in rows]


def test_numbers(dataset: CocoDataset, tmp_path: Path) -> None:
    tall, crowd = boxes_of(dataset, [0, 2])
    stray = [150.0, 100.0, 180.0, 150.0]
    calls = []
    found = evaluate_detector(
        Fixed((tall, 0.9), (crowd, 0.8), (stray, 0.2)),
        dataset,
        tmp_path,
        min_score=0.1,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert found.numbers() == pytest.approx(
        {"AP50": 51 / 101, "recall": 0.5, "recall>96px": 1.0, "precision": 0.5, "F1": 0.5}
    )
    assert calls == [(1, 1)]
    document = found.to_dict()
    assert (document["persons"], document["boxes"], document["images"]) == (2, 2, 1)
    json.dumps(document, allow_nan=False)


def test_ignored_boxes_count_neither_way(dataset: CocoDataset, tmp_path: Path) -> None:
    stray = [150.0, 100.0, 180.0, 150.0]
    ignored = {1: ImageBoxes(np.array([stray]), np.array([0.9]))}
    found = evaluate_detector(
        Fixed((stray, 0.2)), dataset, tmp_path, min_score=0.1, ignored=ignored
    )
    assert found.numbers() == {
        "AP50": 0.0, "recall": 0.0, "recall>96px": 0.0, "precision": None, "F1": None,
    }  # fmt: skip


def test_no_box_at_all(dataset: CocoDataset, tmp_path: Path) -> None:
    found = evaluate_detector(Fixed(), dataset, tmp_path, min_score=0.5)
    assert found.numbers()["recall"] == 0.0
    assert found.to_dict()["boxes"] == 0


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_bad_score(dataset: CocoDataset, tmp_path: Path, score: float) -> None:
    with pytest.raises(InputError, match="min_score"):
        evaluate_detector(Fixed(), dataset, tmp_path, min_score=score)


def test_bad_pictures(dataset: CocoDataset, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"picture not found: .*a\.png$"):
        evaluate_detector(Fixed(), dataset, tmp_path / "elsewhere", min_score=0.5)
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(ImageError):
        evaluate_detector(Fixed(), dataset, tmp_path, min_score=0.5)
