# SPDX-License-Identifier: Apache-2.0
"""How far two networks agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tiny_models import BLUE, GREEN, RED, picture, pose_document, write_pose

from edgepose.errors import InputError
from edgepose.evaluation.agreement import Agreement, PictureBoxes, compare
from edgepose.evaluation.side_by_side import side_by_side
from edgepose.pipelines import TopDown, open_network

BOX = (0.0, 0.0, 32.0, 48.0)
DOTS = [(4, 8, RED), (12, 20, GREEN), (20, 32, BLUE)]


def network(path: Path, **options: Any) -> TopDown:
    return TopDown(open_network(path, task="top_down", threads=1, **options))


def people(folder: Path, *, boxes: Any = (BOX,), name: str = "a.png") -> PictureBoxes:
    path = folder / name
    cv2.imwrite(str(path), picture((64, 64), DOTS))
    return PictureBoxes(path, np.array(boxes, np.float64).reshape(-1, 4))


def shifted(folder: Path) -> TopDown:
    """The same model under another convention: points lie 1.5 px of the input further up left."""
    document = pose_document()
    document["codec"] = {**document["codec"], "warp": "legacy"}
    return network(write_pose(folder / "shifted.onnx", document))


def test_a_model_agrees_with_itself(tmp_path: Path) -> None:
    model = network(write_pose(tmp_path / "a.onnx"))
    seen: list[tuple[int, int]] = []
    pictures = [people(tmp_path), people(tmp_path, boxes=(), name="b.png")]
    before = pictures[0].boxes.copy()
    found = compare(model, model, pictures, progress=lambda *at: seen.append(at))
    assert (found.pictures, found.persons, found.keypoints, found.left_out) == (2, 1, 3, 0)
    assert (found.image_px.max, found.image_px.mean, found.input_px.p99) == (0, 0, 0)
    assert (found.oks_mean, found.oks_min, found.outputs) == (1, 1, {"heatmap": 0})
    assert seen == [(1, 2), (2, 2)]
    np.testing.assert_array_equal(pictures[0].boxes, before)


@pytest.mark.parametrize("boxes", [[], [()]], ids=["no_picture", "no_box"])
def test_nobody(tmp_path: Path, boxes: Any) -> None:
    model = network(write_pose(tmp_path / "a.onnx"))
    pictures = [people(tmp_path, boxes=rows) for rows in boxes]
    with pytest.raises(InputError, match="there is nobody to compare"):
        compare(model, model, pictures)


@pytest.fixture
def differing(tmp_path: Path) -> Agreement:
    a = network(write_pose(tmp_path / "a.onnx"))
    big = np.array(BOX) * 2 + (0, 0, 0.5, 1)
    return compare(a, shifted(tmp_path), [people(tmp_path, boxes=[BOX, big])], worst=1)


def test_distances(differing: Agreement) -> None:
    shift = np.hypot(1.5, 1.5)
    assert differing.input_px.max == pytest.approx(shift, rel=0.35)
    assert differing.image_px.max > differing.input_px.max  # the larger person is shrunk
    assert differing.oks_min < differing.oks_mean < 1
    (worst,) = differing.worst
    assert worst.max_px == differing.image_px.max
    assert worst.oks == differing.oks_min
    plain = differing.to_dict()
    assert plain["worst"][0]["picture"] == "a.png"
    assert plain["worst"][0]["keypoint"] in ("red", "green", "blue")
    assert plain["image_px"]["max"] == pytest.approx(differing.image_px.max, rel=1e-5)


def test_low_scores_can_be_left_out(tmp_path: Path) -> None:
    a = network(write_pose(tmp_path / "a.onnx"))
    found = compare(a, shifted(tmp_path), [people(tmp_path)], min_score=2.0)
    assert (found.keypoints, found.left_out) == (0, 3)
    assert np.isnan(found.image_px.max)
    assert np.isnan(found.oks_mean)
    assert found.to_dict()["image_px"] == {"max": None, "mean": None, "p99": None}
    assert found.to_dict()["worst"][0]["keypoint"] is None


def test_keypoints_are_paired_by_name(tmp_path: Path) -> None:
    document = pose_document()
    document["keypoints"] = {**document["keypoints"], "names": ["red", "blue", "green"]}
    a = network(write_pose(tmp_path / "a.onnx"))
    b = network(write_pose(tmp_path / "b.onnx", document))
    found = compare(a, b, [people(tmp_path)])
    assert found.names == ("red", "green", "blue")
    (person,) = found.worst
    assert person.distance[0] == 0
    assert person.distance[1] == person.distance[2] > 10


def test_no_shared_names(tmp_path: Path) -> None:
    document = pose_document()
    document["keypoints"] = {**document["keypoints"], "names": ["x", "y", "z"]}
    a = network(write_pose(tmp_path / "a.onnx"))
    b = network(write_pose(tmp_path / "b.onnx", document))
    with pytest.raises(InputError, match="the models share no keypoint name"):
        compare(a, b, [people(tmp_path)])


def test_without_oks_constants(tmp_path: Path) -> None:
    document = pose_document()
    document["keypoints"] = {**document["keypoints"], "sigmas": []}
    a = network(write_pose(tmp_path / "a.onnx", document))
    found = compare(a, a, [people(tmp_path)])
    assert np.isnan(found.oks_mean)
    assert found.to_dict()["oks_min"] is None


def test_overlay_has_both_sides(differing: Agreement, tmp_path: Path) -> None:
    person = differing.worst[0]
    skeleton = network(write_pose(tmp_path / "c.onnx")).skeleton
    drawn = side_by_side(person, skeleton, differing.names)
    assert drawn.dtype == np.uint8
    half = (drawn.shape[1] - 8) // 2
    assert drawn.shape == (drawn.shape[0], 2 * half + 8, 3)
    assert min(drawn.shape[0], half) >= 256
    assert not np.array_equal(drawn[:, :half], drawn[:, -half:])
