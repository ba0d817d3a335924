# SPDX-License-Identifier: Apache-2.0
"""What all benchmarks share: cases, how they are timed, the tables, the command line.

Ours and the peer take turns on the same seeded inputs after a warm-up. A sample is the CPU time of
one thread, so a busy machine lengthens it little; short calls are repeated within a sample, which
is then their mean. Tables show medians, the 90th percentile of ours and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from environment import environment
from rich.console import Console
from rich.progress import track
from rich.table import Table

PEOPLE = (1, 2, 5, 15, 30, 60)
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Our form and a peer's form of the same work."""

    name: str
    peer: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    curve: str = ""  # which curve over the number of people the case is a point of
    people: int = 0


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    seconds: float = 0.3  # of each side of a case
    fewest: int = 5  # samples, even if they take longer
    sample_us: float = 100.0  # shorter calls are repeated within a sample


QUICK = Effort(seconds=0.02, fewest=2, sample_us=30.0)


class _Side:
    """One side of a case under measurement."""

    def __init__(self, run: Callable[[], Any], effort: Effort) -> None:
        self.run, self.effort = run, effort
        self.samples: list[float] = []
        self.spent_us = 0.0
        self.calls = 1
        run()
        once = self._time()
        if once < effort.seconds * 1e5:
            once = min(once, self._time())
        self.calls = max(1, math.ceil(effort.sample_us / max(once, 0.1)))

    def _time(self) -> float:
        start = time.thread_time_ns()
        for _ in range(self.calls):
            self.run()
        return (time.thread_time_ns() - start) / 1e3 / self.calls

    def wants_more(self) -> bool:
        few = len(self.samples) < self.effort.fewest
        return few or self.spent_us < self.effort.seconds * 1e6

    def take(self) -> None:
        self.samples.append(self._time())
        self.spent_us += self.samples[-1] * self.calls


def measure(case: Case, effort: Effort) -> Row:
    """Samples of both sides, taken in turn, in microseconds."""
    ours, theirs = _Side(case.ours, effort), _Side(case.theirs, effort)
    while ours.wants_more() or theirs.wants_more():
        for side in (ours, theirs):
            if side.wants_more():
                side.take()
    row: Row = {"name": case.name, "peer": case.peer}
    if case.curve:
        row |= {"curve": case.curve, "people": case.people}
    return {**row, "ours_us": ours.samples, "peer_us": theirs.samples}


def measure_all(cases: Iterable[Case], effort: Effort, title: str) -> list[Row]:
    return [measure(case, effort) for case in track(list(cases), description=title)]


def table_of(title: str, rows: Sequence[Row]) -> Table:
    """Rows of one benchmark; those without a peer leave its columns empty."""
    table = Table("case", "ours, us", "p90", "peer", "peer, us", "ratio", title=title)
    for row in rows:
        ours, p90 = np.percentile(row["ours_us"], [50, 90])
        cells = [row["name"], f"{ours:.1f}", f"{p90:.1f}"]
        if "peer" in row:
            peer = float(np.median(row["peer_us"]))
            cells += [row["peer"], f"{peer:.1f}", f"{peer / ours:.1f}x"]
        table.add_row(*cells)
    return table


def curves_of(rows: Sequence[Row]) -> dict[str, dict[int, tuple[float, float]]]:
    """Median microseconds of ours and of the peer, by curve and number of people."""
    curves: dict[str, dict[int, tuple[float, float]]] = {}
    for row in rows:
        if "curve" in row:
            medians = (float(np.median(row["ours_us"])), float(np.median(row["peer_us"])))
            curves.setdefault(row["curve"], {})[row["people"]] = medians
    return curves


def curve_table(rows: Sequence[Row]) -> Table:
    table = Table("us for people", *map(str, PEOPLE), title="cost by the number of people (peer)")
    for name, points in curves_of(rows).items():
        cells = [points.get(people) for people in PEOPLE]
        table.add_row(name, *(f"{c[0]:.1f} ({c[1]:.0f})" if c else "" for c in cells))
    return table


def arguments_of(description: str | None) -> argparse.Namespace:
    """--json and --quick."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--quick", action="store_true", help="few samples: does it run?")
    return parser.parse_args()


def write_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, default=float), encoding="utf-8")


def effort_of(quick: bool) -> Effort:
    return QUICK if quick else Effort()


def show(title: str, rows: Sequence[Row], console: Console) -> None:
    """The table of one benchmark, and its curves if it has any."""
    console.print(table_of(title, rows))
    if curves_of(rows):
        console.print(curve_table(rows))


def show_environment(console: Console) -> dict[str, str]:
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    return where


def main(description: str | None, title: str, rows_of: Callable[[bool], list[Row]]) -> None:
    """The command line of one benchmark; `rows_of` is told whether to be quick."""
    arguments = arguments_of(description)
    cv2.setNumThreads(1)
    rows = rows_of(arguments.quick)
    console = Console(width=120)
    show(title, rows, console)
    where = show_environment(console)
    if arguments.json:
        write_json(arguments.json, {"environment": where, "cases": rows})
