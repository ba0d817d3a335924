# SPDX-License-Identifier: Apache-2.0
"""Grouping by tags and assignment beside NumPy and SciPy, in one run on one thread.

    python benchmarks/bench_group.py [--json FILE] [--repeats N]

Scenes hold 1 to 60 people of 17 joints with a tenth of the joints missing, on maps of 128x128 and
256x256. The peer is the step-by-step NumPy parser of tests/reference with SciPy's assignment. The
JSON holds every sample. Not timed: making the scenes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from bench_core import Case, measure
from environment import environment
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.optimize import linear_sum_assignment

from edgepose.group import COCO_JOINT_ORDER, assign, group_tags

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import reference.tags as reference

PEOPLE = (1, 2, 5, 15, 30, 60)


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
    )


def assign_case(side: int) -> Case:
    cost = np.random.default_rng(side).uniform(size=(side, side))
    return Case(f"assign {side}x{side}", "SciPy", lambda: assign(cost), lambda: solve(cost))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()

    cases = [assign_case(side) for side in PEOPLE]
    cases += [tag_case(n, side, t) for side in (128, 256) for t in (1, 2) for n in PEOPLE]
    rows = [measure(case, arguments.repeats) for case in track(cases, description="measuring")]

    table = Table("kernel", "least, us", "median, us", "p90", "peer", "median, us", "ratio")
    for row in rows:
        least, ours, p90 = np.percentile(row["ours_us"], [0, 50, 90])
        peer = np.median(row["peer_us"])
        cells = (f"{least:.1f}", f"{ours:.1f}", f"{p90:.1f}", row["peer"], f"{peer:.1f}")
        table.add_row(row["name"], *cells, f"{peer / ours:.1f}x")
    console = Console(width=120)
    console.print(table)
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps({"environment": where, "cases": rows}, indent=1))


if __name__ == "__main__":
    main()
