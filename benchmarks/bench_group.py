# SPDX-License-Identifier: Apache-2.0
"""Grouping by tags and assignment beside NumPy and SciPy, in one run on one thread.

    python benchmarks/bench_group.py [--json FILE] [--quick]

Scenes hold 1 to 60 people of 17 joints with a tenth of the joints missing, on maps of 128x128 and
256x256. The peer is the step-by-step NumPy parser of tests/reference with SciPy's assignment; it
is written to be read, not to be fast. How cases are timed: see suite.py. Not timed: making the
scenes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import suite
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from suite import PEOPLE, Case, Row

from edgepose.group import COCO_JOINT_ORDER, assign, group_tags

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import reference.tags as reference

TITLE = "grouping by tags"


def scene(people: int, side: int, tag_length: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Heatmaps [17, side, side] and tags [17, side, side, T] of people at random places."""
    rng = np.random.default_rng(people)
    heat = np.maximum(rng.normal(0, 0.006, (17, side, side)), 0).astype(np.float32)
    tag = rng.normal(0, 0.03, (17, side, side, tag_length)).astype(np.float32)
    window = np.mgrid[-6:7, -6:7]
    bump = np.exp(-(window**2).sum(axis=0) / 8)
    for person in range(people):
        for joint in np.flatnonzero(rng.uniform(size=17) > 0.1):
            x, y = rng.integers(6, side - 6, 2)
            part = (joint, slice(y - 6, y + 7), slice(x - 6, x + 7))
            heat[part] = np.maximum(heat[part], bump * rng.uniform(0.6, 1))
            tag[part] = 1.5 * (person - people // 2)
    return heat, tag


def solve(cost: NDArray[Any]) -> NDArray[Any]:
    """Pairs by SciPy."""
    return np.stack(linear_sum_assignment(cost), axis=1)


def tag_case(people: int, side: int, tag_length: int) -> Case:
    heat, tag = scene(people, side, tag_length)
    most = max(people, 30)
    wanted = reference.Settings(COCO_JOINT_ORDER, max_people=most)
    return Case(
        f"group_tags, {people} people, {side}x{side}, {tag_length} tag",
        "NumPy + SciPy",
        lambda: group_tags(heat, tag, max_people=most, joint_order=COCO_JOINT_ORDER),
        lambda: reference.group(heat, tag, wanted, solve),
        f"tags {side}x{side}, {tag_length} tag",
        people,
    )


def assign_case(side: int) -> Case:
    cost = np.random.default_rng(side).uniform(size=(side, side))
    name = f"assign {side}x{side}"
    return Case(name, "SciPy", lambda: assign(cost), lambda: solve(cost), "assign", side)


def cases(quick: bool) -> Sequence[Case]:
    found = [assign_case(side) for side in PEOPLE]
    crowds = (1, 5, 30) if quick else PEOPLE
    return found + [tag_case(n, side, t) for side in (128, 256) for t in (1, 2) for n in crowds]


def rows(quick: bool) -> list[Row]:
    return suite.measure_all(cases(quick), suite.effort_of(quick), TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
