# SPDX-License-Identifier: Apache-2.0
"""Latency of compact pose networks with random weights: what the registry's widths were taken from.

    python benchmarks/search_compact.py [--peer MODEL.onnx] [--rounds 20] [--only NAME ...]

Every variant is exported at 256x192 as training would export it, and run with one thread by ONNX
Runtime and OpenVINO. Variants take turns, so that a slow spell of the machine hits all alike;
the least of all runs counts. Accuracy needs training and is not shown here.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from edgepose.nets.count import cost  # noqa: E402
from edgepose.nets.fold import fold_batch_norm  # noqa: E402
from edgepose.nets.hrnet import HRNetConfig  # noqa: E402
from edgepose.nets.mspn import MSPN, MSPNConfig  # noqa: E402
from edgepose.nets.pose import PoseExport, PoseNet  # noqa: E402

INPUT_HW = (256, 192)
KEYPOINTS = 17
SIGMA = 1.5

H, M = HRNetConfig, MSPNConfig
# Widths and blocks of each branch or level; "u" the width of the way up, "x2" two stages.
VARIANTS: dict[str, HRNetConfig | MSPNConfig] = {
    "hrnet 16-48-96-160 b122": H(),
    "hrnet 16-40-80-128 b122": H(widths=(16, 40, 80, 128)),
    "hrnet 16-32-64-128 b122": H(widths=(16, 32, 64, 128)),
    "hrnet 16-40-80-128 b112": H(widths=(16, 40, 80, 128), blocks=(1, 1, 2)),
    "hrnet 16-32-96-128 b112": H(widths=(16, 32, 96, 128), blocks=(1, 1, 2)),
    "hrnet 16-32-80-128 b112": H(widths=(16, 32, 80, 128), blocks=(1, 1, 2)),
    "hrnet 16-32-64-160 b112": H(widths=(16, 32, 64, 160), blocks=(1, 1, 2)),
    "hrnet 16-32-64-128 b112": H(widths=(16, 32, 64, 128), blocks=(1, 1, 2)),
    "hrnet 16-32-64-128 b111": H(widths=(16, 32, 64, 128), blocks=(1, 1, 1)),
    "hrnet 16-32-64-96 b111": H(widths=(16, 32, 64, 96), blocks=(1, 1, 1)),
    "hrnet 16-32-64-96 b111 stem 8": H(widths=(16, 32, 64, 96), blocks=(1, 1, 1), stem_width=8),
    "hrnet 16-32-64 b12": H(widths=(16, 32, 64), modules=(1, 1), blocks=(1, 2)),
    "hrnet 8-32-64-128 b122": H(widths=(8, 32, 64, 128)),
    "hrnet 8-24-48-96 b122": H(widths=(8, 24, 48, 96)),
    "mspn 16-48-96-160 b0122 u16": M(blocks=(0, 1, 2, 2), up_width=16),
    "mspn 16-48-96-160 b0122 u32": M(blocks=(0, 1, 2, 2)),
    "mspn 16-48-96-160 b1122 u32": M(),
    "mspn 16-48-96-160 b1222 u32": M(blocks=(1, 2, 2, 2)),
    "mspn 16-32-64-128 b0111 u16": M(widths=(16, 32, 64, 128), blocks=(0, 1, 1, 1), up_width=16),
    "mspn 16-32-64-128 b0122 u16": M(widths=(16, 32, 64, 128), blocks=(0, 1, 2, 2), up_width=16),
    "mspn 16-32-64-128 b0122 u24": M(widths=(16, 32, 64, 128), blocks=(0, 1, 2, 2), up_width=24),
    "mspn 16-32-64-128 b0122 u32": M(widths=(16, 32, 64, 128), blocks=(0, 1, 2, 2)),
    "mspn 16-32-64-128 b1122 u16": M(widths=(16, 32, 64, 128), blocks=(1, 1, 2, 2), up_width=16),
    "mspn 16-32-64-128 b0111 u16 x2": M(
        widths=(16, 32, 64, 128), blocks=(0, 1, 1, 1), up_width=16, stages=2
    ),
    "mspn 16-32-64-96 b0011 u16 x2": M(
        widths=(16, 32, 64, 96), blocks=(0, 0, 1, 1), up_width=16, stages=2
    ),
    "mspn 16-32-64-128 b0122 u24 x2": M(
        widths=(16, 32, 64, 128), blocks=(0, 1, 2, 2), up_width=24, stages=2
    ),
    "mspn 16-48-96-160 b0122 u16 x2": M(blocks=(0, 1, 2, 2), up_width=16, stages=2),
    "mspn 16-48-96-160 b0122 u24 x2": M(blocks=(0, 1, 2, 2), up_width=24, stages=2),
    "mspn 16-40-80-128 b1122 u32 x2": M(widths=(16, 40, 80, 128), blocks=(1, 1, 2, 2), stages=2),
}
Run = Callable[[], Any]


def build(config: HRNetConfig | MSPNConfig) -> torch.nn.Module:
    if isinstance(config, MSPNConfig):
        return MSPN(config, KEYPOINTS).eval()
    return PoseNet(config, KEYPOINTS).eval()


def write(net: torch.nn.Module, path: Path) -> None:
    wrapped = PoseExport(fold_batch_norm(net), SIGMA, INPUT_HW).eval()
    picture = torch.zeros(1, 3, *INPUT_HW)
    axes = {"input": {0: "N"}, "heatmap": {0: "N"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            wrapped,
            (picture,),
            str(path),
            dynamo=False,
            opset_version=13,
            input_names=["input"],
            output_names=["heatmap"],
            dynamic_axes=axes,
        )


def onnxruntime_run(path: Path) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: picture()}
    return lambda: session.run(None, feed)


def openvino_run(path: Path) -> Run:
    import openvino

    core = openvino.Core()
    model = core.read_model(str(path))
    model.reshape([1, 3, *INPUT_HW])
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    feed = picture()
    return lambda: request.infer([feed])


def picture() -> Any:
    return np.random.default_rng(0).standard_normal((1, 3, *INPUT_HW)).astype(np.float32)


def measure(runs: dict[str, Run], rounds: int) -> dict[str, float]:
    """Least CPU time of each run in ms, taking turns."""
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            run()  # warms the caches after the others
            for _ in range(3):
                start = time.process_time()
                run()
                least[name] = min(least[name], 1e3 * (time.process_time() - start))
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, help="a model of the same input to compare with")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", nargs="*", help="parts of the variants' names")
    options = parser.parse_args()
    torch.set_num_threads(1)
    chosen = {
        name: config
        for name, config in VARIANTS.items()
        if not options.only or any(part in name for part in options.only)
    }
    rows, ort, vino = {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for index, (name, config) in enumerate(chosen.items()):
            path = Path(folder, f"{index}.onnx")
            net = build(config)
            rows[name] = cost(net, INPUT_HW)
            write(net, path)
            ort[name], vino[name] = onnxruntime_run(path), openvino_run(path)
        if options.peer:
            ort["peer"], vino["peer"] = onnxruntime_run(options.peer), openvino_run(options.peer)
        times, vino_times = measure(ort, options.rounds), measure(vino, options.rounds)
    print("| variant | M MACs | k parameters | ONNX Runtime ms | OpenVINO ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in times:
        row = rows.get(name)
        counts = f"{row.macs / 1e6:.0f} | {row.parameters / 1e3:.0f}" if row else "- | -"
        print(f"| {name} | {counts} | {times[name]:.2f} | {vino_times[name]:.2f} |")


if __name__ == "__main__":
    main()
