# SPDX-License-Identifier: Apache-2.0
"""COCO evaluation against stored reference results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.metrics.coco_eval import AreaPolicy, evaluate_keypoints, label_areas
from edgepose.metrics.coco_oks import coco_oks
from edgepose.metrics.matching import match_image
from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import STAT_NAMES

TOLERANCE = 1e-10

RUNS = [
    ("coco_plain", "pycocotools"),
    ("coco_plain", "xtcocotools"),
    ("coco_edge", "pycocotools"),
    ("coco_edge", "xtcocotools"),
    # With an id of 0, pycocotools counts a match as a miss; xtcocotools counts it as here.
    ("coco_gt_id0", "xtcocotools"),
    ("custom14", "xtcocotools_no_area"),
    ("custom14", "xtcocotools_area"),
    ("custom14", "pycocotools_area"),
    ("crowdpose14", "xtcocotools_keypoints_no_area"),
    ("wholebody133", "xtcocotools_wholebody"),
]


@pytest.fixture(scope="module")
def golden(shared_dir: Path) -> Path:
    return shared_dir / "golden"


def load_scenario(folder: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((folder / f"eval_{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("scenario", "run"), RUNS, ids=["-".join(row) for row in RUNS])
def test_stats_and_curves_agree_with_the_reference(
    golden: Path, columns: Any, scenario: str, run: str
) -> None:
    data = load_scenario(golden, scenario)
    expected = data["results"][run]
    table = evaluate_keypoints(
        columns.labels(data["gt"]["annotations"]),
        columns.predictions(data["dt"], "wholebody_score" if "wholebody" in run else "score"),
        sigmas=expected["sigmas"],
        area="annotation" if expected["use_area"] else "box",
        image_ids=[image["id"] for image in data["gt"]["images"]],
    )
    stats = [-1.0 if np.isnan(value) else value for value in table.stats.values()]
    np.testing.assert_allclose(stats, expected["stats"], rtol=0, atol=TOLERANCE)
    with np.load(golden / "eval_arrays.npz") as arrays:
        for name, ours in (
            ("precision", table.precision),
            ("recall", table.recall),
            ("scores", table.score),
        ):
            # One category and one limit of detections: axes of length 1.
            theirs = arrays[f"{scenario}/{run}/{name}"].reshape(ours.shape)
            np.testing.assert_allclose(
                np.where(np.isnan(ours), -1, ours), theirs, rtol=0, atol=TOLERANCE, err_msg=name
            )


def test_crowd_index_subsets_agree_with_the_reference(golden: Path, columns: Any) -> None:
    data = load_scenario(golden, "crowdpose14")
    labels, predictions = columns.labels(data["gt"]["annotations"]), columns.predictions(data["dt"])
    runs: tuple[tuple[str, AreaPolicy], ...] = (
        ("crowd_area", "annotation"),
        ("crowd_no_area", "box"),
    )
    for run, area in runs:
        expected = data["results"][f"xtcocotools_{run}"]
        stats = dict(zip(expected["stat_names"], expected["stats"], strict=True))
        for name, low, high in (("easy", -1, 0.2), ("medium", 0.2, 0.8), ("hard", 0.8, 1.0)):
            ids = [i["id"] for i in data["gt"]["images"] if low < i["crowdIndex"] <= high]
            table = evaluate_keypoints(
                labels, predictions, sigmas=expected["sigmas"], area=area, image_ids=ids
            )
            # The reference keeps four digits of these three.
            assert table.stats["AP"] == pytest.approx(stats[f"AP_{name}"], abs=1e-4)


@pytest.mark.parametrize("scenario", ["coco_plain", "coco_edge", "custom14", "wholebody133"])
def test_similarities_and_matches_agree_with_the_reference(
    golden: Path, columns: Any, scenario: str
) -> None:
    data = load_scenario(golden, scenario)
    run, expected = next(iter(data["results"].items()))
    wholebody = scenario == "wholebody133"
    labels = columns.labels(data["gt"]["annotations"])
    predictions = columns.predictions(data["dt"], "wholebody_score" if wholebody else "score")
    areas = label_areas(labels, "annotation" if expected["use_area"] else "box")
    compared = 0
    with np.load(golden / "eval_arrays.npz") as arrays:
        for record in expected["match_area_all"]:
            rows = np.flatnonzero(labels.image_id == record["image_id"])
            found = np.flatnonzero(predictions.image_id == record["image_id"])
            found = found[np.argsort(-predictions.score[found], kind="stable")][:20]
            if not len(rows) or not len(found):
                continue
            oks = coco_oks(
                predictions.xy[found],
                labels.xy[rows],
                labels.visible[rows],
                areas[rows],
                labels.box[rows],
                np.array(expected["sigmas"]),
            )
            key = f"{scenario}/{run}/oks/{record['image_id']}"
            np.testing.assert_allclose(oks, arrays[key], rtol=0, atol=TOLERANCE)
            ignored = labels.crowd[rows] | ~labels.visible[rows].any(axis=1)
            match = match_image(oks, ignored[None], labels.crowd[rows], np.array([0.5]))[0, 0]
            ids = np.where(match >= 0, labels.annotation_id[rows][match], -1)
            theirs = [
                -1 if value <= 0 else value for value in np.array(record["dtMatches50"]).tolist()
            ]
            assert ids.tolist() == theirs
            compared += 1
    assert compared >= 3


def _one(
    xy: list[list[float]], visible: list[bool], *, area: float = 5000.0, crowd: bool = False
) -> PersonLabels:
    return PersonLabels(
        np.array([1]),
        np.array([xy]),
        np.array([visible]),
        np.array([[0.0, 0.0, 100.0, 100.0]]),
        np.array([area]),
        np.array([crowd]),
        np.array([False]),
        np.array([7]),
    )


def _none(keypoints: int) -> PersonPredictions:
    return PersonPredictions(
        np.zeros(0, np.int64),
        np.zeros((0, keypoints, 2)),
        np.zeros(0),
        np.zeros((0, keypoints)),
        np.zeros((0, 4)),
    )


def _exact(labels: PersonLabels) -> PersonPredictions:
    return PersonPredictions(
        labels.image_id,
        labels.xy,
        np.ones(len(labels)),
        np.ones(labels.visible.shape),
        labels.box,
    )


PAIR = [[10.0, 20.0], [60.0, 90.0]]


def test_empty_sets_are_undefined() -> None:
    labels = _one(PAIR, [True, True]).take(np.zeros(0, np.int64))
    table = evaluate_keypoints(labels, _none(2), sigmas=[0.1, 0.1])
    assert all(np.isnan(value) for value in table.stats.values())
    assert table.to_dict() == dict.fromkeys(STAT_NAMES)
    assert table.persons == 0


def test_nothing_found_is_zero_and_an_empty_range_undefined() -> None:
    table = evaluate_keypoints(_one(PAIR, [True, True]), _none(2), sigmas=[0.1, 0.1])
    assert table.to_dict() == {
        name: None if name.endswith("L") else 0.0 for name in STAT_NAMES
    }  # a person of 5000 square pixels is of medium size
    assert table.persons == 1


def test_exact_predictions_are_one() -> None:
    labels = _one(PAIR, [True, True])
    table = evaluate_keypoints(labels, _exact(labels), sigmas=[0.1, 0.1])
    assert table.stats["AP"] == pytest.approx(1.0)
    assert table.stats["AR"] == 1.0


@pytest.mark.parametrize(
    "labels",
    [_one(PAIR, [True, True], crowd=True), _one(PAIR, [False, False])],
    ids=["crowd", "unlabelled"],
)
def test_people_that_do_not_count_are_neither_found_nor_missed(labels: PersonLabels) -> None:
    table = evaluate_keypoints(labels, _exact(labels), sigmas=[0.1, 0.1])
    assert table.persons == 0
    assert np.isnan(table.stats["AP"])


def test_area_policies() -> None:
    labels = _one(PAIR, [True, True], area=float("nan"))
    assert label_areas(labels).tolist() == [5300.0]
    known = _one(PAIR, [True, True])
    assert label_areas(known).tolist() == [5000.0]
    assert label_areas(known, "box").tolist() == [5300.0]


def test_inputs_are_not_modified() -> None:
    labels = _one(PAIR, [True, True])
    predictions = _exact(labels)
    before = labels.xy.copy(), predictions.xy.copy(), predictions.score.copy()
    evaluate_keypoints(labels, predictions, sigmas=[0.1, 0.1])
    for old, new in zip(before, (labels.xy, predictions.xy, predictions.score), strict=True):
        np.testing.assert_array_equal(old, new)
    with pytest.raises(ValueError, match="read-only"):
        labels.xy[0, 0, 0] = 1.0


def test_another_kernel_can_be_given() -> None:
    labels = _one(PAIR, [True, True])
    table = evaluate_keypoints(
        labels,
        _exact(labels),
        sigmas=[0.1, 0.1],
        kernel=lambda xy, label_xy, *rest: np.full((len(xy), len(label_xy)), 0.6),
    )
    assert table.stats["AR"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sigmas": [0.1]}, "labels must have 1 keypoints"),
        ({"sigmas": [0.1, 0.0]}, "sigmas must be positive"),
        ({"sigmas": [[0.1, 0.1]]}, "sigmas must be positive numbers"),
        ({"area": "mask"}, "area policy must be"),
        ({"max_detections": 0}, "max_detections must be at least 1"),
    ],
    ids=["count", "zero sigma", "shape", "policy", "detections"],
)
def test_wrong_arguments(change: dict[str, object], message: str) -> None:
    labels = _one(PAIR, [True, True])
    arguments: dict[str, object] = {"sigmas": [0.1, 0.1], **change}
    with pytest.raises(InputError, match=message):
        evaluate_keypoints(labels, _exact(labels), **arguments)  # type: ignore[arg-type]
