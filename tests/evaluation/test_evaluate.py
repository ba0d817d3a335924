# SPDX-License-Identifier: Apache-2.0
"""Evaluation of pipelines whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import AnnotationError, InputError
from edgepose.evaluation import evaluate
from edgepose.io.coco import CocoDataset, read_coco
from edgepose.io.coco_results import ImageBoxes


def _read(world: Any) -> CocoDataset:
    return read_coco(world.write())


def test_labelled_boxes_and_exact_keypoints_are_perfect(world: Any, corner: Any) -> None:
    calls: list[tuple[int, int]] = []
    evaluation = evaluate(
        corner, _read(world), world.folder, progress=lambda *call: calls.append(call)
    )
    assert evaluation.table.stats["AP"] == pytest.approx(1.0)
    assert evaluation.pck.value == 1.0
    assert (evaluation.images, evaluation.persons) == (2, 3)
    assert evaluation.keypoint_names == ("nose", "right_eye")  # the model's order
    assert evaluation.left_out == {"keypoint names the model does not have, ignored": ["tail"]}
    assert calls == [(1, 2), (2, 2)]
    assert evaluation.timing_ms == {"pose": 2.0, "total": 3.0}
    assert [name for name, _ in corner.seen] == ["b.png", "a.png"]
    np.testing.assert_array_equal(corner.seen[0][1], [[0, 0, 40, 60], [50, 10, 90, 50]])
    assert evaluation.predictions.xy.shape == (3, 3, 2)
    assert evaluation.predictions.score.tolist() == [0.5, 0.5, 0.5]


def test_json_values_are_plain(world: Any, corner: Any) -> None:
    content = evaluate(corner, _read(world), world.folder).to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["PCK@0.1"] == 1.0
    assert content["APL"] is None
    assert (content["images"], content["persons"]) == (2, 3)
    assert (content["model"], content["detector"]) == ("corner", None)


def test_detected_people_are_paired_by_overlap(world: Any, corner: Any) -> None:
    # Finds the second person of the first picture only, and nobody of the other.
    corner.own = [[52, 10, 90, 50], [52, 12, 88, 50]]
    evaluation = evaluate(corner, _read(world), world.folder, boxes="detector")
    assert all(boxes is None for _, boxes in corner.seen)
    assert evaluation.pck.labelled.tolist() == [3, 3]
    assert evaluation.pck.correct.tolist() == [1, 1]
    assert evaluation.table.stats["AR50"] == pytest.approx(1 / 3)
    assert evaluation.detector == "own"


def test_given_boxes_bring_their_scores(world: Any, corner: Any) -> None:
    boxes = {2: ImageBoxes(np.array([[50.0, 10, 90, 50], [0, 0, 40, 60]]), np.array([0.9, 0.1]))}
    evaluation = evaluate(corner, _read(world), world.folder, boxes=boxes)
    assert [name for name, _ in corner.seen] == ["b.png"]  # no box, nothing to run
    assert evaluation.predictions.score.tolist() == [0.45, 0.05]
    assert evaluation.pck.value == pytest.approx(2 / 3)
    assert evaluation.images == 2


def test_people_that_do_not_count_are_listed(world: Any, corner: Any) -> None:
    first, second, third = world.annotations
    first["iscrowd"] = 1
    second["keypoints"] = [0, 0, 0, 5, 5, 2, 0, 0, 0]  # only the name that is not shared
    third["bbox"] = [10, 10, 0, 60]
    world.images[0]["width"] = 99
    evaluation = evaluate(corner, _read(world), world.folder)
    assert corner.seen == []
    assert evaluation.left_out == {
        "crowd regions, ignored": ["annotation 1"],
        "people without a shared labelled keypoint, ignored": ["annotation 2"],
        "keypoint names the model does not have, ignored": ["tail"],
        "people with an empty box, counted as missed": ["annotation 3"],
    }
    assert evaluation.persons == 1
    assert evaluation.table.stats["AR"] == 0.0
    assert evaluation.pck.value == 0.0


def test_pictures_of_another_size_are_listed(world: Any, corner: Any) -> None:
    world.images[0]["width"] = 99
    del world.images[1]["width"]
    left_out = evaluate(corner, _read(world), world.folder).left_out
    assert left_out["pictures of another size than their annotation says"] == ["b.png"]


def test_nobody_labelled_is_undefined(world: Any, corner: Any) -> None:
    world.annotations = []
    evaluation = evaluate(corner, _read(world), world.folder)
    assert set(evaluation.numbers().values()) == {None}
    assert (evaluation.images, evaluation.persons) == (2, 0)


def test_missing_pictures_are_counted(world: Any, corner: Any) -> None:
    dataset = _read(world)
    (world.folder / "a.png").unlink()
    with pytest.raises(AnnotationError, match=r"picture not found: .*a\.png$"):
        evaluate(corner, dataset, world.folder)
    (world.folder / "b.png").unlink()
    with pytest.raises(AnnotationError, match=r"b\.png \(and 1 more of 2\)$"):
        evaluate(corner, dataset, world.folder)
    assert corner.seen == []


def test_no_shared_name(world: Any, corner: Any) -> None:
    world.names = ["tail", "wing", "beak"]
    with pytest.raises(InputError, match=r"no keypoint name is shared .* got tail, wing, beak"):
        evaluate(corner, _read(world), world.folder)


def test_a_pipeline_that_loses_people_is_caught(world: Any, corner: Any) -> None:
    corner.lost = 1
    with pytest.raises(InputError, match="must give one person per box, 2; got 1"):
        evaluate(corner, _read(world), world.folder)


def test_model_without_sigmas_takes_those_of_the_data_set(world: Any, corner: Any) -> None:
    corner.skeleton = type("Bare", (), {"names": corner.skeleton.names, "sigmas": ()})()
    with pytest.raises(InputError, match="neither the model nor the data set gives OKS sigmas"):
        evaluate(corner, _read(world), world.folder)
    path = Path(world.write())
    content = json.loads(path.read_text(encoding="utf-8"))
    content["categories"][0]["sigmas"] = [0.1, 0.2, 0.3]
    path.write_text(json.dumps(content), encoding="utf-8")
    evaluation = evaluate(corner, read_coco(path), world.folder)
    assert evaluation.table.stats["AP"] == pytest.approx(1.0)
