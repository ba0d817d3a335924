# SPDX-License-Identifier: Apache-2.0
"""What a quantization came to, as plain values and as a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from edgepose.backends.registry import BACKENDS
from edgepose.spec import HeatmapCodec

from .agreement import keypoints_in
from .convert import choose_ranges, complete
from .integers import Integers
from .noise import rounding_noise
from .plan import make_plan
from .qdq import step_and_zero
from .ranking import flat
from .result import Quantized

# Less is within what the machine's own unrest can feign.
PAYS = 1.1
LOSES = 0.95
WORST = 10
# Accuracy by size of the person, as COCO has it.
SIZES = {"APM": "medium, 32..96 px", "APL": "large, above 96 px"}


def verdict(done: Quantized) -> str:
    """Whether INT8 pays on this machine, in a sentence or two."""
    lost = done.float_score.value - done.score.value
    size = f"{100 * done.bytes_[2] / done.bytes_[1]:.0f} % of the size of float32 weights"
    accuracy = (
        f"{lost:.2f} points of {done.judge.metric} are lost" if lost > 0 else "nothing is lost"
    )
    ratio, title = done.speedup, done.scheme.title
    if ratio is None:
        return f"{title} was not timed; {accuracy} and the file is {size}."
    times = (
        f"{ratio:.2f} times as fast as float on one thread of {done.processor} in {runtime(done)}"
    )
    if ratio >= PAYS:
        return f"{title} pays on this machine: it is {times}, {accuracy} and the file is {size}."
    if ratio > LOSES:
        return (
            f"{title} does not pay in speed on this machine: it is {times}; {accuracy} and the "
            f"file is {size}."
        )
    return (
        f"{title} does not pay on this machine: it is {times}, slower. Keep the float model here; "
        f"{accuracy} and the file would be {size}."
    )


def runtime(done: Quantized) -> str:
    """Name of the runtime that judged and timed."""
    return BACKENDS[done.guarded.network.backend].title


def json_report(done: Quantized) -> str:
    """The whole report as JSON."""
    return json.dumps(to_dict(done), indent=2, allow_nan=False) + "\n"


def to_dict(done: Quantized) -> dict[str, Any]:
    """The whole report as plain values."""
    return {
        "model": done.source.spec.name,
        "form": done.scheme.title,
        "runtime": runtime(done),
        "verdict": verdict(done),
        "processor": str(done.processor),
        "quantization": done.spec.to_dict()["quantization"],
        "accuracy": accuracy(done),
        "agreement": {
            "measure": done.agreement.measure,
            "value": done.agreement.value,
            "crops": len(done.inspected),
            "distance_input_px": done.agreement.percentiles(),
        },
        "methods_agreement": dict(done.tried),
        "bytes": dict(zip(("given", "float32", "quantized"), done.bytes_, strict=True)),
        "latency_ms": latency(done),
        "speedup": done.speedup,
        "float_layers": [
            {
                "name": layer.name,
                "operator": layer.operator,
                "with": list(layer.readers),
                "reason": layer.reason,
            }
            for layer in done.guarded.kept
        ],
        "tries": [
            {
                "method": step.method,
                "float_layers": list(step.kept),
                "accuracy": step.score.value,
                "drop": step.drop,
            }
            for step in done.guarded.steps
        ],
        "tensors": tensors(done),
        "runtimes": {each.runtime: list(each.objections) for each in done.verdicts},
        "calibration": {
            "crops": len(done.source.crops),
            "sha256": done.source.crops.digest,
            "pictures": sorted(set(done.source.crops.names)),
            "passed_over": list(done.source.crops.skipped),
        },
        "worst": [
            {
                "picture": done.inspected.names[row],
                "similarity": float(done.agreement.per_crop[row]),
            }
            for row in worst_rows(done)
        ],
    }


def accuracy(done: Quantized) -> dict[str, Any]:
    """Points of both networks: in all, by number, by keypoint."""
    pair = done.float_score, done.score
    return {
        "metric": done.judge.metric,
        "data": done.judge.data,
        "float": pair[0].value,
        "quantized": pair[1].value,
        "numbers": _beside(pair[0].numbers, pair[1].numbers),
        "keypoints_pck": _beside(pair[0].per_keypoint, pair[1].per_keypoint),
    }


def latency(done: Quantized) -> dict[str, Any]:
    """Percentiles and every sample."""
    return {
        name: {
            **each.percentiles(),
            "samples": [round(value, 4) for value in each.wall],
            "processor_samples": [round(value, 4) for value in each.processor],
        }
        for name, each in zip(("float", "quantized"), done.latency, strict=False)
    }


def tensors(done: Quantized) -> list[dict[str, Any]]:
    """Range, scale and zero point of each rounded tensor that has its own, and the noise."""
    if not isinstance(done.scheme, Integers):
        return []
    plan, seen, base = plan_of(done)
    numbers = done.scheme.numbers
    noise = rounding_noise(done.source.observed, base, numbers, done.source.crops.inputs[:16])
    by_tensor = {plan.result[name]: value for name, value in noise.items() if name in plan.result}
    found = []
    ranges = choose_ranges(done.source.observed, plan, base)
    for name, (low, high) in ranges.items():
        scale, zero = step_and_zero((low, high), numbers.activations)
        found.append(
            {
                "name": name,
                "seen": [seen[name].low, seen[name].high],
                "range": [low, high],
                "scale": float(scale),
                "zero_point": zero,
                "lost_db": by_tensor.get(name),
            }
        )
    return found


def plan_of(done: Quantized) -> tuple[Any, Any, str]:
    """The plan, the histograms and the method's bare name."""
    observed = done.source.observed
    plan = make_plan(observed.graph, flat(done.guarded.kept))
    return plan, complete(observed, plan), done.guarded.attempt.method


def worst_rows(done: Quantized) -> list[int]:
    """Crops on which both networks agree least, the worst first."""
    values = done.agreement.per_crop
    order = np.argsort(np.where(np.isnan(values), 2.0, values), kind="stable")
    return [int(row) for row in order[:WORST] if not np.isnan(values[row])]


def keypoints(done: Quantized, row: int) -> list[tuple[Any, Any]]:
    """Keypoints [K, 2] in input px and scores [K] of both networks for a crop; pose models only."""
    if not isinstance(done.source.spec.codec, HeatmapCodec):
        return []
    name = done.source.spec.outputs["heatmap"]
    found = []
    for outputs in done.outputs:
        xy, score = keypoints_in(done.source.spec, outputs[name][row : row + 1])
        found.append((xy[0], score[0]))
    return found


def _beside(first: Any, second: Any) -> dict[str, dict[str, float | None]]:
    names = dict.fromkeys([*first, *second])
    return {name: {"float": first.get(name), "quantized": second.get(name)} for name in names}
