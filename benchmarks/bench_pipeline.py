# SPDX-License-Identifier: Apache-2.0
"""One picture through the whole pipeline: detector, crops, pose network, decoding.

    python benchmarks/bench_pipeline.py [--image FILE] [--threads N] [--repeats N] [--json FILE]

The picture is decoded once and given as an array, so `load` is the check alone; by default it is
the astronaut of the demo, one person. A second set of calls measures the time inside the core and
the networks; what is left of those calls is Python. Every call's time is in the JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from environment import environment
from rich.console import Console
from rich.table import Table

import edgepose
from edgepose import _core
from edgepose.pipelines.network import Workspace

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", type=Path, default=ASSET)
    parser.add_argument("--model", default="hrnet-s")
    parser.add_argument("--detector", default="det-n")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--json", type=Path, help="write every sample here")
    arguments = parser.parse_args()

    image = cv2.imread(str(arguments.image))
    with edgepose.Pose(arguments.model, arguments.detector, threads=arguments.threads) as pose:
        people = len(pose(image))
        samples = call_times(pose, image, arguments.repeats)
        samples["python alone"] = python_times(pose, image, arguments.repeats)
    samples["import edgepose"] = import_times(10)

    table = Table("stage", "median, ms", "p90, ms")
    for name, values in samples.items():
        median, p90 = np.percentile(values, [50, 90])
        table.add_row(name, f"{median:.2f}", f"{p90:.2f}")
    console = Console()
    console.print(
        f"{arguments.image.name}, {image.shape[1]}x{image.shape[0]}, {people} people, "
        f"{arguments.detector} + {arguments.model}, {arguments.threads} threads"
    )
    console.print(table)
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        content = {"environment": where, "people": people, "samples_ms": samples}
        arguments.json.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
