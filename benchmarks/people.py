# SPDX-License-Identifier: Apache-2.0
"""A seeded data set of labelled and predicted people in COCO's format."""

from __future__ import annotations

from typing import Any

import numpy as np

KEYPOINTS = 17


def coco_people(images: int, people: int, seed: int = 0) -> tuple[dict[str, Any], list[Any]]:
    """Annotations and results: people of all sizes, some unlabelled, crowds, false alarms.

    Every labelled person is predicted about twice with errors of 1 to 20 % of its size, and a
    third of the images has false alarms besides.
    """
    rng = np.random.default_rng(seed)
    owner = np.sort(rng.integers(0, images, people))
    annotations: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for number, image in enumerate(owner.tolist()):
        width = float(np.exp(rng.uniform(np.log(15), np.log(250))))
        height = float(width * rng.uniform(1.0, 3.0))
        corner = rng.uniform(0, 400, 2)
        points = np.empty((KEYPOINTS, 3))
        points[:, :2] = corner + rng.uniform(0, 1, (KEYPOINTS, 2)) * (width, height)
        points[:, 2] = rng.choice([0, 1, 2], KEYPOINTS, p=[0.3, 0.1, 0.6]) * (rng.random() > 0.1)
        labelled = points.copy()
        labelled[points[:, 2] == 0] = 0
        annotations.append(
            {
                "id": number + 1,
                "image_id": image + 1,
                "category_id": 1,
                "iscrowd": int(rng.random() < 0.03),
                "bbox": [*corner.tolist(), width, height],
                "area": 0.6 * width * height,
                "num_keypoints": int((points[:, 2] > 0).sum()),
                "keypoints": labelled.round(2).reshape(-1).tolist(),
            }
        )
        for _ in range(int(rng.integers(1, 4))):
            spread = width * rng.choice([0.01, 0.05, 0.1, 0.2])
            results.append(_result(image, points[:, :2] + rng.normal(0, spread, (17, 2)), rng))
    for image in rng.integers(0, images, images // 3).tolist():
        results.append(_result(image, rng.uniform(0, 500, (KEYPOINTS, 2)), rng))
    truth = {
        "info": {},
        "licenses": [],
        "images": [
            {"id": i + 1, "width": 640, "height": 640, "file_name": f"{i + 1:012d}.jpg"}
            for i in range(images)
        ],
        "annotations": annotations,
        "categories": [
            {
                "id": 1,
                "name": "person",
                "supercategory": "person",
                "keypoints": [f"k{k}" for k in range(KEYPOINTS)],
                "skeleton": [],
            }
        ],
    }
    return truth, results


def _result(image: int, xy: Any, rng: np.random.Generator) -> dict[str, Any]:
    points = np.ones((KEYPOINTS, 3))
    points[:, :2] = xy.round(2)
    return {
        "image_id": image + 1,
        "category_id": 1,
        "keypoints": points.reshape(-1).tolist(),
        "score": round(float(rng.random()), 4),
    }
