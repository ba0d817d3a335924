# SPDX-License-Identifier: Apache-2.0
"""Average precision, recall and precision of boxes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from edgepose.metrics.box_table import BoxMatches, match_boxes_of_image

NONE = np.zeros((0, 4))
TALL = [0.0, 0.0, 50.0, 200.0]
SMALL = [100.0, 0.0, 120.0, 40.0]
AWAY = [300.0, 300.0, 320.0, 340.0]


def match(boxes: Any, score: Any, labels: Any, ignored: Any = NONE) -> BoxMatches:
    arrays = [np.array(rows, np.float64).reshape(-1, 4) for rows in (boxes, labels, ignored)]
    return match_boxes_of_image(arrays[0], np.array(score, np.float64), arrays[1], arrays[2])


def numbers(found: BoxMatches, min_score: float = 0.0) -> tuple[float, float, float]:
    return found.average_precision, found.recall(min_score), found.precision(min_score)


def test_nothing_at_all() -> None:
    assert all(math.isnan(value) for value in numbers(match([], [], [])))
    assert all(math.isnan(value) for value in numbers(BoxMatches.empty()))


@pytest.mark.parametrize(
    ("boxes", "score", "labels", "ignored", "expected"),
    [
        pytest.param([], [], [TALL], [], (0.0, 0.0, math.nan), id="nothing-found"),
        pytest.param([TALL], [0.9], [], [], (math.nan, math.nan, 0.0), id="nobody-there"),
        pytest.param([TALL], [0.9], [TALL], [], (1.0, 1.0, 1.0), id="found"),
        pytest.param([AWAY], [0.9], [TALL], [], (0.0, 0.0, 0.0), id="elsewhere"),
        pytest.param([TALL, TALL], [0.8, 0.9], [TALL], [], (1.0, 1.0, 0.5), id="found-twice"),
        pytest.param([AWAY], [0.9], [TALL], [AWAY], (0.0, 0.0, math.nan), id="ignored"),
        pytest.param(
            [AWAY, AWAY, TALL], [0.9, 0.9, 0.8], [TALL], [AWAY], (1.0, 1.0, 1.0), id="ignored-twice"
        ),
        pytest.param([TALL], [0.9], [TALL], [TALL], (1.0, 1.0, 1.0), id="label-before-ignored"),
        # Precision 1, 1/2, 2/3: 51 recalls up to 0.5 at 1, the other 50 at 2/3.
        pytest.param(
            [TALL, AWAY, SMALL],
            [0.9, 0.8, 0.7],
            [TALL, SMALL],
            [],
            ((51 + 50 * 2 / 3) / 101, 1.0, 2 / 3),
            id="one-wrong-between",
        ),
    ],
)
def test_numbers(
    boxes: Any, score: Any, labels: Any, ignored: Any, expected: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(numbers(match(boxes, score, labels, ignored)), expected, atol=1e-12)


def test_score_and_height_choose() -> None:
    found = match([TALL, SMALL], [0.9, 0.3], [TALL, SMALL, AWAY])
    assert found.recall(0.0) == pytest.approx(2 / 3)
    assert found.recall(0.3) == pytest.approx(1 / 3)  # the bound is excluded
    assert found.recall(0.0, taller_than=96) == 1.0
    assert math.isnan(found.recall(0.0, taller_than=1000))


def test_sum_is_both_pictures() -> None:
    both = match([TALL], [0.9], [TALL]) + match([AWAY], [0.8], [SMALL])
    assert numbers(both) == pytest.approx((51 / 101, 0.5, 0.5))


def test_agrees_with_pycocotools() -> None:
    coco = pytest.importorskip("pycocotools.coco")
    cocoeval = pytest.importorskip("pycocotools.cocoeval")
    rng = np.random.default_rng(3)
    images: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    total = BoxMatches.empty()
    for image in range(1, 31):
        images.append({"id": image})
        low = rng.uniform(0, 100, (6, 2))
        truth = np.concatenate([low, low + rng.uniform(40, 90, (6, 2))], axis=1)
        boxes = truth[:5] + rng.normal(0, 6, (5, 4))
        score = rng.uniform(0, 1, 5)
        for box in truth:
            labels.append(coco_box(box) | {"image_id": image, "id": len(labels) + 1, "iscrowd": 0})
        for box, value in zip(boxes, score, strict=True):
            found.append(coco_box(box) | {"image_id": image, "score": value})
        total += match_boxes_of_image(boxes, score, truth, NONE)
    truth_set = coco.COCO()
    truth_set.dataset = {"images": images, "annotations": labels, "categories": [{"id": 1}]}
    truth_set.createIndex()
    evaluation = cocoeval.COCOeval(truth_set, truth_set.loadRes(found), "bbox")
    evaluation.params.iouThrs = np.array([0.5])
    evaluation.params.maxDets = [1, 10, 100]
    evaluation.evaluate()
    evaluation.accumulate()
    expected = evaluation.eval["precision"][0, :, 0, 0, -1].mean()
    assert total.average_precision == pytest.approx(expected, abs=1e-10)


def coco_box(box: Any) -> dict[str, Any]:
    x1, y1, x2, y2 = (float(value) for value in box)
    width, height = x2 - x1, y2 - y1
    return {"category_id": 1, "bbox": [x1, y1, width, height], "area": width * height}
