# SPDX-License-Identifier: Apache-2.0
"""INT8 weights under float activations: a quarter of the size, and float's speed at best.

Weights are stored as signed symmetric integers with a scale per output channel, and a
DequantizeLinear before each layer makes them float again. The mean error that their rounding brings
is taken off the bias.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
from onnx import helper

from .convert import Observed, bias_shifts
from .graph import Graph, attribute
from .network import Network
from .noise import decibels
from .observe import Floats
from .plan import make_plan
from .qdq import Numbers, round_weights, shorten_names
from .rules import Verdict, check
from .scheme import Attempt, Scheme

# Fewer numbers weigh less than the node that makes them float.
LEAST = 512


@dataclass(frozen=True)
class IntegerWeights(Scheme):
    """INT8 weights.

    Attributes:
        numbers: Form of the integers, of which only that of the weights counts.
    """

    title: ClassVar[str] = "weight-only INT8"
    mark: ClassVar[str] = "int8-weights"
    purpose: ClassVar[str] = "It is meant for the size of the file."

    numbers: Numbers

    @property
    def form(self) -> dict[str, Any]:
        """What the record says of the numbers."""
        bits, per_channel = self.numbers.weight_bits, self.numbers.per_channel
        return {"activations": "float32", "weight_bits": bits, "per_channel": per_channel}

    def make(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Graph:
        """The network with integer weights."""
        return store_integers(attempt.observed, self.numbers, keep_float)

    def noise(self, attempt: Attempt, inputs: Floats) -> dict[str, float]:  # noqa: ARG002
        """By the worst channel of the weights; never above 0."""
        graph = attempt.observed.graph
        return {
            node.name: min(-_signal_over_noise(graph.weights[node.input[1]], axis, self.numbers), 0)
            for node, axis in layers(graph)
        }

    def verdicts(self, network: Network) -> tuple[Verdict, ...]:
        """Of ONNX Runtime; the rules of the others are about integer activations."""
        return tuple(each for each in check(cast(Graph, network)) if each.runtime == "onnxruntime")


def layers(graph: Graph) -> list[tuple[Any, int]]:
    """Layers with weights that are worth it, and the axis of their output channels."""
    found = []
    for node in graph.nodes:
        weight = graph.weights.get(node.input[1]) if len(node.input) > 1 else None
        if weight is None or weight.dtype != np.float32 or weight.size < LEAST:
            continue
        if node.op_type in ("Conv", "ConvTranspose"):
            found.append((node, 0 if node.op_type == "Conv" else 1))
        elif node.op_type in ("MatMul", "Gemm") and weight.ndim == 2:
            found.append((node, 1 - attribute(node, "transB", 0)))
    return found


def store_integers(observed: Observed, numbers: Numbers, keep_float: Collection[str] = ()) -> Graph:
    """The network with integer weights.

    Args:
        observed: The float network; not changed.
        numbers: Form of the weights.
        keep_float: Names of layers whose weights stay float.
    """
    graph = observed.graph.copy()
    shifts = bias_shifts(graph, make_plan(graph), observed.seen, numbers)
    stored: dict[tuple[str, int], str] = {}
    before: dict[str, Any] = {}  # layer -> the node that makes its weights float
    for node, axis in layers(graph):
        if node.name in keep_float:
            continue
        name = node.input[1]
        if (name, axis) not in stored:
            stored[name, axis] = target = f"{name}.axis{axis}.float"
            before[node.name] = _dequantize(graph, name, axis, numbers, target)
        node.input[1] = stored[name, axis]
        if node.name in shifts:
            _shift_bias(graph, node, shifts[node.name])
    nodes = []
    for node in graph.nodes:
        nodes += [before[node.name], node] if node.name in before else [node]
    graph.nodes = nodes
    shorten_names(graph)
    return graph


def _dequantize(graph: Graph, name: str, axis: int, numbers: Numbers, target: str) -> Any:
    codes, scale = round_weights(graph.weights[name], axis, numbers)
    steps = np.asarray(scale, np.float32)
    parameters: dict[str, Any] = {f"{target}.codes": codes, f"{target}.scale": steps}
    graph.weights |= parameters
    options: dict[str, Any] = {"axis": axis} if np.ndim(scale) else {}
    return helper.make_node(
        "DequantizeLinear", list(parameters), [target], name=f"{target}.node", **options
    )


def _shift_bias(graph: Graph, node: Any, shift: Floats) -> None:
    bias = (
        graph.weights[node.input[2]]
        if len(node.input) > 2 and node.input[2]
        else np.zeros_like(shift)
    )
    name = f"{node.name}.shifted"
    graph.weights[name] = np.asarray(bias + shift, np.float32)
    del node.input[2:]
    node.input.append(name)


def _signal_over_noise(weight: Floats, axis: int, numbers: Numbers) -> float:
    codes, scale = round_weights(weight, axis, numbers)
    shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
    others = tuple(i for i in range(weight.ndim) if i != axis)
    steps = np.broadcast_to(scale, weight.shape[axis]).reshape(shape)
    error = codes * steps - weight
    return decibels(np.square(weight).mean(axis=others), np.square(error).mean(axis=others))
