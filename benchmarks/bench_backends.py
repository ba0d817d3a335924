# SPDX-License-Identifier: Apache-2.0
"""Every model of the package on every runtime: latency, start-up, memory.

    python benchmarks/bench_backends.py [--model NAME|FILE ...] [--seconds S] [--json FILE]

The network alone, on noise in bound arrays, by batch and threads. The configurations take turns in
short rounds, so that what else the machine does hits all alike. `best` is the fastest run and `cpu`
the least processor time of one, which other programs disturb least; `median` is what a run took
while this was measured. Start-up and memory are those of a new process: importing the runtime,
opening the model, the first run, and what is resident then over the interpreter with NumPy.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from environment import environment
from rich.console import Console
from rich.table import Table

from edgepose.backends import BACKENDS, OpenVinoOptions, open_session
from edgepose.backends.installed import installed
from edgepose.models import list_models, resolve
from edgepose.spec import read_spec

BATCHES, THREADS = (1, 4, 8), (1, 2)
ROUND_RUNS = 3
START = """
import json, sys, time
import numpy as np
from edgepose.backends import open_session
from edgepose.backends.processor import memory
from edgepose.backends.registry import BACKENDS
from importlib import import_module
path, backend, shape = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
bare = memory().resident
marks = []
def mark():
    marks.append((time.perf_counter(), time.process_time()))
mark()
import_module(BACKENDS[backend].module)
mark()
session = open_session(path, backend=backend, threads=1)
mark()
names = [output.name for output in session.outputs]
session.run({session.inputs[0].name: np.zeros(shape, np.float32)}, names)
mark()
found = {"resident_mb": (memory().resident - bare) / 1e6, "peak_mb": memory().peak / 1e6}
for index, name in enumerate(("import", "open", "first")):
    wall, cpu = (1e3 * (after - before) for before, after in zip(*marks[index:index + 2]))
    found |= {f"{name}_ms": wall, f"{name}_cpu_ms": cpu}
print(json.dumps(found))
"""


def shape_of(path: Path, batch: int) -> list[int]:
    spec = read_spec(path)
    return [batch, 3, spec.input.height, spec.input.width]


class Case:
    """One model on one runtime with one batch and number of threads."""

    def __init__(self, name: str, backend: str, precision: str, batch: int, threads: int) -> None:
        path = resolve(name)
        options = OpenVinoOptions(precision=precision) if backend == "openvino" else None
        self.key = name, backend, precision, batch, threads
        session = open_session(path, backend=backend, threads=threads, options=options)
        x = np.random.default_rng(0).random(shape_of(path, batch), np.float32)
        names = [output.name for output in session.outputs]
        outputs = session.run({session.inputs[0].name: x}, names)
        self._session = session
        self._run = session.bind({session.inputs[0].name: x}, outputs)
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self._run()

    def go(self) -> None:
        """A round of runs."""
        for _ in range(ROUND_RUNS):
            cpu, wall = time.process_time(), time.perf_counter()
            self._run()
            self.wall.append(1e3 * (time.perf_counter() - wall))
            self.cpu.append(1e3 * (time.process_time() - cpu))

    def close(self) -> None:
        """Gives the memory back."""
        self._session.close()


def latency(models: list[str], kinds: list[tuple[str, str]], seconds: float) -> list[Case]:
    """Measures model by model, all configurations of one in turns."""
    done = []
    for name in models:
        cases = [
            Case(name, backend, precision, batch, threads)
            for backend, precision in kinds
            for batch in BATCHES
            for threads in THREADS
        ]
        end = time.perf_counter() + seconds * len(cases)
        while time.perf_counter() < end or len(cases[0].wall) < 2 * ROUND_RUNS:
            for case in cases:
                case.go()
        for case in cases:
            case.close()
        done += cases
    return done


def start_up(name: str, backend: str, repeats: int) -> dict[str, float]:
    """Least of several new processes."""
    path = resolve(name)
    arguments = [str(path), backend, json.dumps(shape_of(path, 1))]
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", START, *arguments], capture_output=True, check=True
            ).stdout
        )
        for _ in range(repeats)
    ]
    return {key: min(run[key] for run in runs) for key in runs[0]}


def show(cases: list[Case], starts: dict[tuple[str, str], dict[str, float]]) -> None:
    console = Console(width=110)
    table = Table("model", "runtime", "precision", "batch", "threads", "best, ms", "median", "cpu")
    for case in cases:
        best, median, cpu = min(case.wall), float(np.median(case.wall)), min(case.cpu)
        table.add_row(*map(str, case.key), f"{best:.2f}", f"{median:.2f}", f"{cpu:.2f}")
    console.print(table)
    steps = ("import", "open", "first")
    heads = [f"{step}, ms (cpu)" for step in steps]
    table = Table("model", "runtime", *heads, "resident, MB")
    for (name, backend), found in starts.items():
        cells = [f"{found[f'{step}_ms']:.0f} ({found[f'{step}_cpu_ms']:.0f})" for step in steps]
        table.add_row(name, backend, *cells, f"{found['resident_mb']:.0f}")
    console.print(table)
    console.print(", ".join(f"{key} {value}" for key, value in environment().items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    inside = [entry.name for entry in list_models() if entry.release is None]
    parser.add_argument("--model", nargs="*", default=inside)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each configuration")
    parser.add_argument("--starts", type=int, default=3, help="new processes for start-up")
    parser.add_argument("--bf16", action="store_true", help="OpenVINO in bfloat16 too")
    parser.add_argument("--json", type=Path, help="write every sample here")
    arguments = parser.parse_args()
    runtimes = [found for found in map(installed, BACKENDS) if found.version]
    kinds = [(found.backend, "f32") for found in runtimes]
    if arguments.bf16:
        kinds.append(("openvino", "bf16"))
    cases = latency(arguments.model, kinds, arguments.seconds)
    starts = {
        (name, found.backend): start_up(name, found.backend, arguments.starts)
        for name in arguments.model
        for found in runtimes
    }
    show(cases, starts)
    if arguments.json:
        names = ("model", "backend", "precision", "batch", "threads")
        content: dict[str, Any] = {
            "environment": environment(),
            "runtimes": [found.to_dict() for found in runtimes],
            "latency": [
                {
                    **dict(zip(names, case.key, strict=True)),
                    "wall_ms": case.wall,
                    "cpu_ms": case.cpu,
                }
                for case in cases
            ],
            "start": [
                {"model": name, "backend": backend, **found}
                for (name, backend), found in starts.items()
            ],
        }
        arguments.json.write_text(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
