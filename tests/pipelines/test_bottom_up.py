# SPDX-License-Identifier: Apache-2.0
"""Whole pictures to people, with networks whose keypoints are coloured dots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import (
    BLUE,
    GREEN,
    RED,
    paf_document,
    picture,
    tags_document,
    write_joined_paf,
    write_paf,
    write_tags,
)

from edgepose.errors import ModelError
from edgepose.pipelines import BottomUp, Grouped, Stopwatch, open_network

# Two people lying one above the other, the second without its blue end.
IMAGE = picture(
    (64, 48),
    [(8, 8, RED), (24, 8, GREEN), (40, 8, BLUE), (12, 32, RED), (36, 32, GREEN)],
)
FIRST: list[list[float]] = [[9.5, 9.5], [25.5, 9.5], [41.5, 9.5]]
SECOND: list[list[float]] = [[13.5, 33.5], [37.5, 33.5], [0, 0]]


def joined_document() -> dict[str, Any]:
    """Channels last, fields behind the heatmaps in one output."""
    document = paf_document(limbs=[[0, 1, 3, 4], [1, 2, 3, 4]])
    document["input"]["layout"] = "NHWC"
    return {**document, "outputs": {"heatmap": "maps", "paf": "maps"}}


def bottom_up(model: Path) -> BottomUp:
    return BottomUp(open_network(model, task="bottom_up"))


def paf(folder: Path, **codec: Any) -> BottomUp:
    return bottom_up(write_paf(folder / "paf.onnx", paf_document(**codec)))


def tags(folder: Path, **codec: Any) -> BottomUp:
    return bottom_up(write_tags(folder / "tags.onnx", tags_document(**codec)))


def joined(folder: Path) -> BottomUp:
    return bottom_up(write_joined_paf(folder / "joined.onnx", joined_document()))


EVERY = pytest.mark.parametrize("make", [paf, joined, tags], ids=["paf", "joined", "tags"])


@EVERY
def test_nobody(make: Any, tmp_path: Path) -> None:
    people = make(tmp_path)(np.zeros((48, 64, 3), np.uint8))
    assert len(people) == 0
    assert people.xy.shape == (0, 3, 2)
    assert people.box.shape == (0, 4)


@EVERY
def test_dots_become_people(make: Any, tmp_path: Path) -> None:
    before, watch = IMAGE.copy(), Stopwatch()
    people = make(tmp_path)(IMAGE, watch)
    np.testing.assert_array_equal(IMAGE, before)
    np.testing.assert_allclose(people.xy, [FIRST, SECOND], atol=1e-4)
    np.testing.assert_allclose(people.keypoint_score, [[1, 1, 1], [1, 1, 0]], atol=1e-6)
    assert people.found.tolist() == [[True] * 3, [True, True, False]]
    boxes = [[9.5, 9.5, 41.5, 9.5], [13.5, 33.5, 37.5, 33.5]]
    np.testing.assert_allclose(people.box, boxes, atol=1e-4)
    assert people.score[0] > people.score[1] > 0
    assert list(watch.stages) == ["preprocess", "pose", "decode"]
    for _ in range(3):  # later runs write into buffers that are kept
        np.testing.assert_array_equal(make(tmp_path)(IMAGE).xy, people.xy)


@EVERY
def test_pictures_of_another_size_are_letterboxed(make: Any, tmp_path: Path) -> None:
    large = np.kron(IMAGE, np.ones((2, 2, 1), np.uint8))
    large = np.concatenate([np.zeros((32, 128, 3), np.uint8), large, np.zeros_like(large[:32])])
    # 128x160 fits into 64x48 at 0.3: too coarse for cells of 4 px; half of it is looked at.
    people = make(tmp_path)(large[32:-32])
    expected = np.where(np.array([FIRST, SECOND]) > 0, 2 * np.array([FIRST, SECOND]) + 0.5, 0)
    np.testing.assert_allclose(people.xy, expected, atol=1e-4)


@pytest.mark.parametrize("preset", ["openpose", "lightweight", "tf_pose"])
@pytest.mark.parametrize("upscale", [1, 4], ids=["as they are", "enlarged"])
def test_presets_find_the_same_places(preset: str, upscale: int, tmp_path: Path) -> None:
    """Blurred dots between cells; the peaks lie between them once the maps are enlarged."""
    places = np.array([[10.6, 14.2], [26.7, 14.3], [42.8, 14.1]])
    columns, rows = np.arange(64), np.arange(48)[:, None]
    dots = [np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 50) for x, y in places]
    image = np.round(255 * np.stack(dots[::-1], axis=2)).astype(np.uint8)
    people = paf(tmp_path, preset=preset, upscale=upscale, peak_threshold=0.01)(image)
    assert len(people) == 1
    np.testing.assert_allclose(people.xy[0], places, atol=2 if upscale == 1 else 0.9)


CELLS = np.array([[2, 2], [6, 2], [10, 2]])


@pytest.mark.parametrize(
    ("warp", "expected"),
    [
        pytest.param("half_pixel", 4 * CELLS + 1.5, id="half_pixel"),
        pytest.param("legacy", 4 * CELLS, id="legacy"),
        pytest.param("udp", CELLS * np.array([63 / 15, 47 / 11]), id="udp"),
    ],
)
@pytest.mark.parametrize("make", [paf, tags], ids=["paf", "tags"])
def test_warp_of_the_contract_counts(make: Any, warp: str, expected: Any, tmp_path: Path) -> None:
    np.testing.assert_allclose(make(tmp_path, warp=warp)(IMAGE).xy[0], expected, atol=1e-4)


@pytest.mark.parametrize(
    ("codec", "count"),
    [
        pytest.param({"max_people": 1}, 1, id="fewer people"),
        pytest.param({"min_joints": 3}, 1, id="more keypoints a person"),
        pytest.param({"peak_threshold": 2}, 0, id="higher peaks"),
        pytest.param({"sample_threshold": 2}, 0, id="longer fields"),
        pytest.param({"min_joint_score": 1.6}, 1, id="surer people"),
        pytest.param({"limbs": [[0, 1, 1, 1]]}, 0, id="field across the limb"),
        pytest.param({"limbs": [[1, 0, 0, 1]]}, 0, id="field against the limb"),
        pytest.param({"matching": "optimal"}, 2, id="another matching"),
    ],
)
def test_options_of_paf_count(codec: dict[str, Any], count: int, tmp_path: Path) -> None:
    people = paf(tmp_path, **{"preset": "lightweight", **codec})(IMAGE)
    assert len(people) == count


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        pytest.param({"person_threshold": 0.8}, [3], id="surer people"),
        pytest.param({"max_people": 1}, [3], id="fewer people"),
        pytest.param({"tag_threshold": 9}, [3, 2], id="a wider tag"),
        pytest.param({"joint_order": [2, 1, 0]}, [3, 2], id="another order"),
    ],
)
def test_options_of_tags_count(codec: dict[str, Any], found: list[int], tmp_path: Path) -> None:
    people = tags(tmp_path, **codec)(IMAGE)
    assert people.found.sum(axis=1).tolist() == found
    np.testing.assert_allclose(people.xy, [FIRST, SECOND][: len(found)], atol=1e-4)


def test_adjusted_keypoints_are_counted_from_the_corner(tmp_path: Path) -> None:
    """Between equal neighbours the published rule goes a quarter of a cell, 1 px, to the left."""
    people = tags(tmp_path, adjust=True)(IMAGE)
    np.testing.assert_allclose(people.xy[0], np.array(FIRST) - 1, atol=1e-4)


def test_refining_gives_people_what_they_lack(tmp_path: Path) -> None:
    image = IMAGE.copy()
    image[32:36, 52:56] = np.array(BLUE) // 4  # below the threshold of a peak
    people = tags(tmp_path, adjust=True, refine=True)(image)
    assert people.found.all()
    np.testing.assert_allclose(people.xy[1, 2], [52.5, 32.5], atol=1e-4)


def test_a_field_that_is_no_number(tmp_path: Path) -> None:
    pipeline = bottom_up(write_paf(tmp_path / "nan.onnx", bias=np.nan))
    with pytest.raises(ModelError, match="tiny-paf: the network gives values that are not finite"):
        pipeline(IMAGE)


def test_a_box_goes_around_the_keypoints_that_were_found() -> None:
    xy = np.array([[[5, 6], [0, 0], [3, 9]]], np.float32)
    people = Grouped(xy, np.array([[0.5, 0, 0.5]], np.float32), np.ones(1, np.float32))
    assert people.box.tolist() == [[3, 6, 5, 9]]
