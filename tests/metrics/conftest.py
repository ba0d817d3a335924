# SPDX-License-Identifier: Apache-2.0
"""COCO entries as columns, for the tests of the evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edgepose.metrics.records import PersonLabels, PersonPredictions

# COCO-WholeBody keeps the parts of one person in lists of their own.
PARTS = ("keypoints", "foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts")


def _points(entry: dict[str, Any]) -> NDArray[np.float64]:
    joined = [number for part in PARTS for number in entry.get(part, [])]
    return np.array(joined, dtype=np.float64).reshape(-1, 3)


def _labels(annotations: list[dict[str, Any]]) -> PersonLabels:
    """Annotations as columns."""
    points = np.stack([_points(entry) for entry in annotations])
    box = np.array([entry["bbox"] for entry in annotations], dtype=np.float64)
    box[:, 2:] += box[:, :2]
    return PersonLabels(
        image_id=np.array([entry["image_id"] for entry in annotations]),
        xy=points[..., :2],
        visible=points[..., 2] > 0,
        box=box,
        area=np.array([entry["area"] for entry in annotations]),
        crowd=np.array([entry["iscrowd"] == 1 for entry in annotations]),
        ignore=np.array([entry["num_keypoints"] == 0 for entry in annotations]),
        annotation_id=np.array([entry["id"] for entry in annotations]),
    )


def _predictions(results: list[dict[str, Any]], score: str = "score") -> PersonPredictions:
    """Results as columns."""
    points = np.stack([_points(entry) for entry in results])
    return PersonPredictions(
        image_id=np.array([entry["image_id"] for entry in results]),
        xy=points[..., :2],
        score=np.array([entry[score] for entry in results]),
        keypoint_score=points[..., 2],
        box=np.full((len(results), 4), np.nan),
    )


class CocoColumns:
    """Turns lists of COCO entries into columns."""

    labels = staticmethod(_labels)
    predictions = staticmethod(_predictions)


@pytest.fixture(scope="session")
def columns() -> CocoColumns:
    return CocoColumns()
