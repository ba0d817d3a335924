# SPDX-License-Identifier: Apache-2.0
"""Associative-embedding grouping: golden parity, the slow reference, odd inputs and refusals."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.tags
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.group import COCO_JOINT_ORDER, TagPeople, assign, group_tags

SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "no_refine": {"refine": False},
    "no_adjust_no_refine": {"adjust": False, "refine": False},
    "refine_no_adjust": {"adjust": False},
    "ignore_too_much": {"ignore_too_much": True},
    "no_detection_val": {"use_detection_val": False},
    "max10": {"max_people": 10},
    "max10_ignore_too_much": {"max_people": 10, "ignore_too_much": True},
}


def _rows(people: TagPeople) -> NDArray[np.float32]:
    return np.concatenate([people.xy, people.score_kp[..., None], people.tags], axis=2)


@pytest.mark.parametrize("setting", SETTINGS)
def test_equals_the_golden_scenes(golden_dir: Path, setting: str) -> None:
    stored = np.load(golden_dir / "ae_grouping.npz")
    assert tuple(stored["joint_order"].tolist()) == COCO_JOINT_ORDER
    scenes = [name[: -len("_heat")] for name in stored.files if name.endswith("_heat")]
    compared = 0
    for scene in scenes:
        if f"{scene}_{setting}_people" not in stored:
            continue
        people = group_tags(
            stored[f"{scene}_heat"].astype(np.float32),
            stored[f"{scene}_tag"].astype(np.float32),
            joint_order=COCO_JOINT_ORDER,
            **SETTINGS[setting],
        )
        wanted = stored[f"{scene}_{setting}_people"]
        # Assignments tie as in the reference, so the unstable entries are compared as well; only
        # the order of people that were started by equal peaks is free.
        rows = _rows(people)
        assert rows.shape == wanted.shape
        pairs = assign(np.abs(rows[:, None] - wanted[None]).sum(axis=(2, 3)))
        rows, wanted = rows[pairs[:, 0]], wanted[pairs[:, 1]]
        np.testing.assert_allclose(rows, wanted, rtol=0, atol=1e-3)
        np.testing.assert_allclose(rows[..., 2], wanted[..., 2], rtol=0, atol=1e-5)
        score = stored[f"{scene}_{setting}_score"][pairs[:, 1]]
        np.testing.assert_allclose(people.score[pairs[:, 0]], score, rtol=0, atol=1e-5)
        compared += 1
    assert compared >= 5


def _scene(
    rng: np.random.Generator, shape: tuple[int, int, int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    joints, height, width, length = shape
    heat = np.round(rng.uniform(0, 1, (joints, height, width)) ** 6, 2).astype(np.float32)
    tag = rng.normal(0, 2, (joints, height, width, length)).astype(np.float32)
    return heat, tag


@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 20), st.integers(1, 40), st.integers(1, 3)),
    seed=st.integers(0, 10**6),
    max_people=st.integers(1, 6),
    nms_kernel=st.sampled_from([1, 3, 5]),
    flags=st.tuples(*[st.booleans()] * 5),
    planar=st.booleans(),
)
def test_equals_the_reference(
    shape: tuple[int, int, int, int],
    seed: int,
    max_people: int,
    nms_kernel: int,
    flags: tuple[bool, ...],
    planar: bool,
) -> None:
    rng = np.random.default_rng(seed)
    heat, tag = _scene(rng, shape)
    names = ("use_detection_val", "ignore_too_much", "merge_equal_tags", "adjust", "refine")
    options = dict(zip(names, flags, strict=True))
    order = tuple(rng.permutation(shape[0]).tolist())
    given_tag = np.moveaxis(np.ascontiguousarray(np.moveaxis(tag, 3, 1)), 1, 3) if planar else tag
    before = heat.copy(), tag.copy()
    people = group_tags(
        heat,
        given_tag,
        max_people=max_people,
        nms_kernel=nms_kernel,
        joint_order=order,
        **options,
    )
    wanted, score = reference.tags.group(
        heat,
        tag,
        reference.tags.Settings(order, max_people=max_people, nms_kernel=nms_kernel, **options),
        assign,
    )
    np.testing.assert_array_equal(_rows(people), wanted)
    np.testing.assert_allclose(people.score, score, atol=1e-6)
    np.testing.assert_array_equal(heat, before[0])
    np.testing.assert_array_equal(given_tag, before[1])


@pytest.mark.parametrize(
    ("heat", "tag"),
    [
        pytest.param(np.zeros((0, 5, 5)), np.zeros((0, 5, 5, 1)), id="no joints"),
        pytest.param(np.zeros((3, 5, 5)), np.zeros((3, 5, 5, 1)), id="no peaks"),
        pytest.param(np.full((3, 5, 5), -1.0), np.zeros((3, 5, 5, 2)), id="negative maps"),
        pytest.param(np.full((3, 5, 5), np.nan), np.zeros((3, 5, 5, 2)), id="NaN maps"),
        pytest.param(np.ones((3, 5, 5)), np.full((3, 5, 5, 2), np.nan), id="NaN tags"),
        pytest.param(np.ones((3, 5, 5)), np.full((3, 5, 5, 1), np.inf), id="infinite tags"),
    ],
)
def test_nobody_is_found(heat: NDArray[Any], tag: NDArray[Any]) -> None:
    people = group_tags(heat.astype(np.float32), tag.astype(np.float32))
    assert people.xy.shape == (0, len(heat), 2)
    assert people.tags.shape == (0, len(heat), tag.shape[3])
    assert people.score.shape == (0,)


def test_one_cell_is_one_person() -> None:
    people = group_tags(np.ones((2, 1, 1), np.float32), np.zeros((2, 1, 1, 1), np.float32))
    assert people.xy.tolist() == [[[0.25, 0.25], [0.25, 0.25]]]
    assert people.score.tolist() == [1.0]


def test_people_are_selected_by_their_score() -> None:
    rng = np.random.default_rng(5)
    heat = rng.uniform(0, 1, (4, 30, 30)).astype(np.float32)
    tag = rng.uniform(0, 40, (4, 30, 30, 1)).astype(np.float32)
    everybody = group_tags(heat, tag)
    assert len(everybody.score) > 20
    order = np.argsort(-everybody.score, kind="stable")
    least = float(np.median(everybody.score))
    for by_score, rows in ((False, np.arange(len(order))), (True, order)):
        kept = rows[everybody.score[rows] >= least]
        found = group_tags(heat, tag, person_threshold=least, by_score=by_score)
        for name in ("xy", "score_kp", "tags", "score"):
            wanted = getattr(everybody, name)[kept]
            np.testing.assert_array_equal(getattr(found, name), wanted, err_msg=name)


@pytest.mark.parametrize(("merge", "count"), [(True, 1), (False, 4)])
def test_equal_maps_are_one_person_or_many(merge: bool, count: int) -> None:
    heat = np.ones((2, 3, 3), np.float32)
    tag = np.zeros((2, 3, 3, 1), np.float32)
    people = group_tags(heat, tag, max_people=4, merge_equal_tags=merge)
    assert len(people.score) == count


def test_nan_tags_are_passed_over_by_refine() -> None:
    heat = np.zeros((2, 4, 40), np.float32)
    heat[0, 1, 1] = 0.9
    heat[1, 2, 20], heat[1, 2, 30] = 0.09, 0.05  # below the threshold: only refine takes them
    tag = np.zeros((2, 4, 40, 1), np.float32)
    assert group_tags(heat, tag).xy[0, 1].tolist() == [20.25, 2.25]
    tag[1, 2, 20] = np.nan
    assert group_tags(heat, tag).xy[0, 1].tolist() == [30.25, 2.25]
    assert group_tags(heat, tag, refine=False).score_kp[0, 1] == 0.0


def test_a_shared_tag_map_and_strided_views() -> None:
    heat, tag = _scene(np.random.default_rng(5), (3, 17, 33, 2))
    shared = group_tags(heat, tag[:1])
    repeated = group_tags(heat, np.repeat(tag[:1], 3, axis=0))
    np.testing.assert_array_equal(_rows(shared), _rows(repeated))
    mirrored = group_tags(heat[:, ::-1, ::-1], tag[:, ::-1, ::-1])
    packed = group_tags(heat[:, ::-1, ::-1].copy(), tag[:, ::-1, ::-1].copy())
    np.testing.assert_array_equal(_rows(mirrored), _rows(packed))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"heatmaps": np.zeros((2, 4, 4))}, "heatmaps must be", id="heat dtype"),
        pytest.param({"tags": np.zeros((2, 4, 4), np.float32)}, "tags must be", id="flat tags"),
        pytest.param({"tags": np.zeros((2, 4, 5, 1), np.float32)}, "tags must", id="tag size"),
        pytest.param({"tags": np.zeros((2, 4, 4, 0), np.float32)}, "T of 1", id="no components"),
        pytest.param({"nms_kernel": 4}, "odd", id="even kernel"),
        pytest.param({"max_people": -1}, "size|count", id="negative people"),
        pytest.param({"max_people": 5000}, "count", id="too many people"),
        pytest.param({"detection_threshold": np.nan}, "NaN", id="NaN threshold"),
        pytest.param({"tag_threshold": np.nan}, "NaN", id="NaN tag threshold"),
        pytest.param({"person_threshold": np.nan}, "NaN", id="NaN person threshold"),
        pytest.param({"joint_order": [0]}, "joint_order", id="order too short"),
        pytest.param({"joint_order": [0, 0]}, "joint_order", id="joint twice"),
    ],
)
def test_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "heatmaps": np.zeros((2, 4, 4), np.float32),
        "tags": np.zeros((2, 4, 4, 1), np.float32),
    }
    with pytest.raises(InputError, match=message):
        group_tags(**{**arguments, **changes})


@pytest.mark.parametrize("name", ["tags", "aggregate", "multi_scale"])
def test_examples_in_docstrings(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"edgepose.group.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
