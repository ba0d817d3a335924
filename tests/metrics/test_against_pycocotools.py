# SPDX-License-Identifier: Apache-2.0
"""COCO evaluation against pycocotools on seeded random data."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest

from edgepose.metrics.coco_eval import evaluate_keypoints

coco = pytest.importorskip("pycocotools.coco", reason="pycocotools is not installed")
cocoeval = pytest.importorskip("pycocotools.cocoeval", reason="pycocotools is not installed")


def _random(seed: int, keypoints: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """People of all sizes with crowds, unlabelled people, ties, copies and false alarms."""
    rng = np.random.default_rng(seed)
    images = [{"id": int(i)} for i in rng.choice(1000, size=12, replace=False)]
    annotations: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for image in images:
        people = int(rng.integers(0, 7))
        for _ in range(people):
            size = float(np.exp(rng.uniform(np.log(15), np.log(300))))
            points = np.empty((keypoints, 3))
            origin = rng.uniform(0, 300, 2)
            points[:, :2] = origin + rng.uniform(0, size, (keypoints, 2))
            points[:, 2] = rng.integers(0, 3, keypoints) * (rng.random() > 0.15)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image["id"],
                    "category_id": 1,
                    "iscrowd": int(rng.random() < 0.1),
                    "bbox": [*origin.tolist(), size, size],
                    "area": 0.6 * size * size,
                    "num_keypoints": int((points[:, 2] > 0).sum()),
                    "keypoints": points.reshape(-1).tolist(),
                }
            )
            for _ in range(int(rng.integers(0, 6))):
                noisy = points.copy()
                noisy[:, :2] += rng.normal(0, size * rng.choice([0.01, 0.05, 0.2]), (keypoints, 2))
                results.append(_result(image["id"], noisy, round(float(rng.random()), 1)))
        for _ in range(int(rng.integers(0, 3))):
            points = rng.uniform(0, 400, (keypoints, 3))
            results.append(_result(image["id"], points, round(float(rng.random()), 1)))
    truth = {
        "info": {},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "person"}],
    }
    return truth, results


def _result(image_id: int, points: np.ndarray[Any, Any], score: float) -> dict[str, Any]:
    keypoints = points.reshape(-1).tolist()
    return {"image_id": image_id, "category_id": 1, "keypoints": keypoints, "score": score}


@pytest.mark.parametrize("keypoints", [1, 5, 17])
@pytest.mark.parametrize("seed", range(6))
def test_ten_numbers_agree(columns: Any, seed: int, keypoints: int) -> None:
    truth, results = _random(seed, keypoints)
    sigmas = np.random.default_rng(seed).uniform(0.02, 0.12, keypoints)
    ours = evaluate_keypoints(
        columns.labels(truth["annotations"]),
        columns.predictions(results),
        sigmas=sigmas,
        image_ids=[image["id"] for image in truth["images"]],
    )
    with contextlib.redirect_stdout(io.StringIO()):
        reference = coco.COCO()
        reference.dataset = truth
        reference.createIndex()
        evaluation = cocoeval.COCOeval(reference, reference.loadRes(results), "keypoints")
        evaluation.params.kpt_oks_sigmas = sigmas
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    stats = [-1.0 if np.isnan(value) else value for value in ours.stats.values()]
    np.testing.assert_allclose(stats, evaluation.stats, rtol=0, atol=1e-10)
