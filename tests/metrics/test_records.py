# SPDX-License-Identifier: Apache-2.0
"""Columns of labelled and predicted people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.metrics.records import PersonLabels, PersonPredictions


def _columns(count: int = 2) -> dict[str, Any]:
    return {
        "image_id": np.arange(count),
        "xy": np.arange(count * 6.0).reshape(count, 3, 2),
        "visible": np.ones((count, 3), bool),
        "box": np.ones((count, 4)),
        "area": np.ones(count),
        "crowd": np.zeros(count, bool),
        "ignore": np.zeros(count, bool),
        "annotation_id": np.arange(count),
    }


def _predicted(count: int = 2) -> dict[str, Any]:
    return {
        "image_id": np.arange(count),
        "xy": np.arange(count * 6.0).reshape(count, 3, 2),
        "score": np.ones(count),
        "keypoint_score": np.ones((count, 3)),
        "box": np.full((count, 4), np.nan),
    }


def test_empty_sets() -> None:
    assert len(PersonLabels(**_columns(0))) == 0
    assert len(PersonPredictions(**_predicted(0))) == 0
    empty: Any = []
    assert PersonPredictions(empty, empty, empty, empty, empty).xy.shape == (0, 0, 2)


def test_rows_and_keypoints_are_chosen_in_order() -> None:
    labels = PersonLabels(**_columns()).take(np.array([1])).with_keypoints([2, 0])
    assert labels.image_id.tolist() == [1]
    assert labels.xy.tolist() == [[[10.0, 11.0], [6.0, 7.0]]]
    assert labels.visible.shape == (1, 2)
    people = PersonPredictions(**_predicted()).take(np.array([True, False])).with_keypoints([1])
    assert people.xy.tolist() == [[[2.0, 3.0]]]
    assert people.keypoint_score.shape == (1, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"visible": np.ones((2, 4), bool)}, r"visible must be \[2,3\]; got \(2, 4\)"),
        ({"box": np.ones((3, 4))}, r"box must be \[2,4\]"),
        ({"xy": np.ones((2, 3, 3))}, r"xy must be \[2,K,2\]"),
        ({"xy": np.full((2, 3, 2), np.nan)}, "xy must be finite"),
    ],
)
def test_wrong_labels(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        PersonLabels(**{**_columns(), **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"score": np.array([1.0, np.nan])}, "score must be finite"),
        ({"keypoint_score": np.ones((2, 2))}, r"keypoint_score must be \[2,3\]"),
    ],
)
def test_wrong_predictions(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        PersonPredictions(**{**_predicted(), **change})
