# SPDX-License-Identifier: Apache-2.0
"""The gate of the embedded INT8 models: they must find what the float models find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import edgepose
from edgepose.cli.verify import people_of
from edgepose.evaluation.agreement import PictureBoxes, compare
from edgepose.io.images import read_image
from edgepose.metrics.boxes import iou_matrix
from edgepose.pipelines import Detector, TopDown, open_network

ASSETS = Path(edgepose.__file__).with_name("assets")
ASTRONAUT = PictureBoxes(ASSETS / "astronaut.jpg", np.array([[20.0, 5.0, 420.0, 511.0]]))
PHOTOGRAPHER = PictureBoxes(ASSETS / "photographer.jpg", np.array([[18.0, 50.0, 331.0, 501.0]]))


def poses() -> list[TopDown]:
    """The float network and its INT8 form."""
    names = ("hrnet-s", "hrnet-s-int8")
    return [TopDown(open_network(name, task="top_down", threads=1)) for name in names]


def test_the_same_keypoints_in_the_demo() -> None:
    """Sure keypoints stay within two cells of the heatmap, 8 px of the input."""
    model, int8 = poses()
    found = compare(model, int8, [ASTRONAUT, PHOTOGRAPHER], min_score=0.3)
    assert found.keypoints >= 10
    assert found.input_px.max < 8
    assert found.oks_mean > 0.95


def test_the_same_people_in_the_demo() -> None:
    names = ("det-n", "det-n-int8")
    both = [Detector(open_network(name, task="detector", threads=1)) for name in names]
    for photo in (ASTRONAUT, PHOTOGRAPHER):
        image = read_image(photo.path)
        (boxes_a, score_a), (boxes_b, score_b) = (model(image) for model in both)
        assert iou_matrix(boxes_a[:1], boxes_b[:1])[0, 0] > 0.9
        assert score_b[0] == pytest.approx(score_a[0], abs=0.05)


def test_the_same_keypoints_in_photos(shared_dir: Path) -> None:
    photos = shared_dir / "data/people/coco"
    if not photos.is_dir():
        pytest.skip(f"no photos in {shared_dir}")
    people = people_of(photos / "images", photos / "person_keypoints_val.json", 30)
    model, int8 = poses()
    found = compare(model, int8, people, min_score=0.3)
    assert found.keypoints > 200
    assert found.input_px.mean < 1
    assert found.oks_mean > 0.97
