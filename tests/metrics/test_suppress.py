# SPDX-License-Identifier: Apache-2.0
"""Rating of people, soft suppression and suppression by close joints."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.suppress
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import InputError
from edgepose.metrics.oks import oks_nms
from edgepose.metrics.suppress import nearby_joints_nms, rescore_people, soft_oks_nms

COCO = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000


@pytest.mark.parametrize("case", range(5))
def test_equals_the_golden_sets(golden_dir: Path, case: int) -> None:
    with np.load(golden_dir / "oks_nms.npz") as stored:
        people = stored[f"nms{case}_keypoints"]
        xy, joint_score = people[..., :2], people[..., 2]
        area, score = stored[f"nms{case}_area"], stored[f"nms{case}_score"]
        for threshold in (0.5, 0.7, 0.9):
            kept, lowered = soft_oks_nms(xy, joint_score, score, area, COCO, threshold)
            for source in ("hrnet", "mmpose"):
                wanted = stored[f"nms{case}_{source}_soft_oks_nms_{threshold}"]
                np.testing.assert_array_equal(kept, wanted)
            assert (lowered <= score).all()
        # The stored results stop at 30 people.
        kept = nearby_joints_nms(xy, score, 0.05, max_people=30)
        np.testing.assert_array_equal(kept, stored[f"nms{case}_mmpose_nearby_joints_nms"])


def _soft(xy: Any, score_kp: Any, score: Any, area: Any, sigmas: Any) -> Any:
    return soft_oks_nms(xy, score_kp, score, area, sigmas, 0.9)[0]


@pytest.mark.parametrize(
    ("name", "suppress"),
    [
        ("hard0.9", partial(oks_nms, threshold=0.9)),
        ("hard0.5", partial(oks_nms, threshold=0.5)),
        ("soft0.9", _soft),
    ],
    ids=["hard 0.9", "hard 0.5", "soft 0.9"],
)
def test_a_whole_set_equals_hrnet(
    golden_dir: Path, name: str, suppress: Callable[..., Any]
) -> None:
    with np.load(golden_dir / "oks_nms.npz") as stored:
        wanted = stored[f"hrnet_eval_{name}_image_cx_cy_score"]
        people = stored["hrnet_eval_preds"].astype(np.float64)
        boxes, image_ids = (
            stored["hrnet_eval_boxes_cx_cy_sx_sy_area_score"],
            stored["hrnet_eval_image_ids"],
        )
    score = rescore_people(people[..., 2], boxes[:, 5], 0.2)
    rows = []
    for image in dict.fromkeys(image_ids.tolist()):
        at = np.flatnonzero(image_ids == image)
        kept = at[suppress(people[at, :, :2], people[at, :, 2], score[at], boxes[at, 4], COCO)]
        rows += [[image, boxes[i, 0], boxes[i, 1], score[i]] for i in kept]
    np.testing.assert_allclose(rows, wanted, rtol=1e-6)


@settings(deadline=None)
@given(
    people=st.integers(0, 10),
    joints=st.integers(1, 4),
    linear=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_soft_equals_the_reference(people: int, joints: int, linear: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy, score = rng.uniform(0, 6, (people, joints, 2)), rng.uniform(0, 1, people)
    area, sigmas = rng.uniform(1, 20, people), rng.uniform(0.3, 1, joints)
    before = xy.copy(), score.copy()
    kept, lowered = soft_oks_nms(
        xy,
        np.ones((people, joints)),
        score,
        area,
        sigmas,
        0.4,
        decay="linear" if linear else "gaussian",
        max_people=7,
    )
    wanted, scores = reference.suppress.soft_oks_nms(xy, score, area, sigmas, 0.4, linear, 7)
    assert kept.tolist() == wanted
    np.testing.assert_allclose(lowered, scores, rtol=1e-12)
    np.testing.assert_array_equal(xy, before[0])
    np.testing.assert_array_equal(score, before[1])


@settings(deadline=None)
@given(
    people=st.integers(1, 10),
    joints=st.integers(1, 5),
    distance=st.floats(0.01, 0.6),
    seed=st.integers(0, 10**6),
)
def test_nearby_joints_equals_the_reference(
    people: int, joints: int, distance: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 10, (people, joints, 2))
    score = np.round(rng.uniform(0, 1, people), 1)
    limit = int(rng.integers(0, joints))
    kept = nearby_joints_nms(xy, score, distance, max_nearby=limit)
    assert kept.tolist() == reference.suppress.nearby_joints_nms(xy, score, distance, limit)


def test_only_joints_that_both_show_are_compared() -> None:
    xy = [[[0, 0], [0, 0]], [[0, 0], [9, 9]]]
    shown = [[1.0, 1.0], [1.0, 0.1]]
    arguments = (xy, shown, [0.9, 0.8], [1, 1], [0.5, 0.5], 0.9)
    plain = soft_oks_nms(*arguments)[1]
    masked = soft_oks_nms(*arguments, visible_threshold=0.2)[1]
    assert plain[1] == pytest.approx(0.8 * np.exp(-0.25 / 0.9))
    assert masked[1] == pytest.approx(0.8 * np.exp(-1 / 0.9))


def test_nobody() -> None:
    empty = np.zeros((0, 3, 2))
    kept, lowered = soft_oks_nms(empty, np.zeros((0, 3)), [], [], [1, 1, 1], 0.5)
    assert len(kept) == len(lowered) == 0
    assert len(nearby_joints_nms(empty, [], 0.05)) == 0
    assert len(rescore_people(np.zeros((0, 3)), [])) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"score": [1.0]}, "score must be", id="scores missing"),
        pytest.param({"score_kp": np.ones((2, 2))}, "score_kp", id="joint scores missing"),
        pytest.param({"area": [1.0, -1.0]}, "negative", id="negative area"),
        pytest.param({"threshold": np.nan}, "NaN", id="NaN threshold"),
        pytest.param({"decay": "cubic"}, "decay must be", id="unknown decay"),
        pytest.param({"max_people": -1}, "count", id="negative limit"),
    ],
)
def test_soft_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "xy": np.zeros((2, 3, 2)),
        "score_kp": np.ones((2, 3)),
        "score": [1.0, 0.5],
        "area": [1.0, 1.0],
        "sigmas": [1.0, 1.0, 1.0],
        "threshold": 0.9,
    }
    with pytest.raises(InputError, match=message):
        soft_oks_nms(**{**arguments, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"xy": np.zeros((2, 3))}, "xy must be", id="flat points"),
        pytest.param({"score": [1.0]}, "score must be", id="scores missing"),
        pytest.param({"distance": 0.0}, "distance must be positive", id="no distance"),
        pytest.param({"distance": np.nan}, "distance must be positive", id="NaN distance"),
        pytest.param({"max_nearby": 3}, "max_nearby must be 0..2", id="all joints"),
        pytest.param({"max_people": -1}, "count", id="negative limit"),
    ],
)
def test_nearby_joints_refuses_bad_arguments(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"xy": np.zeros((2, 3, 2)), "score": [1.0, 0.5], "distance": 0.1}
    with pytest.raises(InputError, match=message):
        nearby_joints_nms(**{**arguments, **changes})


def test_rescore_refuses_bad_arguments() -> None:
    with pytest.raises(InputError, match="score must be"):
        rescore_people(np.ones((2, 3)), [1.0])
    with pytest.raises(InputError, match="NaN"):
        rescore_people(np.ones((2, 3)), [1.0, 1.0], np.nan)
