# SPDX-License-Identifier: Apache-2.0
"""PAF grouping beside careful NumPy of the three published decoders, in one run on one thread.

    python benchmarks/bench_group_paf.py [--json FILE] [--quick]

How cases are timed: see suite.py. Enlarged cases: the peer enlarges the maps with OpenCV, which is
part of its time. Not timed: making the maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peers_paf
import suite
from suite import PEOPLE, Case, Row

from edgepose.group import PAF_COCO_18, PAF_PRESETS, group_paf, paf_options

TITLE = "grouping by part affinity fields"

SIZES = ((144, 216, 1), (54, 96, 1), (54, 96, 4))


def cases(quick: bool) -> Sequence[Case]:
    found = []
    for height, width, upscale in SIZES:
        size = f"{width}x{height}" + (f", enlarged x{upscale}" if upscale > 1 else "")
        for people in (1, 5, 30) if quick else PEOPLE:
            heat, paf = peers_paf.crowd(people, height, width)
            for preset in PAF_PRESETS if people == 30 else ("openpose",):
                if preset == "tf_pose" and upscale > 1:
                    continue  # without its smoothing every cell of a plateau is a peak
                changes = {"smoothing_size": 0} if preset == "tf_pose" else {}
                options = paf_options(preset, upscale=upscale, **changes)

                def ours(heat: Any = heat, paf: Any = paf, options: Any = options) -> Any:
                    return group_paf(heat, paf, PAF_COCO_18, options)

                def theirs(heat: Any = heat, paf: Any = paf, options: Any = options) -> Any:
                    return peers_paf.group(heat, paf, PAF_COCO_18, options)

                curve = f"paf {size}" if preset == "openpose" else ""
                name = f"{preset}, {people} people, {size}"
                found.append(Case(name, "NumPy, careful", ours, theirs, curve, people))
    return found


def rows(quick: bool) -> list[Row]:
    return suite.measure_all(cases(quick), suite.effort_of(quick), TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
