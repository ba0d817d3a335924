# SPDX-License-Identifier: Apache-2.0
"""PAF grouping beside a slow reference, its options and its errors."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import reference.paf
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import InputError
from edgepose.group import (
    PAF_COCO_18,
    PAF_PRESETS,
    PafOptions,
    PafSkeleton,
    group_paf,
    paf_options,
)

# A cycle of four parts whose first limb is given twice, in no tree's order.
CYCLE = PafSkeleton(
    ("a", "b", "c", "d"),
    ((0, 1), (2, 3), (1, 2), (3, 0), (0, 1)),
    ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9)),
    redundant=(3,),
    uncounted=(3,),
)

# The reference of optimal matching is that of SciPy.
MATCHINGS = ["greedy", "optimal"] if find_spec("scipy") else ["greedy"]
LENIENT: dict[str, Any] = {"assembly": "merge", "min_joints": 2, "min_joints_partly": 2}


def _scene(rng: np.random.Generator, people: int, noise: float, hw: tuple[int, int]) -> Any:
    """Heatmaps [4, H, W] and fields [10, H, W] of people drawn as crooked squares."""
    height, width = hw
    y, x = np.mgrid[:height, :width].astype(np.float64)
    heat = np.zeros((4, height, width))
    field = np.zeros((10, height, width))
    for _ in range(people):
        corner = rng.uniform(2, [width - 10, height - 10])
        points = corner + np.array([[0, 0], [7, 0], [7, 7], [0, 7]]) + rng.uniform(-1, 1, (4, 2))
        for part, (at_x, at_y) in enumerate(points):
            bump = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 3)
            heat[part] = np.maximum(heat[part], bump * rng.uniform(0.6, 1))
        for (a, b), (to_x, to_y) in zip(CYCLE.limbs, CYCLE.channels, strict=True):
            along = points[b] - points[a]
            length = float(np.hypot(*along))
            unit = along / length
            dx, dy = x - points[a, 0], y - points[a, 1]
            way, off = dx * unit[0] + dy * unit[1], np.abs(dx * unit[1] - dy * unit[0])
            on = (way > -1.5) & (way < length + 1.5) & (off < 1.5)
            field[to_x][on], field[to_y][on] = unit
    heat += noise * rng.standard_normal(heat.shape)
    field += noise * rng.standard_normal(field.shape)
    return heat.astype(np.float32), field.astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    people=st.integers(0, 5),
    noise=st.sampled_from([0.0, 0.02, 0.1]),
    preset=st.sampled_from(PAF_PRESETS),
    upscale=st.sampled_from([1, 1, 2, 3]),
    changes=st.fixed_dictionaries(
        {},
        optional={
            "matching": st.sampled_from(MATCHINGS),
            "assembly": st.sampled_from(["extend_first", "extend_all", "merge"]),
            "peak_rule": st.sampled_from(["pool", "cross", "openpose"]),
            "singles": st.booleans(),
            "min_distance": st.sampled_from([0.0, 3.0]),
            "min_joint_score": st.sampled_from([0.0, 0.4]),
            "length_prior": st.sampled_from([0.0, 0.5]),
            "near_score": st.sampled_from([0.0, 0.05]),
            "person_score": st.sampled_from(["total", "per_joint", "per_part_and_limb"]),
        },
    ),
)
def test_equals_the_reference(
    seed: int, people: int, noise: float, preset: str, upscale: int, changes: dict[str, Any]
) -> None:
    heat, field = _scene(np.random.default_rng(seed), people, noise, (18, 26))
    options = paf_options(
        preset, **{"upscale": upscale, "min_joints": 2, "min_joints_partly": 1, **changes}
    )
    found = group_paf(heat, field, CYCLE, options, max_people=1000)
    wanted, peaks = reference.paf.group(heat, field, CYCLE, options)
    assert len(found) == len(wanted)
    rows = np.concatenate([found.xy, found.joint_score[..., None]], axis=2)
    left = list(zip(rows, found.found, found.score, strict=True))
    for parts, score in wanted:
        joints = np.zeros((4, 3))
        for part, peak in enumerate(parts):
            if peak >= 0:
                joints[part] = *peaks[part].xy[peak], peaks[part].score[peak]
        same = [
            index
            for index, (row, mask, total) in enumerate(left)
            if mask.tolist() == [peak >= 0 for peak in parts]
            and np.allclose(row, joints, atol=1e-3)
            and abs(total - score) < 1e-4
        ]
        assert same
        left.pop(same[0])
    assert (np.diff(found.score) <= 0).all()


def test_an_empty_picture_has_nobody() -> None:
    people = group_paf(
        np.zeros((19, 8, 9), np.float32), np.zeros((38, 8, 9), np.float32), PAF_COCO_18
    )
    assert len(people) == 0
    assert people.xy.shape == (0, 18, 2)
    assert people.found.dtype == np.bool_


def test_a_skeleton_may_be_empty() -> None:
    nothing = PafSkeleton((), (), ())
    people = group_paf(np.ones((1, 4, 4), np.float32), np.ones((0, 4, 4), np.float32), nothing)
    assert people.joint_score.shape == (0, 0)


@pytest.mark.parametrize("upscale", [1, 2])
def test_any_strides_and_inputs_untouched(upscale: int) -> None:
    heat, field = _scene(np.random.default_rng(1), 3, 0.02, (20, 30))
    options = paf_options(upscale=upscale, **LENIENT)
    plain = group_paf(heat, field, CYCLE, options)
    assert len(plain) >= 3
    wide = np.zeros((4, 20, 33), np.float32)
    wide[:, :, 2:32] = heat
    turned = np.asfortranarray(field)
    before = wide.copy(), turned.copy()
    other = group_paf(wide[:, :, 2:32], turned, CYCLE, options)
    np.testing.assert_array_equal(other.xy, plain.xy)
    np.testing.assert_array_equal(wide, before[0])
    np.testing.assert_array_equal(turned, before[1])
    with pytest.raises(ValueError, match="read-only"):
        plain.xy[0] = 1


def test_the_best_people_are_kept() -> None:
    heat, field = _scene(np.random.default_rng(2), 4, 0.0, (40, 60))
    options = paf_options(**LENIENT)
    all_of_them = group_paf(heat, field, CYCLE, options)
    best = group_paf(heat, field, CYCLE, options, max_people=2)
    np.testing.assert_array_equal(best.score, all_of_them.score[:2])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"heatmaps": np.zeros((4, 5, 5))}, "float64", id="dtype"),
        pytest.param({"heatmaps": np.zeros((3, 5, 5), np.float32)}, "at least 4", id="channels"),
        pytest.param({"pafs": np.zeros((10, 5, 6), np.float32)}, "pafs", id="size"),
        pytest.param({"pafs": np.zeros((9, 5, 5), np.float32)}, "limb", id="fields"),
        pytest.param(
            {"heatmaps": np.zeros((4, 0, 5), np.float32), "pafs": np.zeros((10, 0, 5), np.float32)},
            "1 to",
            id="no rows",
        ),
        pytest.param({"max_people": -1}, "max_people", id="people"),
    ],
)
def test_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "heatmaps": np.zeros((4, 5, 5), np.float32),
        "pafs": np.zeros((10, 5, 5), np.float32),
        "skeleton": CYCLE,
    }
    with pytest.raises(InputError, match=message):
        group_paf(**{**arguments, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"upscale": 2.0}, "upscale must be int", id="type"),
        pytest.param({"upscale": True}, "upscale must be int", id="flag for a number"),
        pytest.param({"max_peaks": 2**40}, "32 bits", id="huge"),
        pytest.param({"blur": 3}, "blur", id="unknown"),
        pytest.param({"matching": 1}, "matching must be str", id="word"),
    ],
)
def test_options_refuse_bad_values(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        paf_options("openpose", **changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"upscale": 0}, "outside its range", id="range"),
        pytest.param({"smoothing_size": 25, "upscale": 2}, "outside its range", id="smoothing"),
        pytest.param({"peak_threshold": float("nan")}, "outside its range", id="NaN"),
        pytest.param({"matching": "best"}, "matching must be one of greedy, optimal", id="word"),
        pytest.param({"peak_rule": ""}, "pool, cross, openpose", id="empty word"),
    ],
)
def test_grouping_refuses_bad_options(changes: dict[str, Any], message: str) -> None:
    options = replace(paf_options(), **changes)
    with pytest.raises(InputError, match=message):
        group_paf(np.zeros((4, 5, 5), np.float32), np.zeros((10, 5, 5), np.float32), CYCLE, options)


@pytest.mark.parametrize("preset", PAF_PRESETS)
def test_presets_are_complete(preset: str) -> None:
    assert isinstance(paf_options(preset), PafOptions)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InputError, match="openpose, lightweight or tf_pose"):
        paf_options("best")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((("a", "b"), ((0, 1),), ()), "channels must be 1", id="channels"),
        pytest.param((("a", "b"), ((0, 2),), ((0, 1),)), "limbs", id="part"),
        pytest.param((("a", "b"), ((1, 1),), ((0, 1),)), "different", id="loop"),
        pytest.param((("a", "b"), ((0, 1),), ((0, 1),), (1,)), "redundant", id="redundant"),
        pytest.param((("a", "b"), ((0, 1),), ((0, 1),), (), (2,)), "uncounted", id="uncounted"),
    ],
)
def test_a_skeleton_refuses_bad_indices(arguments: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        PafSkeleton(*arguments)
