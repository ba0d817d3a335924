# SPDX-License-Identifier: Apache-2.0
"""COCO results entries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from results import COCO_17, person, result

from edgepose.io.coco_results import read_keypoint_results
from edgepose.io.result_coco import to_coco


def test_nobody() -> None:
    assert to_coco(result(), 1) == []


def test_an_entry_per_person() -> None:
    given = result(person((10, 20, 50, 100)), person((0, 0, 5.004, 7.5), score=0.25))
    first, second = to_coco(given, 139, category_id=3)
    assert list(first) == ["image_id", "category_id", "bbox", "keypoints", "score"]
    assert (first["image_id"], first["category_id"]) == (139, 3)
    assert first["bbox"] == [10.0, 20.0, 40.0, 80.0]
    assert first["keypoints"][:6] == [10.0, 20.0, 0.5, 12.5, 25.0, 0.5]
    assert first["keypoints"][-3:] == [50.0, 100.0, 0.5]
    assert len(first["keypoints"]) == 3 * len(COCO_17)
    assert second["bbox"] == [0.0, 0.0, 5.0, 7.5]
    assert second["score"] == 0.25


def test_the_reader_reads_them(tmp_path: Path) -> None:
    given = result(person(), person((0, 0, 5, 7)))
    file = tmp_path / "results.json"
    file.write_text(json.dumps(given.to_coco(7), allow_nan=False), encoding="utf-8")
    back = read_keypoint_results(file, len(COCO_17))
    assert back.image_id.tolist() == [7, 7]
    np.testing.assert_allclose(back.xy, given.keypoints.xy, atol=0.006)
    np.testing.assert_allclose(back.box, given.boxes.xyxy, atol=0.011)


def test_text_ids() -> None:
    assert result(person()).to_coco("photo.jpg")[0]["image_id"] == "photo.jpg"
