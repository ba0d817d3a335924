# SPDX-License-Identifier: Apache-2.0
"""Boxes to keypoints, with a network whose keypoints are coloured dots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import (
    BLUE,
    GREEN,
    RED,
    picture,
    pose_document,
    simcc_document,
    write_pose,
    write_simcc,
)

from edgepose.errors import InputError, ModelError
from edgepose.pipelines import Poses, Stopwatch, TopDown, open_network
from edgepose.pipelines.top_down import suppress
from edgepose.types import Skeleton


def top_down(path: Path, document: Any = None, bias: float = 0.0, **options: Any) -> TopDown:
    model = write_pose(path / "pose.onnx", document, bias=bias)
    return TopDown(open_network(model, task="top_down", **options))


# A picture whose left half and right half hold one "person" of 32x48 px each, dots on the cells.
BOXES = np.array([[-0.5, -0.5, 31.5, 47.5], [31.5, -0.5, 63.5, 47.5]])
IMAGE = picture(
    (64, 48),
    [(8, 4, RED), (16, 20, GREEN), (24, 40, BLUE), (40, 0, RED), (48, 24, GREEN), (60, 44, BLUE)],
)
XY = np.array([[[9.5, 5.5], [17.5, 21.5], [25.5, 41.5]], [[41.5, 1.5], [49.5, 25.5], [61.5, 45.5]]])


def test_no_box(tmp_path: Path) -> None:
    poses = top_down(tmp_path)(IMAGE, np.zeros((0, 4)), np.zeros(0))
    assert len(poses) == 0
    assert poses.xy.shape == (0, 3, 2)
    assert poses.score.shape == (0,)


def test_dots_are_found(tmp_path: Path) -> None:
    before, boxes = IMAGE.copy(), BOXES.copy()
    watch = Stopwatch()
    poses = top_down(tmp_path)(IMAGE, boxes, np.array([1.0, 0.5]), watch)
    np.testing.assert_allclose(poses.xy, XY, atol=1e-5)
    np.testing.assert_allclose(poses.keypoint_score, 1, atol=1e-6)
    np.testing.assert_allclose(poses.score, [1, 0.5], atol=1e-6)
    np.testing.assert_array_equal(IMAGE, before)
    np.testing.assert_array_equal(boxes, BOXES)
    assert list(watch.stages) == ["preprocess", "pose", "decode"]


@pytest.mark.parametrize("count", [1, 3, 7])
def test_batches_keep_the_order(tmp_path: Path, count: int) -> None:
    pipeline = top_down(tmp_path, max_batch=3)
    pick = np.arange(count) % 2
    poses = pipeline(IMAGE, BOXES[pick], np.ones(count))
    np.testing.assert_allclose(poses.xy, XY[pick], atol=1e-5)


CELLS = np.array([[2, 1], [4, 5], [6, 10]])
SIZE, MIDDLE = np.array([32, 48]), np.array([15.5, 23.5])


@pytest.mark.parametrize(
    ("warp", "expected"),
    [
        ("half_pixel", 4 * CELLS + 1.5),
        ("legacy", 4 * CELLS - 0.5),
        ("udp", MIDDLE + (CELLS * (SIZE - 1) / [7, 11] - MIDDLE) * SIZE / (SIZE - 1)),
    ],
    ids=["half_pixel", "legacy", "udp"],
)
def test_warp_of_the_contract_counts(tmp_path: Path, warp: str, expected: Any) -> None:
    document = pose_document()
    document["codec"]["warp"] = warp
    poses = top_down(tmp_path, document)(IMAGE[:, :32], BOXES[:1], np.ones(1))
    np.testing.assert_allclose(poses.xy[0], expected, atol=1e-4)


def test_padding_of_the_contract_counts(tmp_path: Path) -> None:
    document = pose_document()
    document["input"]["box_padding"] = 2.0
    half = np.array([[7.5, 11.5, 23.5, 35.5]])
    poses = top_down(tmp_path, document)(IMAGE, half, np.ones(1))
    np.testing.assert_allclose(poses.xy, XY[:1], atol=1e-4)


def test_subpixel_of_the_contract_counts(tmp_path: Path) -> None:
    """A dot across two cells lies between their centres."""
    image = picture((32, 48), [(11, 8, RED)])
    coarse = top_down(tmp_path)(image, BOXES[:1], np.ones(1)).xy[0, 0, 0]
    document = pose_document()
    document["codec"]["subpixel"] = "quarter"
    finer = top_down(tmp_path, document)(image, BOXES[:1], np.ones(1)).xy[0, 0, 0]
    assert (coarse, finer) == (13.5, 12.5)


@pytest.mark.parametrize(
    "codec",
    [
        pytest.param({"subpixel": "megvii", "blur_kernel": 3}, id="megvii"),
        pytest.param({"subpixel": "mspn", "blur_kernel": 3, "shifts": [0.25, 0.125]}, id="mspn"),
        pytest.param({"subpixel": "integral", "beta": 50, "debias": False}, id="integral"),
    ],
)
def test_every_subpixel_method_finds_the_dots(tmp_path: Path, codec: dict[str, Any]) -> None:
    document = pose_document()
    document["codec"].update(codec)
    poses = top_down(tmp_path, document)(IMAGE, BOXES, np.ones(2))
    np.testing.assert_allclose(poses.xy, XY, atol=1.6)


def simcc(path: Path, **codec: Any) -> TopDown:
    model = write_simcc(path / "simcc.onnx", simcc_document(**codec))
    return TopDown(open_network(model, task="top_down"))


@pytest.mark.parametrize(
    ("codec", "shift", "score"),
    [
        pytest.param({}, 0.0, 1.0, id="half_pixel"),
        pytest.param({"warp": "legacy"}, -0.5, None, id="legacy"),
        pytest.param({"score": "gaussian", "sigma": [1, 1]}, 0.0, 0.3989423, id="gaussian"),
        pytest.param({"score": "softmax", "beta": [9, 9]}, 0.0, None, id="softmax"),
        pytest.param({"joined_score": "larger"}, 0.0, 1.0, id="larger"),
    ],
)
def test_simcc(tmp_path: Path, codec: dict[str, Any], shift: float, score: float | None) -> None:
    """The first bin of a dot of 4x4 px is its corner; of a dot of 1 px it is the dot."""
    image = picture((32, 48), [(9, 5, RED), (17, 21, GREEN), (25, 41, BLUE)], side=1)
    poses = simcc(tmp_path, **codec)(image, BOXES[:1], np.ones(1))
    np.testing.assert_allclose(poses.xy[0], np.add([[9, 5], [17, 21], [25, 41]], shift), atol=1e-4)
    if score is not None:
        np.testing.assert_allclose(poses.keypoint_score, score, atol=1e-5)


def test_simcc_refined(tmp_path: Path) -> None:
    """Between two bins that are alike the step goes half a bin."""
    image = picture((32, 48), [(8, 4, RED), (16, 20, GREEN), (24, 40, BLUE)], side=2)
    poses = simcc(tmp_path, subpixel="dark", blur_kernel=[5, 5])(image, BOXES[:1], np.ones(1))
    expected = [[8.5, 4.5], [16.5, 20.5], [24.5, 40.5]]
    np.testing.assert_allclose(poses.xy[0], expected, atol=0.1)


def test_box_outside_the_picture_sees_the_padding(tmp_path: Path) -> None:
    poses = top_down(tmp_path)(IMAGE, np.array([[900.0, 900, 932, 948]]), np.ones(1))
    np.testing.assert_allclose(poses.keypoint_score, 0)
    assert (poses.xy >= 900).all()


@pytest.mark.parametrize("box", [[4, 4, 4, 9], [4, 4, 9, np.nan]], ids=["no_area", "nan"])
def test_bad_box(tmp_path: Path, box: list[float]) -> None:
    with pytest.raises(InputError, match="boxes_xyxy must be finite"):
        top_down(tmp_path)(IMAGE, np.array([box]), np.ones(1))


@pytest.mark.parametrize("bias", [np.nan, np.inf], ids=str)
def test_network_that_gives_no_numbers(tmp_path: Path, bias: float) -> None:
    pipeline = top_down(tmp_path, bias=bias)
    with pytest.raises(ModelError, match="tiny-pose: "):
        pipeline(IMAGE, BOXES, np.ones(2))


SKELETON = Skeleton(("a", "b"), sigmas=(0.1, 0.1))


def poses_at(xs: list[float], scores: list[float]) -> Poses:
    xy = np.array([[[x, 0], [x, 40]] for x in xs], np.float32).reshape(-1, 2, 2)
    box = np.array([[x - 10, 0, x + 10, 40] for x in xs], np.float64).reshape(-1, 4)
    ones = np.ones((len(xs), 2), np.float32)
    return Poses(box, np.array(scores, np.float64), xy, ones)


@pytest.mark.parametrize(
    ("xs", "scores", "kept"),
    [
        ([], [], []),
        ([5], [0.5], [0]),
        ([5, 90, 5.1], [0.5, 0.7, 0.9], [2, 1]),
        ([5, 12], [0.5, 0.5], [0, 1]),
        ([5, 5, 5], [0.5, 0.5, 0.5], [0]),
    ],
    ids=["nobody", "one", "double", "apart", "equal"],
)
def test_suppression(xs: list[float], scores: list[float], kept: list[int]) -> None:
    poses = poses_at(xs, scores)
    left = suppress(poses, SKELETON, 0.9)
    np.testing.assert_array_equal(left.box, poses.box[kept])
    np.testing.assert_array_equal(left.score, poses.score[kept])


def test_suppression_without_constants_only_orders() -> None:
    left = suppress(poses_at([5, 5, 5], [0.5, 0.9, 0.5]), Skeleton(("a", "b")), 0.9)
    assert left.score.tolist() == [0.9, 0.5, 0.5]
