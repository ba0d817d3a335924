# SPDX-License-Identifier: Apache-2.0
"""People of bottom-up contracts, as they are recorded for the C ABI's test of the same name.

csrc/tests/capi/grouped_people_test.cpp finds the same people in the same maps through
`ep_contract_read`, `ep_..._set_contract`, the groupings and `ep_cells_to_input`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from reference.grouped_people import FAINT, PATH, PEOPLE, cases, people_of

RECORDED: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))


def test_every_case_is_recorded() -> None:
    named = [{key: item for key, item in case.items() if key != "people"} for case in RECORDED]
    assert named == cases()


@pytest.mark.parametrize("case", RECORDED, ids=[case["name"] for case in RECORDED])
def test_finds_the_recorded_people(case: dict[str, Any]) -> None:
    assert people_of(case) == case["people"]


@pytest.mark.parametrize("case", RECORDED, ids=[case["name"] for case in RECORDED])
def test_people_lie_on_their_dots(case: dict[str, Any]) -> None:
    """Nearer than a cell to the dot, best first."""
    found = case["people"]
    assert found["score"] == sorted(found["score"], reverse=True)
    dots = np.array([place[:2] for row in PEOPLE for place in row if place] + [FAINT]) * 4 + 1.5
    for xy, score in zip(found["xy"], found["keypoint_score"], strict=True):
        for point, value in zip(xy, score, strict=True):
            if value == 0:
                assert point == [0, 0]
            else:
                assert np.abs(dots - point).max(axis=1).min() < 4


def test_the_cases_tell_the_options_apart() -> None:
    counts = {case["name"]: len(case["people"]["score"]) for case in RECORDED}
    assert counts["nobody"] == 0
    assert counts["one person"] == 1
    assert counts["adjusted"] < counts["whole cells"]
    assert counts["tf_pose"] > 0
    joints = {case["name"]: np.count_nonzero(case["people"]["keypoint_score"]) for case in RECORDED}
    assert joints["refined"] == joints["whole cells"] + 1
