# SPDX-License-Identifier: Apache-2.0
"""One pipeline for many pictures: ordered pipelining, and cameras in a pool.

    python benchmarks/bench_serving.py [--backend NAME] [--seconds S] [--streams N ...]

Pipelining decodes JPEGs from memory, finds people and their keypoints, in a plain loop with two
threads in the networks, in a plain loop with one, and with two pictures under way, taking turns.
Only on a quiet machine with as many cores as workers do the ratios mean anything: beside other
programs more threads get a larger share of the cores.

The cameras hand a decoded picture in at a fixed rate, all together about twice what the machine can
do, and drop their oldest. Told are the pictures done a second, how evenly they are shared out (the
camera with the fewest over the one with the most) and the latency from handing in to the result.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from environment import environment
from rich.console import Console
from rich.table import Table

import edgepose
from edgepose.serving import PosePool, pipelined

ASSET = Path(edgepose.__file__).with_name("assets") / "astronaut.jpg"
WORKERS = 2
PICTURES = 12


def pipelining(options: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Pictures a second of each way, round by round."""
    data = np.frombuffer(ASSET.read_bytes(), np.uint8)
    two, one = edgepose.Pose(threads=2, **options), edgepose.Pose(threads=1, **options)

    def look(pose: edgepose.Pose) -> Any:
        return lambda jpeg: pose(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))

    jpegs = [data] * PICTURES
    ways = {
        "loop, 2 threads": lambda: [look(two)(jpeg) for jpeg in jpegs],
        "loop, 1 thread": lambda: [look(one)(jpeg) for jpeg in jpegs],
        "2 pictures under way": lambda: list(pipelined(look(one), jpegs, workers=WORKERS)),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if turn:
                rates[name].append(PICTURES / (time.perf_counter() - start))
    two.close()
    one.close()
    return rates


def cameras(pose: edgepose.Pose, count: int, rate: float, seconds: float) -> dict[str, Any]:
    """Runs some cameras at `rate` pictures a second each."""
    image = cv2.imread(str(ASSET))
    end = time.perf_counter() + seconds
    with PosePool(pose, workers=WORKERS, depth=1) as pool:
        streams = [pool.stream(str(index)) for index in range(count)]

        def film(index: int) -> None:
            next_time = time.perf_counter() + index / (rate * count)
            while next_time < end:
                time.sleep(max(0.0, next_time - time.perf_counter()))
                streams[index].submit(image)
                next_time += 1 / rate

        films = [threading.Thread(target=film, args=(index,)) for index in range(count)]
        for thread in films:
            thread.start()
        for thread in films:
            thread.join()
        pool.close()
    found = [stream.statistics() for stream in streams]
    done = [each.done for each in found]
    return {
        "streams": count,
        "offered_per_second": count * rate,
        "done_per_second": sum(done) / seconds,
        "fairness": min(done) / max(max(done), 1),
        "dropped": sum(each.dropped for each in found),
        "latency_ms": [list(each.latency_ms) for each in found],
        "waiting_ms": [each.waiting_ms for each in found],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="onnxruntime")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each number of cameras")
    parser.add_argument("--streams", type=int, nargs="*", default=[1, 2, 4, 8, 16])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    options = {"backend": arguments.backend}
    console = Console(width=110)

    rates = pipelining(options, arguments.rounds)
    table = Table("way", "pictures/s, median", "best", "over the loop with 2 threads, median")
    base = np.array(rates["loop, 2 threads"])
    for name, values in rates.items():
        ratio = float(np.median(np.array(values) / base))
        table.add_row(name, f"{np.median(values):.1f}", f"{max(values):.1f}", f"{ratio:.2f}")
    console.print(table)

    rate = 2 * float(np.median(rates["2 pictures under way"]))
    table = Table(
        "cameras", "offered/s", "done/s", "fairness", "dropped", "median ms", "90 %", "max"
    )
    rows = []
    with edgepose.Pose(threads=1, **options) as pose:
        pose(cv2.imread(str(ASSET)))
        for count in arguments.streams:
            row = cameras(pose, count, rate / count, arguments.seconds)
            rows.append(row)
            middle, high, most = np.nanmax(row["latency_ms"], axis=0)
            table.add_row(
                str(count),
                f"{row['offered_per_second']:.1f}",
                f"{row['done_per_second']:.1f}",
                f"{row['fairness']:.2f}",
                str(row["dropped"]),
                *(f"{value:.0f}" for value in (middle, high, most)),
            )
    console.print(table)
    console.print("latencies are those of the camera that waits longest")
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        content = {"environment": where, "pipelining_per_second": rates, "cameras": rows}
        arguments.json.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
