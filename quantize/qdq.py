# SPDX-License-Identifier: Apache-2.0
"""Writes a quantized network in QDQ form.

Every rounded tensor is a pair of nodes, QuantizeLinear and DequantizeLinear, that runtimes melt
into integer kernels.
Weights are signed, symmetric and have a scale per output channel (or one for all); biases are
int32 with the product of the scales of input and weights. Activations have one scale per tensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from onnx import helper

from .graph import Graph
from .plan import WEIGHTED, Plan, data_inputs

Floats: TypeAlias = NDArray[np.float32]
Range: TypeAlias = tuple[float, float]
Activations = Literal["uint8", "int8", "symmetric"]
# Code range of each form; "symmetric" is int8 whose zero is 0, the only one TensorRT takes.
CODES: Mapping[str, tuple[int, int, Any]] = {
    "uint8": (0, 255, np.uint8),
    "int8": (-128, 127, np.int8),
    "symmetric": (-127, 127, np.int8),
}
SMALLEST_SCALE = 1e-12
# A bias of more than this many steps would not fit 32 bits with what is added to it.
LARGEST_BIAS = 2.0**30


@dataclass(frozen=True)
class Numbers:
    """Form of the integers.

    Attributes:
        activations: "uint8" or "int8" with a zero point, or "symmetric" int8 without.
        weight_limit: Largest weight: 127, or 63 where pairs of products are added in 16 bits.
        per_channel: Whether each output channel has a scale of its own.
    """

    activations: Activations = "uint8"
    weight_limit: int = 127
    per_channel: bool = True

    @property
    def weight_bits(self) -> int:
        """Bits of the weights, 7 or 8."""
        return 7 if self.weight_limit == 63 else 8


def step_and_zero(span: Range, kind: str) -> tuple[np.float32, int]:
    """Scale and zero point of a range, widened so that it holds zero."""
    low, high, _ = CODES[kind]
    least, most = min(span[0], 0.0), max(span[1], 0.0)
    if kind == "symmetric":
        scale = max(-least, most) / high
        return np.float32(max(scale, SMALLEST_SCALE)), 0
    scale = np.float32(max((most - least) / (high - low), SMALLEST_SCALE))
    return scale, int(np.clip(np.rint(low - least / float(scale)), low, high))


def round_weights(
    weight: Floats, axis: int, numbers: Numbers, floor: NDArray[np.float64] | float = 0.0
) -> tuple[NDArray[np.int8], Floats]:
    """Weights as int8 and their scales [channels], or one scale [] for all.

    Args:
        weight: Float weights.
        axis: Axis of the output channels.
        numbers: Form of the integers.
        floor: Smallest scale allowed, [channels] or one.
    """
    others = tuple(i for i in range(weight.ndim) if i != axis)
    largest = np.abs(weight).max(axis=others, initial=0.0).astype(np.float64)
    scale = np.maximum(np.maximum(largest / numbers.weight_limit, floor), SMALLEST_SCALE)
    if not numbers.per_channel:
        scale = np.full_like(scale, scale.max(initial=SMALLEST_SCALE))
    steps = scale.astype(np.float32)
    shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
    codes = np.rint(weight / steps.reshape(shape))
    limit = numbers.weight_limit
    rounded = np.clip(codes, -limit, limit).astype(np.int8)
    return rounded, steps if numbers.per_channel else steps.max(initial=SMALLEST_SCALE)


def write_qdq(
    graph: Graph,
    plan: Plan,
    ranges: Mapping[str, Range],
    numbers: Numbers,
    bias_shift: Mapping[str, Floats] | None = None,
) -> Graph:
    """The quantized network.

    Args:
        graph: The simplified float network; not changed.
        plan: What is quantized.
        ranges: Least and largest value of every root tensor of the plan.
        numbers: Form of the integers.
        bias_shift: What to add to the bias of a layer, [channels] by name of the node.
    """
    return _Writer(graph.copy(), plan, ranges, numbers, bias_shift or {}).run()


class _Writer:
    def __init__(
        self,
        graph: Graph,
        plan: Plan,
        ranges: Mapping[str, Range],
        numbers: Numbers,
        bias_shift: Mapping[str, Floats],
    ) -> None:
        self.graph, self.plan, self.numbers = graph, plan, numbers
        self.bias_shift = bias_shift
        self.scales = {
            name: step_and_zero(ranges[name], numbers.activations)
            for name in dict.fromkeys(plan.root.values())
        }
        self.nodes: list[Any] = []
        self.count = 0

    def run(self) -> Graph:
        graph, plan = self.graph, self.plan
        chosen = set(plan.nodes)
        owner = {target: name for name, target in plan.result.items()}
        rounded = {}  # tensor -> its rounded twin, for the readers that want it
        bare: dict[str, str] = {}  # output of the network -> its name before rounding
        for name in plan.tensors:
            if name in graph.output_names:
                bare[name] = f"{name}.float"
        for name in graph.input_names:
            if name in plan.root:
                rounded[name] = self._round(name, name, f"{name}.rounded")
        for node in graph.nodes:
            integer = node.name in chosen
            sources = set(data_inputs(graph, node)) if integer else set()
            for index, name in enumerate(node.input):
                # Readers in float take the rounded tensor only where no other exists.
                if name in rounded and (name in sources or name in owner):
                    node.input[index] = rounded[name]
            if integer and node.op_type in WEIGHTED:
                self._weights(node, plan.root[next(iter(sources))])
            for index, name in enumerate(node.output):
                if name in bare:
                    node.output[index] = bare[name]
            self.nodes.append(node)
            for name in [each for each in plan.tensors if each in self._gives(node)]:
                source = bare.get(name, name)
                keeps = name in graph.output_names and name in owner
                target = name if keeps else f"{name}.rounded"
                if name in graph.output_names and not keeps:
                    self.nodes.append(helper.make_node("Identity", [source], [name]))
                rounded[name] = self._round(name, source, target)
        graph.nodes = self.nodes
        _number(graph)
        return graph

    def _gives(self, node: Any) -> set[str]:
        original = {f"{name}.float": name for name in self.graph.output_names}
        return {original.get(name, name) for name in node.output}

    def _round(self, name: str, source: str, target: str) -> str:
        scale, zero = self.scales[self.plan.root[name]]
        kind = CODES[self.numbers.activations][2]
        self.count += 1
        parameters = [
            self._constant(f"s:{self.plan.root[name]}", np.asarray(scale)),
            self._constant(f"z:{self.plan.root[name]}", np.asarray(zero, kind)),
        ]
        code = f"q:{self.count}"
        self.nodes.append(
            helper.make_node("QuantizeLinear", [source, *parameters], [code], name=f"Q{self.count}")
        )
        self.nodes.append(
            helper.make_node(
                "DequantizeLinear", [code, *parameters], [target], name=f"DQ{self.count}"
            )
        )
        return target

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self.graph.weights[name] = value
        return name

    def _weights(self, node: Any, source: str) -> None:
        """Replaces weights and bias of a layer by rounded ones."""
        axis = WEIGHTED[node.op_type]
        weight = self.graph.weights[node.input[1]]
        step = float(self.scales[source][0])
        bias = self._bias(node, weight.shape[axis])
        floor = np.abs(bias).astype(np.float64) / (step * LARGEST_BIAS) if bias is not None else 0.0
        codes, scale = round_weights(weight, axis, self.numbers, floor)
        self.count += 1
        number = self.count
        self._parameter(node, 1, f"w:{number}", codes, scale, axis)
        if bias is None:
            return
        whole = (step * scale.astype(np.float64)).astype(np.float32)
        steps = np.rint(bias.astype(np.float64) / whole.astype(np.float64))
        if len(node.input) < 3:
            node.input.append("")
        self._parameter(node, 2, f"b:{number}", steps.astype(np.int32), whole, 0)

    def _bias(self, node: Any, channels: int) -> Floats | None:
        shift = self.bias_shift.get(node.name)
        if node.op_type == "MatMul":
            return None
        if len(node.input) < 3 and shift is None:
            return None
        bias = self.graph.weights[node.input[2]] if len(node.input) > 2 else np.zeros(channels)
        return np.asarray(bias if shift is None else bias + shift, np.float32)

    def _parameter(
        self, node: Any, index: int, name: str, codes: NDArray[Any], scale: Any, axis: int
    ) -> None:
        parameters = [
            self._constant(name, codes),
            self._constant(f"{name}.s", np.asarray(scale, np.float32)),
            self._constant(f"{name}.z", np.zeros(np.shape(scale), codes.dtype)),
        ]
        options: dict[str, Any] = {"axis": axis} if np.ndim(scale) else {}
        self.nodes.append(
            helper.make_node(
                "DequantizeLinear", parameters, [f"{name}.d"], name=f"DQ{name}", **options
            )
        )
        node.input[index] = f"{name}.d"


def _number(graph: Graph) -> None:
    """Gives inner tensors short names: long ones, said several times, weigh more than scales."""
    fixed = {*graph.input_names, *graph.output_names, ""}
    names: dict[str, str] = {}

    def short(name: str) -> str:
        if name in fixed:
            return name
        return names.setdefault(name, f"t{len(names)}")

    for node in graph.nodes:
        for place in (node.input, node.output):
            for index, name in enumerate(place):
                place[index] = short(name)
    graph.weights = {short(name): array for name, array in graph.weights.items()}
