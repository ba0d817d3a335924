# SPDX-License-Identifier: Apache-2.0
"""How far two bottom-up networks agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tiny_models import (
    BLUE,
    GREEN,
    RED,
    paf_document,
    picture,
    tags_document,
    write_paf,
    write_tags,
)

from edgepose.errors import InputError
from edgepose.evaluation.disagreement import Agreement
from edgepose.evaluation.group_agreement import compare_groups, people_of_groups
from edgepose.evaluation.side_by_side import side_by_side
from edgepose.pipelines import BottomUp, open_network

# Two people lying one above the other, the second without its blue end.
FIRST = [(8, 8, RED), (24, 8, GREEN), (40, 8, BLUE)]
SECOND = [(12, 32, RED), (36, 32, GREEN)]


def bottom_up(model: Path) -> BottomUp:
    return BottomUp(open_network(model, task="bottom_up", threads=1))


def paf(path: Path, **codec: Any) -> BottomUp:
    return bottom_up(write_paf(path, paf_document(**codec)))


def tags(path: Path, **codec: Any) -> BottomUp:
    return bottom_up(write_tags(path, tags_document(**codec)))


def photo(folder: Path, dots: list[Any], name: str = "a.png") -> Path:
    path = folder / name
    cv2.imwrite(str(path), picture((64, 48), dots))
    return path


@pytest.mark.parametrize("make", [paf, tags])
def test_a_model_agrees_with_itself(tmp_path: Path, make: Any) -> None:
    model = make(tmp_path / "a.onnx")
    files = [photo(tmp_path, FIRST + SECOND), photo(tmp_path, [], "b.png")]
    seen: list[tuple[int, int]] = []
    found = compare_groups(model, model, files, progress=lambda *at: seen.append(at))
    assert (found.pictures, found.persons, found.keypoints, found.left_out) == (2, 2, 5, 0)
    assert (found.image_px.max, found.input_px.max) == (0, 0)
    assert (found.oks_mean, found.oks_min) == (1, 1)
    assert set(found.outputs.values()) == {0}
    assert found.is_complete
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("files", [0, 1], ids=["no-picture", "nobody"])
def test_nobody(tmp_path: Path, files: int) -> None:
    model = paf(tmp_path / "a.onnx")
    with pytest.raises(InputError, match="nobody to compare: neither model finds anybody"):
        compare_groups(model, model, [photo(tmp_path, [])][:files])


def test_distances(tmp_path: Path) -> None:
    """Under `legacy` points lie 1.5 px of the input further up and left."""
    a, b = paf(tmp_path / "a.onnx"), paf(tmp_path / "b.onnx", warp="legacy")
    large = np.asarray(cv2.imread(str(photo(tmp_path, FIRST + SECOND))))
    large = cv2.resize(large, (128, 96), interpolation=cv2.INTER_NEAREST)
    cv2.imwrite(str(tmp_path / "a.png"), large)
    found = compare_groups(a, b, [tmp_path / "a.png"], min_oks=0.2)
    assert found.persons == 2
    assert found.input_px.max == pytest.approx(np.hypot(1.5, 1.5), rel=0.01)
    assert found.image_px.max == pytest.approx(2 * found.input_px.max, rel=0.01)
    assert 0 < found.oks_min <= found.oks_mean < 1
    assert found.is_complete


@pytest.fixture
def differing(tmp_path: Path) -> Agreement:
    """The second model wants three keypoints of a person."""
    a, b = paf(tmp_path / "a.onnx"), paf(tmp_path / "b.onnx", min_joints=3)
    return compare_groups(a, b, [photo(tmp_path, FIRST + SECOND)], worst=2)


def test_unmatched_people(differing: Agreement, tmp_path: Path) -> None:
    assert (differing.persons, differing.unmatched_a, differing.unmatched_b) == (1, 1, 0)
    assert not differing.is_complete
    assert [person.only for person in differing.worst] == ["a", ""]
    content = differing.to_dict()
    assert content["unmatched"] == {"a": 1, "b": 0}
    assert (content["worst"][0]["only"], content["worst"][0]["max_px"]) == ("a", None)
    skeleton = paf(tmp_path / "c.onnx").skeleton
    lone = side_by_side(differing.worst[0], skeleton, differing.names, 0.1)
    half = (lone.shape[1] - 8) // 2
    assert not np.array_equal(lone[:, :half], lone[:, -half:])
    other = compare_groups(
        paf(tmp_path / "b.onnx", min_joints=3), paf(tmp_path / "a.onnx"), [tmp_path / "a.png"]
    )
    assert (other.unmatched_a, other.unmatched_b, other.worst[0].only) == (0, 1, "b")


def test_keypoints_of_one_alone(tmp_path: Path) -> None:
    """The second model has no limb to the blue end."""
    a = paf(tmp_path / "a.onnx")
    b = paf(tmp_path / "b.onnx", limbs=[[0, 1, 0, 1]])
    file = photo(tmp_path, FIRST)
    found = compare_groups(a, b, [file])
    assert (found.persons, found.keypoints, found.only_a, found.only_b) == (1, 2, 1, 0)
    assert found.oks_min == pytest.approx(2 / 3)
    found = compare_groups(b, a, [file])
    assert (found.keypoints, found.only_a, found.only_b, found.oks_min) == (2, 0, 1, 1)


def test_low_scores_can_be_left_out(tmp_path: Path) -> None:
    model = paf(tmp_path / "a.onnx")
    found = compare_groups(model, model, [photo(tmp_path, FIRST)], min_score=2)
    assert (found.persons, found.keypoints, found.left_out) == (1, 0, 3)
    assert np.isnan(found.image_px.max)
    assert found.is_complete


def test_without_oks_constants(tmp_path: Path) -> None:
    document = paf_document()
    document["keypoints"] = {**document["keypoints"], "sigmas": []}
    model = bottom_up(write_paf(tmp_path / "a.onnx", document))
    found = compare_groups(model, model, [photo(tmp_path, FIRST + SECOND)])
    assert found.persons == 2
    assert np.isnan(found.oks_mean)


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan])
def test_refuses_a_similarity(tmp_path: Path, value: float) -> None:
    model = paf(tmp_path / "a.onnx")
    with pytest.raises(InputError, match=r"min_oks must be 0\.\.1"):
        compare_groups(model, model, [], min_oks=value)


def test_people_have_room() -> None:
    xy = np.array([[[0, 5], [40, 5]], [[7, 7], [0, 0]], [[0, 0], [0, 0]]], np.float64)
    score = np.array([[1, 1], [1, 0], [0, 0]], np.float32)
    before = xy.copy(), score.copy()
    people = people_of_groups(xy, score)
    boxes = np.array([[0, 0, 40, 10], [6.5, 6.5, 7.5, 7.5]])
    np.testing.assert_allclose(people.box, boxes)
    assert np.isnan(people.xy[1, 1]).all()
    assert (people.area > 0).all()
    np.testing.assert_array_equal(xy, before[0])
    np.testing.assert_array_equal(score, before[1])
    nobody = people_of_groups(xy[:0], score[:0])
    assert (nobody.xy.shape, nobody.box.shape) == ((0, 2, 2), (0, 4))
