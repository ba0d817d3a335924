# SPDX-License-Identifier: Apache-2.0
"""What OpenVINO's nodes compute in, where and how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

Nodes: TypeAlias = "list[tuple[str, str | None, float | None]]"
WARM_UP = 2
# Nodes that hold data and compute nothing.
PASSIVE = ("Parameter", "Input", "Output", "Result", "Const", "Constant")
TYPES = {
    "f32": "float32", "f16": "float16", "bf16": "bfloat16", "i8": "int8", "u8": "uint8",
    "i32": "int32", "i64": "int64", "FP32": "float32", "FP16": "float16", "BF16": "bfloat16",
    "I8": "int8", "U8": "uint8", "I32": "int32", "I64": "int64",
}  # fmt: skip


def nodes_of(runtime_model: Any, places: Mapping[str, str], default: str = "CPU") -> Nodes:
    """Place and precision of each node of a compiled model, without time.

    Args:
        runtime_model: `get_runtime_model()` of a compiled model.
        places: Node of the original model -> device, where several share it.
        default: Device of the nodes that are not in `places`.
    """
    found: Nodes = []
    for node in runtime_model.get_ops():
        info = node.get_rt_info()
        if _of(info, "layerType") in PASSIVE:
            continue
        original = _of(info, "originalLayersNames").split(",")[0]
        kind = _of(info, "runtimePrecision")
        found.append((places.get(original, default), TYPES.get(kind, kind) or None, None))
    return found


def timed(
    ov: Any, compiled: Any, runs: int, places: Mapping[str, str], default: str = "CPU"
) -> Nodes:
    """Runs a model that keeps its nodes' times on zeros, one picture each.

    Returns:
        Place, precision and mean milliseconds of each node that ran.
    """
    request = compiled.create_infer_request()
    for port in compiled.inputs:
        shape = [1 if side.is_dynamic else side.get_length() for side in port.partial_shape]
        zeros = np.zeros(shape, port.element_type.to_dtype())
        request.set_tensor(port, ov.Tensor(zeros))
    samples: dict[str, list[float]] = {}
    kinds: dict[str, str | None] = {}
    for turn in range(WARM_UP + runs):
        request.infer()
        if turn < WARM_UP:
            continue
        for info in request.profiling_info:
            if info.node_type in PASSIVE or "EXECUTED" not in str(info.status):
                continue
            samples.setdefault(info.node_name, []).append(info.real_time.total_seconds() * 1e3)
            kind = info.exec_type.rpartition("_")[2]
            kinds[info.node_name] = TYPES.get(kind, kind) or None
    return [
        (places.get(name, default), kinds[name], sum(times) / runs)
        for name, times in samples.items()
    ]


def _of(info: Any, key: str) -> str:
    return str(info[key].value) if key in info else ""
