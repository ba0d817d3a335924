# SPDX-License-Identifier: Apache-2.0
"""COCO evaluation of the core against the slow form, its options and its invariants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.coco_eval
import reference.coco_matching
import reference.coco_oks
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose import _core
from edgepose.errors import InputError
from edgepose.metrics.coco_eval import evaluate_keypoints, label_areas
from edgepose.metrics.coco_oks import coco_oks
from edgepose.metrics.matching import match_image
from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import AREA_RANGES, OKS_THRESHOLDS, RECALL_POINTS, KeypointTable

Scene = tuple[PersonLabels, PersonPredictions, Any]


def make_scene(seed: int, joints: int = 4, images: int = 6, *, ties: bool = False) -> Scene:
    """Labels of all sizes with crowds, unlabelled people, copies; predictions near and far."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 4 * images))
    size = np.exp(rng.uniform(np.log(10), np.log(300), count))
    corner = rng.uniform(0, 300, (count, 2))
    xy = corner[:, None] + rng.uniform(0, 1, (count, joints, 2)) * size[:, None, None]
    visible = (rng.random((count, joints)) < 0.7) & (rng.random(count) < 0.85)[:, None]
    labels = PersonLabels(
        image_id=rng.integers(0, images, count),
        xy=xy,
        visible=visible,
        box=np.concatenate([corner, corner + size[:, None]], axis=1),
        area=np.where(rng.random(count) < 0.2, np.nan, 0.6 * size**2),
        crowd=rng.random(count) < 0.1,
        ignore=rng.random(count) < 0.1,
        annotation_id=np.arange(count),
    )
    owner = rng.integers(0, count, 3 * count) if count else np.zeros(0, np.int64)
    noise = size[owner] * rng.choice([0.0, 0.02, 0.1, 0.4], len(owner))
    found = xy[owner] + rng.normal(0, 1, (len(owner), joints, 2)) * noise[:, None, None]
    score = rng.random(len(owner))
    predictions = PersonPredictions(
        image_id=np.where(rng.random(len(owner)) < 0.1, images, labels.image_id[owner]),
        xy=found,
        score=score.round(1) if ties else score,
        keypoint_score=np.ones((len(owner), joints)),
        box=np.full((len(owner), 4), np.nan),
    )
    return labels, predictions, rng.uniform(0.03, 0.1, joints)


def assert_same(ours: KeypointTable, theirs: KeypointTable) -> None:
    assert ours.persons == theirs.persons
    for name in ("precision", "recall", "score"):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=0, atol=1e-12, err_msg=name
        )


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    joints=st.integers(1, 6),
    limit=st.integers(1, 9),
    ties=st.booleans(),
)
def test_equals_the_reference(seed: int, joints: int, limit: int, ties: bool) -> None:
    labels, predictions, sigmas = make_scene(seed, joints, ties=ties)
    ours = evaluate_keypoints(labels, predictions, sigmas=sigmas, max_detections=limit)
    theirs = reference.coco_eval.evaluate(labels, predictions, sigmas, label_areas(labels), limit)
    assert_same(ours, theirs)
    # A caller's kernel goes the other way through the core.
    kernel = evaluate_keypoints(
        labels,
        predictions,
        sigmas=sigmas,
        max_detections=limit,
        kernel=reference.coco_oks.coco_oks,
    )
    assert_same(kernel, theirs)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), predictions=st.integers(0, 6), labels=st.integers(0, 6))
def test_matching_equals_the_reference(seed: int, predictions: int, labels: int) -> None:
    rng = np.random.default_rng(seed)
    similarity = rng.random((predictions, labels)).round(1)  # many are equal
    ignored, crowd = rng.random((3, labels)) < 0.3, rng.random(labels) < 0.2
    ours = match_image(similarity, ignored, crowd, OKS_THRESHOLDS)
    theirs = reference.coco_matching.match_image(similarity, ignored, crowd, OKS_THRESHOLDS)
    np.testing.assert_array_equal(ours, theirs)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), predictions=st.integers(0, 4), labels=st.integers(0, 4))
def test_similarity_equals_the_reference(seed: int, predictions: int, labels: int) -> None:
    rng = np.random.default_rng(seed)
    xy, truth = rng.uniform(0, 30, (predictions, 5, 2)), rng.uniform(0, 30, (labels, 5, 2))
    visible = (rng.random((labels, 5)) < 0.5) & (rng.random(labels) < 0.7)[:, None]
    corner = rng.uniform(0, 20, (labels, 2))
    box = np.concatenate([corner, corner + rng.uniform(0, 9, (labels, 2))], axis=1)
    arguments = (xy, truth, visible, rng.uniform(0, 90, labels), box, rng.uniform(0.1, 1, 5))
    ours, theirs = coco_oks(*arguments), reference.coco_oks.coco_oks(*arguments)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_similarity_is_symmetric_where_everything_is_labelled(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0, 30, (2, 3, 5, 2))
    every, area = np.ones((3, 5), np.bool_), np.full(3, 40.0)
    sigmas, box = rng.uniform(0.1, 1, 5), np.zeros((3, 4))
    one, other = coco_oks(a, b, every, area, box, sigmas), coco_oks(b, a, every, area, box, sigmas)
    np.testing.assert_allclose(one, other.T, atol=1e-15)
    assert ((one >= 0) & (one <= 1)).all()
    np.testing.assert_allclose(np.diag(coco_oks(a, a, every, area, box, sigmas)), 1.0)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_images_and_predictions_does_not_matter(seed: int) -> None:
    labels, predictions, sigmas = make_scene(seed)
    rng = np.random.default_rng(seed + 1)
    before = labels.xy.copy(), predictions.score.copy()
    wanted = evaluate_keypoints(labels, predictions, sigmas=sigmas)
    new_id = rng.permutation(20)
    # Between equally similar labels of an image their order decides: it stays.
    shuffled = labels.take(np.argsort(new_id[labels.image_id], kind="stable"))
    found = predictions.take(rng.permutation(len(predictions)))
    moved = evaluate_keypoints(
        PersonLabels(
            new_id[shuffled.image_id],
            shuffled.xy,
            shuffled.visible,
            shuffled.box,
            shuffled.area,
            shuffled.crowd,
            shuffled.ignore,
            shuffled.annotation_id,
        ),
        PersonPredictions(
            new_id[found.image_id], found.xy, found.score, found.keypoint_score, found.box
        ),
        sigmas=sigmas,
    )
    assert_same(moved, wanted)
    np.testing.assert_array_equal(labels.xy, before[0])
    np.testing.assert_array_equal(predictions.score, before[1])


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6), scale=st.floats(0.1, 10))
def test_only_the_order_of_scores_counts(seed: int, scale: float) -> None:
    labels, predictions, sigmas = make_scene(seed)
    changed = PersonPredictions(
        predictions.image_id,
        predictions.xy,
        scale * predictions.score**3 - 5,
        predictions.keypoint_score,
        predictions.box,
    )
    one = evaluate_keypoints(labels, predictions, sigmas=sigmas)
    other = evaluate_keypoints(labels, changed, sigmas=sigmas)
    np.testing.assert_array_equal(one.precision, other.precision)
    np.testing.assert_array_equal(one.recall, other.recall)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_curves_fall_and_a_late_false_alarm_takes_nothing_away(seed: int) -> None:
    labels, predictions, sigmas = make_scene(seed)
    table = evaluate_keypoints(labels, predictions, sigmas=sigmas)
    curves = np.nan_to_num(table.precision)
    assert (np.diff(curves, axis=1) <= 0).all()
    assert ((curves >= 0) & (curves <= 1)).all()
    joints = len(sigmas)
    alarm = PersonPredictions(
        np.append(predictions.image_id, 10**6),
        np.concatenate([predictions.xy, 1e6 * np.arange(2 * joints).reshape(1, joints, 2)]),
        np.append(predictions.score, -1.0),
        np.ones((len(predictions) + 1, joints)),
        np.full((len(predictions) + 1, 4), np.nan),
    )
    after = evaluate_keypoints(labels, alarm, sigmas=sigmas)
    np.testing.assert_array_equal(after.precision, table.precision)
    np.testing.assert_array_equal(after.recall, table.recall)


@pytest.mark.parametrize(("run", "rule"), [("pycocotools", "miss"), ("xtcocotools", "match")])
def test_the_annotation_of_id_zero(golden_dir: Path, columns: Any, run: str, rule: Any) -> None:
    data = json.loads((golden_dir / "eval_coco_gt_id0.json").read_text(encoding="utf-8"))
    expected = data["results"][run]
    table = evaluate_keypoints(
        columns.labels(data["gt"]["annotations"]),
        columns.predictions(data["dt"]),
        sigmas=expected["sigmas"],
        zero_id=rule,
    )
    np.testing.assert_allclose(list(table.stats.values()), expected["stats"], rtol=0, atol=1e-10)
    with np.load(golden_dir / "eval_arrays.npz") as arrays:
        for name, ours in (("precision", table.precision), ("scores", table.score)):
            theirs = arrays[f"coco_gt_id0/{run}/{name}"].reshape(ours.shape)
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_constants_are_those_of_coco() -> None:
    np.testing.assert_array_equal(OKS_THRESHOLDS, np.linspace(0.5, 0.95, 10))
    np.testing.assert_array_equal(RECALL_POINTS, np.linspace(0, 1, 101))
    wanted = [[0, 1e10], [32**2, 96**2], [96**2, 1e10]]
    np.testing.assert_array_equal(AREA_RANGES, wanted)


def _arguments() -> dict[str, Any]:
    labels, predictions, sigmas = make_scene(3)
    return {
        "label_image": labels.image_id,
        "label_xy": labels.xy,
        "visible": labels.visible,
        "box": labels.box,
        "area": label_areas(labels),
        "crowd": labels.crowd,
        "ignore": labels.ignore,
        "label_id": labels.annotation_id,
        "image": predictions.image_id,
        "xy": predictions.xy,
        "score": predictions.score,
        "images": np.arange(7),
        "sigmas": sigmas,
        "thresholds": OKS_THRESHOLDS,
        "recall_points": RECALL_POINTS,
        "area_ranges": AREA_RANGES,
        "max_detections": 20,
    }


def test_any_number_of_thresholds_and_ranges() -> None:
    full = _arguments()
    wanted = _core.coco_evaluate(**full)
    few = {**full, "thresholds": OKS_THRESHOLDS[5:6], "area_ranges": AREA_RANGES[1:]}
    precision, recall, score, persons = _core.coco_evaluate(**few)
    np.testing.assert_array_equal(precision, wanted[0][5:6, :, 1:])
    np.testing.assert_array_equal(recall, wanted[1][5:6, 1:])
    np.testing.assert_array_equal(score, wanted[2][5:6, :, 1:])
    np.testing.assert_array_equal(persons, wanted[3][1:])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"sigmas": np.ones(3)}, "label_xy must be", id="sigmas"),
        pytest.param({"area": np.ones(1)}, "area must be", id="areas"),
        pytest.param({"score": np.ones(1)}, "score must be", id="scores"),
        pytest.param({"images": np.array([2, 1])}, "count", id="images fall"),
        pytest.param({"images": np.array([1.0])}, "images must be int64", id="float ids"),
        pytest.param({"thresholds": np.linspace(0, 1, 33)}, "count", id="33 thresholds"),
        pytest.param({"thresholds": np.array([np.nan])}, "NaN", id="NaN threshold"),
        pytest.param({"similarity": np.ones(3)}, "count", id="similarities"),
        pytest.param({"max_detections": -1}, "count", id="negative limit"),
    ],
)
def test_the_core_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _core.coco_evaluate(**{**_arguments(), **changes})


def test_options_are_checked() -> None:
    labels, predictions, sigmas = make_scene(3)
    with pytest.raises(InputError, match="zero_id must be"):
        evaluate_keypoints(labels, predictions, sigmas=sigmas, zero_id="maybe")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="kernel must give"):
        evaluate_keypoints(
            labels, predictions, sigmas=sigmas, kernel=lambda *arguments: np.ones((1, 99))
        )
