# SPDX-License-Identifier: Apache-2.0
"""Keypoint similarity and suppression by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.oks
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import InputError
from edgepose.metrics.oks import oks_matrix, oks_nms

COCO = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000


@pytest.mark.parametrize("case", range(5))
def test_equals_the_golden_sets(golden_dir: Path, case: int) -> None:
    stored = np.load(golden_dir / "oks_nms.npz")
    people = stored[f"nms{case}_keypoints"]
    xy, joint_score = people[..., :2], people[..., 2]
    area, score = stored[f"nms{case}_area"], stored[f"nms{case}_score"]
    for threshold in (0.5, 0.7, 0.9):
        kept = oks_nms(xy, joint_score, score, area, COCO, threshold)
        np.testing.assert_array_equal(kept, stored[f"nms{case}_hrnet_oks_nms_{threshold}"])
        kept = oks_nms(xy, joint_score, score, area, COCO, threshold, visible_threshold=0.2)
        wanted = stored[f"nms{case}_mmpose_oks_nms_{threshold}_vis0.2"]
        np.testing.assert_array_equal(kept, wanted)
    pairs = [
        oks_matrix(xy[:1], xy[i : i + 1], [(area[0] + area[i]) / 2], COCO)[0, 0]
        for i in range(len(xy))
    ]
    np.testing.assert_allclose(pairs, stored[f"nms{case}_oks_0_vs_all"], atol=1e-12)


@settings(deadline=None)
@given(
    counts=st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 5)),
    seed=st.integers(0, 10**6),
    masked=st.booleans(),
)
def test_matrix_equals_the_reference(counts: tuple[int, int, int], seed: int, masked: bool) -> None:
    rng = np.random.default_rng(seed)
    n, m, k = counts
    a, b = rng.uniform(0, 9, (n, k, 2)), rng.uniform(0, 9, (m, k, 2))
    area, sigmas = rng.uniform(0, 50, n), rng.uniform(0.05, 1, k)
    mask = rng.integers(0, 2, (n, k)).astype(np.bool_) if masked else np.ones((n, k), np.bool_)
    found = oks_matrix(a, b, area, sigmas, mask=mask if masked else None)
    assert found.shape == (n, m)
    for i, j in np.ndindex(n, m):
        wanted = reference.oks.oks(a[i], b[j], area[i], sigmas, mask[i])
        assert found[i, j] == pytest.approx(wanted, abs=1e-12)


@settings(deadline=None)
@given(people=st.integers(0, 12), joints=st.integers(0, 4), seed=st.integers(0, 10**6))
def test_nms_equals_the_reference(people: int, joints: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 6, (people, joints, 2))
    score = np.round(rng.uniform(0, 1, people), 1)
    area, sigmas = rng.uniform(1, 20, people), rng.uniform(0.3, 1, joints)
    if joints == 0:
        wanted = np.argsort(-score, kind="stable").tolist()
    else:
        wanted = reference.oks.oks_nms(xy, score, area, sigmas, 0.4)
    kept = oks_nms(xy, np.ones((people, joints)), score, area, sigmas, 0.4)
    assert kept.tolist() == wanted


def test_single_precision_and_lists_are_taken() -> None:
    xy = np.zeros((2, 3, 2), np.float32)
    np.testing.assert_array_equal(oks_matrix(xy, xy, [1, 1], [1, 1, 1]), np.ones((2, 2)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"a_xy": np.zeros((2, 3))}, "a_xy", id="flat points"),
        pytest.param({"b_xy": np.zeros((1, 4, 2))}, "b_xy", id="other joints"),
        pytest.param({"area": [1.0]}, "area must be float64 \\[N\\]", id="areas missing"),
        pytest.param({"area": [1.0, -1.0]}, "negative", id="negative area"),
        pytest.param({"area": [1.0, np.nan]}, "NaN", id="NaN area"),
        pytest.param({"sigmas": [1.0]}, "sigmas", id="sigmas missing"),
        pytest.param({"sigmas": [1.0, 0.0, 1.0]}, "positive", id="sigma of zero"),
        pytest.param({"mask": np.ones((2, 2))}, "mask", id="mask shape"),
    ],
)
def test_matrix_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "a_xy": np.zeros((2, 3, 2)),
        "b_xy": np.zeros((1, 3, 2)),
        "area": [1.0, 1.0],
        "sigmas": [1.0, 1.0, 1.0],
    }
    with pytest.raises(InputError, match=message):
        oks_matrix(**{**arguments, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"score": [1.0]}, "score must be", id="scores missing"),
        pytest.param({"score_kp": np.ones((2, 2))}, "score_kp", id="joint scores missing"),
        pytest.param({"threshold": np.nan}, "NaN", id="NaN threshold"),
    ],
)
def test_nms_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "xy": np.zeros((2, 3, 2)),
        "score_kp": np.ones((2, 3)),
        "score": [1.0, 0.5],
        "area": [1.0, 1.0],
        "sigmas": [1.0, 1.0, 1.0],
        "threshold": 0.9,
    }
    with pytest.raises(InputError, match=message):
        oks_nms(**{**arguments, **changes})
