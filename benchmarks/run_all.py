# SPDX-License-Identifier: Apache-2.0
"""Every benchmark in one run, one after the other on one thread.

    python benchmarks/run_all.py [--quick] [--json FILE]

Prints a table per benchmark, with the cost by the number of people where it has a curve, and
writes every sample to out/bench/bench.json; with matplotlib the curves are drawn beside it. Each
benchmark also runs alone.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import bench_core
import bench_evaluation
import bench_group
import bench_group_paf
import bench_image
import bench_pipeline
import bench_track
import cv2
import suite
from rich.console import Console

BENCHMARKS: tuple[Any, ...] = (
    bench_core,
    bench_image,
    bench_group,
    bench_group_paf,
    bench_track,
    bench_evaluation,
    bench_pipeline,
)
OUTPUT = Path("out/bench/bench.json")


def draw_curves(rows: list[suite.Row], path: Path) -> None:
    """Microseconds over the number of people, both axes logarithmic; the peers are dashed."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 6))
    for name, points in suite.curves_of(rows).items():
        people = sorted(points)
        (line,) = axes.plot(people, [points[count][0] for count in people], "o-", label=name)
        peer = [points[count][1] for count in people]
        axes.plot(people, peer, "--", color=line.get_color(), linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="people", ylabel="CPU time, us (dashed: peer)")
    axes.legend(fontsize="small")
    axes.grid(visible=True, alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    arguments = suite.arguments_of(__doc__)
    cv2.setNumThreads(1)
    console = Console(width=120)
    sections: dict[str, list[suite.Row]] = {}
    for module in BENCHMARKS:
        sections[module.__name__] = module.rows(arguments.quick)
        suite.show(module.TITLE, sections[module.__name__], console)
    where = suite.show_environment(console)
    path = arguments.json or OUTPUT
    suite.write_json(path, {"environment": where, "benchmarks": sections})
    console.print(f"every sample: {path}")
    with contextlib.suppress(ImportError):
        picture = path.with_suffix(".png")
        draw_curves([row for rows in sections.values() for row in rows], picture)
        console.print(f"curves: {picture}")


if __name__ == "__main__":
    main()
