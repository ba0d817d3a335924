# SPDX-License-Identifier: Apache-2.0
"""One picture through the whole pipeline: detector, crops, pose network, decoding.

    python benchmarks/bench_pipeline.py [--model M] [--image FILE] [--threads N] [--repeats N]
                                        [--json FILE] [--quick]

The picture is decoded once and given as an array, so `load` is the check alone; by default it is
the astronaut of the demo, one person. A second set of calls measures the time inside the core and
the networks; what is left of those calls is Python. Every call's time is in the JSON.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import suite
from rich.console import Console
from rich.table import Table
from suite import Row

import edgepose
from edgepose import _core
from edgepose.pipelines.network import Workspace

TITLE = "one picture through the pipeline"
WARM_UP = 10
ASSET = Path(edgepose.__file__).with_name("assets") / "astronaut.jpg"


def call_times(pose: Any, image: Any, repeats: int) -> dict[str, list[float]]:
    """Milliseconds of each call by stage, and in all."""
    samples: dict[str, list[float]] = {}
    for turn in range(repeats + WARM_UP):
        timing = pose(image).timing
        if turn >= WARM_UP:
            for name, value in {**timing.stages, "total": timing.total}.items():
                samples.setdefault(name, []).append(value)
    return samples


@contextmanager
def inner_clock() -> Iterator[list[float]]:
    """Adds up the milliseconds inside the core's functions and the networks' runs."""
    inside = [0.0]

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                inside[0] += (time.perf_counter() - start) * 1e3

        return run

    names = [name for name in dir(_core) if callable(getattr(_core, name)) and name[0] != "_"]
    places: list[tuple[Any, str]] = [(_core, name) for name in names]
    places.append((Workspace, "run"))
    kept = [(owner, name, getattr(owner, name)) for owner, name in places]
    for owner, name, function in kept:
        setattr(owner, name, timed(function))
    try:
        yield inside
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


def python_times(pose: Any, image: Any, repeats: int) -> list[float]:
    """Milliseconds of each call that are neither core nor network."""
    rest = []
    with inner_clock() as inside:
        for turn in range(repeats + WARM_UP):
            inside[0] = 0.0
            start = time.perf_counter()
            pose(image)
            total = (time.perf_counter() - start) * 1e3
            if turn >= WARM_UP:
                rest.append(total - inside[0])
    return rest


def import_times(repeats: int) -> list[float]:
    """Milliseconds that `import edgepose` takes in new interpreters."""
    code = "import time; t = time.perf_counter(); import edgepose; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(repeats)
    ]
    return [float(run.stdout) * 1e3 for run in runs]


def pipeline_times(
    image: Any, *, model: str, detector: str, threads: int, repeats: int
) -> dict[str, list[float]]:
    """Milliseconds by stage, in all, in Python alone, and of the import."""
    with edgepose.Pose(model, detector, threads=threads) as pose:
        samples = call_times(pose, image, repeats)
        samples["python alone"] = python_times(pose, image, repeats)
    samples["import edgepose"] = import_times(max(2, repeats // 20))
    return samples


def rows(quick: bool) -> list[Row]:
    """Rows without a peer, of the demo's picture on one thread; wall-clock time, not CPU time."""
    image = cv2.imread(str(ASSET))
    samples = pipeline_times(
        image, model="hrnet-s", detector="det-n", threads=1, repeats=10 if quick else 100
    )
    return [
        {"name": name, "ours_us": [value * 1e3 for value in values]}
        for name, values in samples.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", type=Path, default=ASSET)
    parser.add_argument("--model", default="hrnet-s")
    parser.add_argument("--detector", default="det-n")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="few samples: does it run?")
    parser.add_argument("--json", type=Path, help="write every sample here")
    arguments = parser.parse_args()

    image = cv2.imread(str(arguments.image))
    samples = pipeline_times(
        image,
        model=arguments.model,
        detector=arguments.detector,
        threads=arguments.threads,
        repeats=10 if arguments.quick else arguments.repeats,
    )
    table = Table("stage", "median, ms", "p90, ms")
    for name, values in samples.items():
        median, p90 = np.percentile(values, [50, 90])
        table.add_row(name, f"{median:.2f}", f"{p90:.2f}")
    console = Console()
    console.print(
        f"{arguments.image.name}, {image.shape[1]}x{image.shape[0]}, "
        f"{arguments.detector} + {arguments.model}, {arguments.threads} threads"
    )
    console.print(table)
    where = suite.show_environment(console)
    if arguments.json:
        suite.write_json(arguments.json, {"environment": where, "samples_ms": samples})


if __name__ == "__main__":
    main()
