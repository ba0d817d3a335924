# SPDX-License-Identifier: Apache-2.0
"""Puts a float32 network into float16.

Left in float32 is what float16 is too coarse for: softmax, logarithm, powers, sums and the like,
and what follows them up to the next layer with weights. Weights that float16 cannot hold stay too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import onnx
from onnx import helper

from .graph import Graph
from .observe import Floats
from .qdq import shorten_names

LAYERS = {"Conv", "ConvTranspose", "MatMul", "Gemm"}
DELICATE = {
    *("Softmax", "LogSoftmax", "Log", "Exp", "Pow", "Sqrt", "Reciprocal", "Div", "Softplus", "Erf"),
    *("ReduceSum", "ReduceMean", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp"),
    *("ReduceProd", "ReduceSumSquare", "CumSum", "LpNormalization", "LayerNormalization"),
    *("InstanceNormalization", "MeanVarianceNormalization", "BatchNormalization"),
}
# Nodes whose type is theirs to say.
TYPED = {"Cast", "ConstantOfShape", "EyeLike", "Range", "RandomNormal", "RandomUniform"}
# Inputs that are float32 whatever the data is, from this place on.
SIDE_INPUTS = {"Resize": 1, "Upsample": 1}
LARGEST = float(np.finfo(np.float16).max)
# Stands for infinity where squares of it are taken.
HUGE = 1e15


def half_nodes(graph: Graph, keep_float: Collection[str] = ()) -> list[Any]:
    """Nodes that compute in float16, in order."""
    kinds = _kinds(graph)
    tail: set[str] = set()  # tensors that a delicate node gives, or one after it
    chosen = []
    for node in graph.nodes:
        floats = [name for name in node.input if kinds.get(name) == onnx.TensorProto.FLOAT]
        given = [name for name in floats if name not in graph.weights]
        after = node.op_type not in LAYERS and any(name in tail for name in given)
        if node.op_type in DELICATE or after:
            tail.update(node.output)
        elif (
            given
            and node.op_type not in TYPED
            and node.name not in keep_float
            and kinds.get(node.output[0]) == onnx.TensorProto.FLOAT
            and all(_fits(graph.weights[name]) for name in floats if name in graph.weights)
        ):
            chosen.append(node)
    return chosen


def to_half(graph: Graph, keep_float: Collection[str] = ()) -> Graph:
    """The network in float16.

    Args:
        graph: The simplified float network; not changed.
        keep_float: Names of nodes that stay in float32.
    """
    chosen = {node.name for node in half_nodes(graph, keep_float)}
    kinds = _kinds(graph)
    result = graph.copy()
    nodes: list[Any] = []
    made: dict[str, str] = {}  # float32 tensor -> its float16 twin
    back: dict[str, str] = {}  # tensor that is float16 now -> its float32 twin

    def cast_to(name: str, target: str, kind: int) -> str:
        nodes.append(helper.make_node("Cast", [name], [target], name=f"{target}.cast", to=kind))
        return target

    def half(name: str) -> str:
        if name in back or name in made:
            return made.get(name, name)
        target = f"{name}.half"
        if name in result.weights:
            result.weights[target] = result.weights[name].astype(np.float16)
        else:
            cast_to(name, target, onnx.TensorProto.FLOAT16)
        return made.setdefault(name, target)

    def full(name: str) -> str:
        if not back[name]:
            back[name] = cast_to(name, f"{name}.full", onnx.TensorProto.FLOAT)
        return back[name]

    for node in result.nodes:
        sides = SIDE_INPUTS.get(node.op_type, len(node.input))
        for index, name in enumerate(node.input):
            if node.name in chosen and index < sides:
                is_float = kinds.get(name) == onnx.TensorProto.FLOAT
                node.input[index] = half(name) if is_float else name
            elif name in back:
                node.input[index] = full(name)
        nodes.append(node)
        if node.name not in chosen:
            continue
        for index, name in enumerate(node.output):
            if name in graph.output_names:
                node.output[index] = made[name] = f"{name}.half"
                cast_to(node.output[index], name, onnx.TensorProto.FLOAT)
            elif name:
                back[name] = ""
    result.nodes = nodes
    shorten_names(result)
    return result


def rounded_to_half(graph: Graph, keep_float: Collection[str] = ()) -> Graph:
    """The network in float32 that rounds what `to_half` would have in float16.

    Args:
        graph: The simplified float network; not changed.
        keep_float: Names of nodes that are left alone.
    """
    chosen = {node.name for node in half_nodes(graph, keep_float)}
    kinds = _kinds(graph)
    result = graph.copy()
    nodes: list[Any] = []
    rounded: dict[str, str] = {}

    def through_half(name: str, target: str) -> str:
        half = f"{target}.half"
        for source, to, kind in ((name, half, "FLOAT16"), (half, target, "FLOAT")):
            number = getattr(onnx.TensorProto, kind)
            nodes.append(helper.make_node("Cast", [source], [to], name=f"{to}.cast", to=number))
        return target

    def half(name: str) -> str:
        if name not in rounded:
            rounded[name] = f"{name}.rounded"
            if name in result.weights:
                result.weights[rounded[name]] = round_to_half(name, result.weights[name])
            else:
                through_half(name, rounded[name])
        return rounded[name]

    for node in result.nodes:
        sides = SIDE_INPUTS.get(node.op_type, len(node.input))
        if node.name in chosen:
            for index, name in enumerate(node.input[:sides]):
                if kinds.get(name) == onnx.TensorProto.FLOAT:
                    node.input[index] = half(name)
        nodes.append(node)
        if node.name in chosen:
            for index, name in enumerate(node.output):
                node.output[index] = f"{name}.full"
                rounded[name] = through_half(f"{name}.full", name)
    result.nodes = nodes
    return result


def _kinds(graph: Graph) -> dict[str, int]:
    """Type of every tensor that can be told."""
    known = onnx.shape_inference.infer_shapes(graph.to_model()).graph
    values = (*known.input, *known.value_info, *known.output)
    kinds = {value.name: value.type.tensor_type.elem_type for value in values}
    weights = graph.weights.items()
    return kinds | {
        name: helper.np_dtype_to_tensor_dtype(np.asarray(array).dtype) for name, array in weights
    }


def _fits(weight: Any) -> bool:
    return bool(np.abs(weight).max(initial=0) <= LARGEST)


def round_to_half(_name: str, values: Floats) -> Floats:
    """Values as float16 has them; what is infinite there is huge."""
    with np.errstate(over="ignore"):
        return np.clip(values.astype(np.float16).astype(np.float32), -HUGE, HUGE)
