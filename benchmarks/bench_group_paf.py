# SPDX-License-Identifier: Apache-2.0
"""PAF grouping beside careful NumPy of the three published decoders, in one run on one thread.

    python benchmarks/bench_group_paf.py [--json FILE] [--repeats N]

Both sides run in turn on the same seeded crowds after a warm-up. The table shows medians, the 90th
percentile of ours and the ratio of the medians; the JSON holds every sample. Enlarged cases: the
peer enlarges the maps with OpenCV, which is part of its time. Not timed: making the maps.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import peers_paf
from environment import environment
from rich.console import Console
from rich.progress import track
from rich.table import Table

from edgepose.group import PAF_COCO_18, PAF_PRESETS, group_paf, paf_options

CROWDS = (1, 2, 5, 15, 30, 60)
SIZES = ((144, 216, 1), (54, 96, 1), (54, 96, 4))


def cases() -> list[tuple[str, Callable[[], Any], Callable[[], Any]]]:
    """Name, ours and the peer's form of the same work."""
    found = []
    for height, width, upscale in SIZES:
        for people in CROWDS:
            heat, paf = peers_paf.crowd(people, height, width)
            for preset in PAF_PRESETS if people == 30 else ("openpose",):
                changes = {"smoothing_size": 0} if preset == "tf_pose" else {}
                options = paf_options(preset, upscale=upscale, **changes)

                def ours(heat: Any = heat, paf: Any = paf, options: Any = options) -> Any:
                    return group_paf(heat, paf, PAF_COCO_18, options)

                def theirs(heat: Any = heat, paf: Any = paf, options: Any = options) -> Any:
                    return peers_paf.group(heat, paf, PAF_COCO_18, options)

                size = f"{width}x{height}" + (f", enlarged x{upscale}" if upscale > 1 else "")
                found.append((f"{preset}, {people} people, {size}", ours, theirs))
    return found


def measure(
    name: str, ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int
) -> dict[str, Any]:
    """Samples of both sides, taken in turn, in microseconds; the peer once per five of ours."""
    samples: dict[str, list[float]] = {"ours_us": [], "peer_us": []}
    for turn in range(repeats + 2):
        for key, run in (("ours_us", ours), ("peer_us", theirs)):
            if key == "peer_us" and turn and turn % 5 != 2:
                continue
            start = time.perf_counter_ns()
            run()
            if turn >= 2:
                samples[key].append((time.perf_counter_ns() - start) / 1e3)
    return {"name": name, "people": len(ours()), **samples}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--repeats", type=int, default=40)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    rows = [measure(*case, arguments.repeats) for case in track(cases(), description="measuring")]
    table = Table("case", "found", "ours, us", "p90", "NumPy, us", "ratio")
    for row in rows:
        ours, p90 = np.percentile(row["ours_us"], [50, 90])
        peer = np.median(row["peer_us"])
        table.add_row(
            row["name"],
            str(row["people"]),
            f"{ours:.0f}",
            f"{p90:.0f}",
            f"{peer:.0f}",
            f"{peer / ours:.0f}x",
        )
    console = Console()
    console.print(table)
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps({"environment": where, "cases": rows}, indent=1))


if __name__ == "__main__":
    main()
