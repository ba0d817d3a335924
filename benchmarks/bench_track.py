# SPDX-License-Identifier: Apache-2.0
"""What happens to people between frames: smoothing, matching, the next crop.

    python benchmarks/bench_track.py [--json FILE] [--quick]

One frame of 17-joint people that move a little. The peers are NumPy over all people at once, and
SciPy's assignment. How cases are timed: see suite.py. Not timed: making the people.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import peers
import peers_track
import suite
from scipy.optimize import linear_sum_assignment
from suite import PEOPLE, Case, Row

from edgepose.track import OneEuro, OneEuroPeople, match_poses, rois_of_keypoints

TITLE = "tracking"
SIGMAS = np.full(17, 0.07)


def cases_of(people: int) -> list[Case]:
    rng = np.random.default_rng(people)
    corner = rng.uniform(0, 1600, (people, 1, 2))
    before = corner + rng.uniform(0, 100, (people, 17, 2))
    after = before[::-1] + rng.normal(0, 2, before.shape)
    score, area = rng.uniform(0.2, 1, (people, 17)), np.full(people, 6000.0)
    smoothers = [OneEuro(17) for _ in range(people)]
    together, ids = OneEuroPeople(17), list(range(people))
    stacked = peers_track.OneEuro()
    clock = iter(range(1, 1 << 60))

    def smooth() -> None:
        seconds = next(clock) / 30
        for smoother, points in zip(smoothers, before, strict=True):
            smoother(points, seconds=seconds, object_size=100.0)

    def smooth_together() -> Any:
        return together(ids, before, seconds=next(clock) / 30, object_size=100.0)

    def match() -> Any:
        return match_poses(before, after, area, SIGMAS)

    def match_with_scipy() -> Any:
        similarity = peers.oks_matrix(before, after, area, SIGMAS)
        a, b = linear_sum_assignment(-similarity)
        good = similarity[a, b] >= 0.3
        return np.stack([a[good], b[good]], axis=1)

    def ours_rois() -> Any:
        return rois_of_keypoints(before, score)

    return [
        Case(
            f"One Euro, {people} people, a call for each",
            "NumPy, all at once",
            smooth,
            lambda: stacked(before, next(clock) / 30, 100.0),
            "One Euro, a call for each",
            people,
        ),
        Case(
            f"One Euro, {people} people, one call",
            "NumPy, all at once",
            smooth_together,
            lambda: stacked(before, next(clock) / 30, 100.0),
            "One Euro, one call",
            people,
        ),
        Case(
            f"match_poses, {people} people",
            "NumPy + SciPy",
            match,
            match_with_scipy,
            "match_poses",
            people,
        ),
        Case(
            f"rois_of_keypoints, {people} people",
            "NumPy, all at once",
            ours_rois,
            lambda: peers_track.rois(before, score),
            "rois_of_keypoints",
            people,
        ),
    ]


def rows(quick: bool) -> list[Row]:
    crowds = (1, 5, 30) if quick else PEOPLE
    cases = [case for people in crowds for case in cases_of(people)]
    return suite.measure_all(cases, suite.effort_of(quick), TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
