# SPDX-License-Identifier: Apache-2.0
"""PCKh with MPII's table, and the measures that share its distances."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import InputError
from edgepose.metrics.pck import PckCounts, keypoint_auc, keypoint_error, pck
from edgepose.metrics.pckh import mpii_table, pckh

RELATIVE = 1e-6


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> dict[str, Any]:
    with np.load(golden_dir / "pckh.npz") as data:
        heads = data["headboxes"].transpose(2, 0, 1).reshape(-1, 4)
        return {
            **{name: data[name] for name in data.files},
            "xy": data["pred"][..., :2],
            "truth": data["gt_1based"].transpose(2, 0, 1) - 1,
            "visible": data["jnt_missing"].T == 0,
            "heads": heads,
            "norm": 0.6 * np.hypot(*(heads[:, 2:] - heads[:, :2]).T),
        }


def test_table_agrees_with_hrnet(golden: dict[str, Any]) -> None:
    expected = dict(zip(golden["result_names"].tolist(), golden["result"], strict=True))
    arguments = (golden["xy"], golden["truth"], golden["visible"], golden["heads"])
    table = mpii_table(pckh(*arguments))
    for name, value in table.items():
        assert 100 * value == pytest.approx(expected[name], rel=RELATIVE), name
    # What HRNet prints as Mean@0.1 is the twelfth of its thresholds 0, 0.01, ..: 0.11.
    close = mpii_table(pckh(*arguments, threshold=0.11))
    assert 100 * close["Mean"] == pytest.approx(expected["Mean@0.1"], rel=RELATIVE)


def test_shares_agree_with_mmpose(golden: dict[str, Any]) -> None:
    arguments = (golden["xy"], golden["truth"], golden["visible"], golden["norm"])
    for threshold in (0.05, 0.2, 0.5):
        counts = pck(*arguments, threshold)
        share = counts.per_keypoint
        np.testing.assert_allclose(
            share, golden[f"mmpose_pck_{threshold}_acc_per_joint"], rtol=RELATIVE
        )
        assert np.nanmean(share) == pytest.approx(
            golden[f"mmpose_pck_{threshold}_avg_cnt"][0], rel=RELATIVE
        )
    head_norm = np.full(len(golden["xy"]), 30.0)
    auc = keypoint_auc(*arguments[:3], head_norm)
    assert auc == pytest.approx(float(golden["mmpose_auc"]), rel=RELATIVE)
    assert keypoint_error(*arguments[:3]) == pytest.approx(
        float(golden["mmpose_epe"]), rel=RELATIVE
    )
    assert keypoint_error(*arguments) == pytest.approx(float(golden["mmpose_nme"]), rel=RELATIVE)


def test_nobody_is_undefined() -> None:
    empty: tuple[Any, ...] = (np.zeros((0, 3, 2)), np.zeros((0, 3, 2)), np.zeros((0, 3), bool))
    assert math.isnan(keypoint_auc(empty[0], empty[1], empty[2], []))
    assert math.isnan(keypoint_error(*empty))
    assert math.isnan(pckh(empty[0], empty[1], empty[2], np.zeros((0, 4))).value)
    nothing = PckCounts(np.zeros(16, np.int64), np.zeros(16, np.int64))
    assert all(math.isnan(value) for value in mpii_table(nothing).values())


@settings(deadline=None)
@given(
    people=st.integers(0, 5),
    joints=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    thresholds=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_counts_rise_with_the_threshold_and_keep_the_inputs(
    people: int, joints: int, seed: int, thresholds: tuple[float, float]
) -> None:
    rng = np.random.default_rng(seed)
    predicted, truth = rng.uniform(0, 9, (2, people, joints, 2))
    visible, norm = rng.random((people, joints)) < 0.7, rng.uniform(1, 20, people)
    before = predicted.copy(), truth.copy(), norm.copy()
    low, high = (pck(predicted, truth, visible, norm, t) for t in sorted(thresholds))
    assert (low.correct <= high.correct).all()
    assert (high.correct <= high.labelled).all()
    distance = np.hypot(*np.moveaxis(predicted - truth, -1, 0))
    near = (distance <= max(thresholds) * norm[:, None]) & visible
    assert high.correct.tolist() == near.sum(axis=0).tolist()
    for old, new in zip(before, (predicted, truth, norm), strict=True):
        np.testing.assert_array_equal(old, new)


@settings(deadline=None)
@given(people=st.integers(1, 6), n=st.integers(1, 30), seed=st.integers(0, 10**6))
def test_area_is_the_mean_of_strict_shares(people: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    predicted, truth = np.zeros((people, 1, 2)), np.zeros((people, 1, 2))
    predicted[:, 0, 0] = rng.integers(0, n + 2, people) / n  # many lie on a threshold
    distance = predicted[:, 0, 0]
    shares = [(distance < i / n).mean() for i in range(n)]
    area = keypoint_auc(predicted, truth, np.ones((people, 1), bool), np.ones(people), n)
    assert area == pytest.approx(np.mean(shares), abs=1e-12)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda a, m: keypoint_auc(a, a, m, [1.0], 0), "count"),
        (lambda a, m: keypoint_auc(a, a, m, [0.0]), "norm must be positive"),
        (lambda a, m: keypoint_error(a, a[:, :1], m), "predicted and labelled must be"),
        (lambda a, m: pck(a, a, m, [1.0], math.nan), "NaN"),
        (lambda a, m: pckh(a, a, m, [[0, 0, 1]]), "head_box must be"),
        (lambda a, m: pckh(a, a, m, [[5, 5, 5, 5]]), "norm must be positive"),
        (lambda a, m: mpii_table(pckh(a, a, m, [[0, 0, 5, 5]])), "MPII has 16 joints; got 2"),
    ],
    ids=["no threshold", "no size", "shapes", "NaN", "box shape", "empty head", "joints"],
)
def test_wrong_arguments(run: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(np.zeros((1, 2, 2)), np.ones((1, 2), bool))
