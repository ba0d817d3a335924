# SPDX-License-Identifier: Apache-2.0
"""Whether memory grows: many frames through one pipeline, and what is resident meanwhile.

    python benchmarks/bench_memory.py [--frames N] [--backend NAME] [--streams N] [--json FILE]

Each frame is another crop of the package's photo with one to three boxes, so that batches and
buffers change. `growth` is the resident memory of the last tenth of the frames over that of the
second tenth, mean against mean; the first tenth may still fill caches.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from pathlib import Path

import cv2
import numpy as np
from environment import environment

import edgepose
from edgepose.backends.processor import memory
from edgepose.serving import PosePool

ASSET = Path(edgepose.__file__).with_name("assets") / "astronaut.jpg"
SAMPLES = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--model", default="hrnet-s")
    parser.add_argument("--detector", help="model that finds the people; boxes are given if not")
    parser.add_argument("--backend", default="onnxruntime")
    parser.add_argument("--streams", type=int, default=1, help="cameras of a pool of two workers")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    photo = cv2.imread(str(ASSET))
    random = np.random.default_rng(0)
    every = max(arguments.frames // SAMPLES, 1)
    resident: list[float] = []
    start = time.perf_counter()
    with edgepose.Pose(
        arguments.model, arguments.detector, threads=1, backend=arguments.backend
    ) as pose:

        def look(seed: int) -> int:
            left, top = np.random.default_rng(seed).integers(0, 100, 2)
            frame = np.ascontiguousarray(photo[top : top + 400, left : left + 400])
            if arguments.detector is not None:
                return len(pose(frame))
            boxes = [(20 * k, 10, 200 + 50 * k, 390) for k in range(1 + seed % 3)]
            return len(pose(frame, boxes=boxes))

        with PosePool(look, workers=min(2, arguments.streams), depth=4, policy="block") as pool:
            cameras = [pool.stream(str(index)) for index in range(arguments.streams)]
            for frame in range(arguments.frames):
                done = cameras[frame % len(cameras)].submit(int(random.integers(1 << 30)))
                if frame % every == every - 1:
                    done.result()
                    gc.collect()
                    resident.append((memory().resident or 0) / 1e6)
    tenth = max(len(resident) // 10, 1)
    first, last = np.mean(resident[tenth : 2 * tenth]), np.mean(resident[-tenth:])
    print(
        f"{arguments.frames} frames of {arguments.model} on {arguments.backend}, "
        f"{arguments.streams} streams, {time.perf_counter() - start:.0f} s: resident "
        f"{resident[0]:.1f} MB at first, {first:.1f} MB in the second tenth, {last:.1f} MB in the "
        f"last; growth {last - first:+.2f} MB"
    )
    print(", ".join(f"{key} {value}" for key, value in environment().items()))
    if arguments.json:
        content = {"environment": environment(), "every": every, "resident_mb": resident}
        arguments.json.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
