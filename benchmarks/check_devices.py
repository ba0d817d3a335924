# SPDX-License-Identifier: Apache-2.0
"""Every device of this machine against the processor: is it really used, right, and how fast?

    python benchmarks/check_devices.py [--model NAME|FILE] [--images DIR --annotations JSON]

Opens the model on each provider of ONNX Runtime and each device of OpenVINO that is there, strictly
where that is possible, compares its keypoints with those of ONNX Runtime on the processor, and
times single runs. Without pictures the network's outputs are compared on noise. The exit code is 1
if one cannot be opened, or differs by more than a float16 network may: 1 px, or 0.02 in the output.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from environment import environment
from rich.console import Console
from rich.table import Table

from edgepose.backends import BACKENDS
from edgepose.backends.installed import installed
from edgepose.backends.providers import PROVIDERS
from edgepose.cli.verify import people_of
from edgepose.errors import BackendError, EdgePoseError
from edgepose.evaluation.agreement import compare
from edgepose.pipelines import Network, TopDown, open_network

RUNS, MAX_PX, MAX_OUTPUT = 50, 1.0, 0.02
IDLE = ("AzureExecutionProvider", "CPUExecutionProvider")


def devices() -> list[tuple[str, str]]:
    """Backend and device of everything that is here besides ONNX Runtime's processor."""
    found = []
    for runtime in map(installed, BACKENDS):
        if runtime.backend == "openvino":
            found += [("openvino", place.partition(" ")[0]) for place in runtime.places]
        else:
            names = [place for place in runtime.places if place not in IDLE]
            shorts = {provider.name: short for short, provider in PROVIDERS.items()}
            found += [("onnxruntime", shorts[name]) for name in names if name in shorts]
    return found


def open_device(model: str, backend: str, device: str) -> tuple[Network, bool]:
    """The model there alone, else with the processor's help, and whether it was alone."""
    options: dict[str, Any] = {"task": "top_down", "backend": backend}
    try:
        return open_network(model, device=device, strict=True, **options), True
    except BackendError:
        if backend == "openvino":
            raise
        return open_network(model, device=f"{device},cpu", **options), False


def outputs(network: Network) -> Any:
    """The heatmaps of noise."""
    with network.workspace() as workspace:
        crops = workspace.crops(1)
        crops[:] = np.random.default_rng(0).standard_normal(crops.shape)
        return workspace.run(1)["heatmap"].copy()


def milliseconds(network: Network) -> list[float]:
    """Time of each of many runs of one crop, after as many that warm up as ten."""
    samples = []
    with network.workspace() as workspace:
        workspace.crops(1)
        for _ in range(RUNS + 10):
            start = time.perf_counter()
            workspace.run(1)
            samples.append(1e3 * (time.perf_counter() - start))
    return samples[10:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="hrnet-s")
    parser.add_argument("--images", type=Path)
    parser.add_argument("--annotations", type=Path)
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    people = arguments.images and people_of(
        arguments.images, arguments.annotations, arguments.limit
    )
    reference = open_network(arguments.model, task="top_down")
    expected = outputs(reference)
    rows: list[dict[str, Any]] = []
    for backend, device in devices():
        row: dict[str, Any] = {"backend": backend, "device": device}
        rows.append(row)
        try:
            network, row["alone"] = open_device(arguments.model, backend, device)
            row["output"] = float(np.abs(outputs(network) - expected).max())
            row["good"] = row["output"] <= MAX_OUTPUT
            if people:
                found = compare(TopDown(reference), TopDown(network), people, min_score=0.1)
                row["agreement"] = found.to_dict()
                row["good"] = found.image_px.max <= MAX_PX
            row["ms"] = milliseconds(network)
            row["report"] = network.session.report(10).to_dict()
            network.close()
        except EdgePoseError as error:
            row |= {"good": False, "error": str(error)}
    table = Table("runtime", "device", "alone", "output", "px", "median, ms", "precision", "good")
    for row in rows:
        shares = row.get("report", {}).get("shares", [])
        table.add_row(
            row["backend"],
            row["device"],
            str(row.get("alone", "")),
            f"{row['output']:.2g}" if "output" in row else row["error"],
            str(row["agreement"]["image_px"]["max"]) if "agreement" in row else "",
            f"{np.median(row['ms']):.2f}" if "ms" in row else "",
            ", ".join(f"{share['nodes']} {share['precision']}" for share in shares),
            "yes" if row["good"] else "NO",
        )
    console = Console(width=110)
    console.print(table)
    console.print(", ".join(f"{key} {value}" for key, value in environment().items()))
    if arguments.json:
        content = {"environment": environment(), "devices": rows}
        arguments.json.write_text(json.dumps(content, indent=1))
    sys.exit(not all(row["good"] for row in rows))


if __name__ == "__main__":
    main()
