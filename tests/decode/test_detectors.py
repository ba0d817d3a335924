# SPDX-License-Identifier: Apache-2.0
"""Boxes of detectors and their suppression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import reference.boxes
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.decode import box_nms, decode_centers, decode_yolox
from edgepose.errors import InputError


@settings(deadline=None)
@given(count=st.integers(0, 40), seed=st.integers(0, 10**6), threshold=st.floats(0, 1))
def test_nms_equals_the_reference(count: int, seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 20, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(0, 15, (count, 2))], axis=1)
    boxes = np.round(boxes).astype(np.float32)
    score = np.round(rng.uniform(0, 1, count), 1).astype(np.float32)
    iou = float(np.float32(threshold))
    assert box_nms(boxes, score, iou=iou).tolist() == reference.boxes.box_nms(boxes, score, iou)


@pytest.mark.parametrize(
    ("boxes", "score", "iou", "message"),
    [
        pytest.param(np.zeros((2, 3), np.float32), np.zeros(2, np.float32), 0.5, "M,4", id="box"),
        pytest.param(np.zeros((2, 4)), np.zeros(2, np.float32), 0.5, "float64", id="dtype"),
        pytest.param(np.zeros((2, 4), np.float32), np.zeros(3, np.float32), 0.5, "score", id="n"),
        pytest.param(
            np.zeros((2, 4), np.float32), np.zeros(2, np.float32), np.nan, "NaN", id="NaN"
        ),
    ],
)
def test_nms_refuses_bad_arguments(boxes: Any, score: Any, iou: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        box_nms(boxes, score, iou=iou)


def _center_maps() -> tuple[Any, Any, Any]:
    heatmap = np.zeros((1, 5, 6), np.float32)
    heatmap[0, 3, 2], heatmap[0, 0, 5], heatmap[0, 2, 2] = 0.9, 0.5, 0.8
    size = np.full((2, 5, 6), 16, np.float32)
    offset = np.zeros((2, 5, 6), np.float32)
    offset[:, 3, 2] = 0.25, -0.5
    return heatmap, size, offset


def test_centers_give_boxes_in_input_px() -> None:
    boxes, score = decode_centers(*_center_maps(), stride=8, score_threshold=0.3)
    np.testing.assert_allclose(boxes, [[13.5, 15.5, 29.5, 31.5], [35.5, -4.5, 51.5, 11.5]])
    np.testing.assert_allclose(score, [0.9, 0.5])


def test_centers_obey_threshold_count_and_suppression() -> None:
    heatmap, size, offset = _center_maps()
    assert len(decode_centers(heatmap, size, offset, stride=8, score_threshold=0.6)[0]) == 1
    assert len(decode_centers(heatmap, size, offset, stride=8, score_threshold=0.9)[0]) == 0
    one = decode_centers(heatmap, size, offset, stride=8, score_threshold=0.3, max_boxes=1)
    np.testing.assert_allclose(one[1], [0.9])
    none = decode_centers(heatmap, size, offset, stride=8, score_threshold=0.3, max_boxes=0)
    assert none[0].shape == (0, 4)
    size[:] = 80  # now both cover each other by more than half
    kept = decode_centers(heatmap, size, offset, stride=8, score_threshold=0.3, nms_iou=0.3)
    np.testing.assert_allclose(kept[1], [0.9])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"heatmap": np.zeros((2, 5, 6), np.float32)}, "1,H,W", id="two classes"),
        pytest.param({"size": np.zeros((2, 5, 5), np.float32)}, "size", id="size shape"),
        pytest.param({"offset": np.zeros((1, 5, 6), np.float32)}, "offset", id="offset shape"),
        pytest.param({"stride": 0}, "stride", id="stride"),
        pytest.param({"score_threshold": np.nan}, "NaN", id="NaN threshold"),
        pytest.param({"max_boxes": -1}, "max_boxes", id="count"),
    ],
)
def test_centers_refuse_bad_arguments(changes: dict[str, Any], message: str) -> None:
    heatmap, size, offset = _center_maps()
    arguments: dict[str, Any] = {
        "heatmap": heatmap,
        "size": size,
        "offset": offset,
        "stride": 8,
        "score_threshold": 0.3,
    }
    with pytest.raises(InputError, match=message):
        decode_centers(**{**arguments, **changes})


def test_yolox_equals_the_reference() -> None:
    rng = np.random.default_rng(4)
    rows = rng.uniform(0, 1, (16 * 12 + 8 * 6 + 4 * 3, 8)).astype(np.float32)
    boxes, score = decode_yolox(
        rows,
        input_wh=(128, 96),
        strides=(8, 16, 32),
        class_index=2,
        score_threshold=0.4,
        nms_iou=None,
        max_boxes=1000,
    )
    wanted_boxes, wanted_score = reference.boxes.yolox(rows, (128, 96), (8, 16, 32), 2, 0.4)
    order = np.argsort(-wanted_score.astype(np.float32), kind="stable")
    np.testing.assert_allclose(boxes, wanted_boxes[order], rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(score, wanted_score[order], rtol=1e-6)
    few, _ = decode_yolox(
        rows, input_wh=(128, 96), strides=(8, 16, 32), score_threshold=0.2, max_boxes=5
    )
    assert len(few) == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"predictions": np.zeros((4, 6))}, "float64", id="dtype"),
        pytest.param({"predictions": np.zeros((5, 6), np.float32)}, "P = 4", id="row count"),
        pytest.param({"predictions": np.zeros((4, 5), np.float32)}, "class_index", id="no class"),
        pytest.param({"predictions": np.zeros((4, 2), np.float32)}, "5\\+C", id="few columns"),
        pytest.param({"class_index": 1}, "class_index", id="class out of range"),
        pytest.param({"strides": ()}, "strides", id="no strides"),
        pytest.param({"strides": (0,)}, "strides", id="stride of zero"),
        pytest.param({"input_wh": (0, 16)}, "input size", id="no input"),
        pytest.param({"score_threshold": np.nan}, "NaN", id="NaN threshold"),
    ],
)
def test_yolox_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "predictions": np.zeros((4, 6), np.float32),
        "input_wh": (16, 16),
        "strides": (8,),
        "score_threshold": 0.3,
    }
    with pytest.raises(InputError, match=message):
        decode_yolox(**{**arguments, **changes})
