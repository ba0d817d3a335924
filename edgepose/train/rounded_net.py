# SPDX-License-Identifier: Apache-2.0
"""A network that computes in float what its INT8 model will compute, and can be trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.errors import ModelError
from edgepose.train.fake_quant import round_activation, round_layer, scales_and_zeros
from edgepose.train.graph_net import LAYERS, GraphNet
from edgepose.train.graph_ops import Step

# A range may have to change by orders of magnitude, where weights only move a little: at a learning
# rate of 3e-4 it moves by one percent a step.
RANGE_RATE = 30.0
# A channel without weights has a thousandth of the layer's largest to grow from.
SMALLEST_SHARE = 1e-3


class RoundedNet(GraphNet):
    """Computes a graph with every tensor rounded that its INT8 model rounds.

    What is trained are shares: of the largest weight of each channel, of the range of each layer's
    result (biases), of the logarithm of each activation's range. One learning rate suits them all.

    Args:
        graph: The simplified float network (`edgepose.quantize.graph.Graph`).
        results: Names of the tensors that it gives.
        plan: What is rounded (`edgepose.quantize.plan.Plan`).
        ranges: Least and largest value of every root tensor of the plan.
        numbers: Form of the integers (`edgepose.quantize.qdq.Numbers`).
        train_ranges: Whether the ranges are trained too.

    Raises:
        ModelError: A range or a weight is not finite.
    """

    low: Tensor
    high: Tensor
    free: Tensor
    low_share: Tensor
    high_share: Tensor

    def __init__(
        self,
        graph: Any,
        results: tuple[str, ...],
        plan: Any,
        ranges: Mapping[str, tuple[float, float]],
        numbers: Any,
        *,
        train_ranges: bool = True,
    ) -> None:
        from edgepose.quantize.convert import leaving
        from edgepose.quantize.plan import WEIGHTED, data_inputs
        from edgepose.quantize.qdq import CODES

        _check_finite(ranges, graph.weights)
        # What `keep` fills while the graph is read.
        self._kept: list[tuple[str, Tensor, Tensor]] = []
        self.axes: dict[str, int] = WEIGHTED
        self.plan, self.first_ranges, self.graph = plan, dict(ranges), graph
        super().__init__(graph, results)
        for name, share, unit in self._kept:
            self.register_parameter(name, nn.Parameter(share))
            self.register_buffer(f"{name}_unit", unit)
        self.limit, self.per_channel = int(numbers.weight_limit), bool(numbers.per_channel)
        self.symmetric = numbers.activations == "symmetric"
        self.codes: tuple[int, int] = CODES[numbers.activations][:2]
        self.roots = {name: row for row, name in enumerate(dict.fromkeys(plan.root.values()))}
        ends = torch.tensor([ranges[name] for name in self.roots], dtype=torch.float64)
        self.register_buffer("low", ends[:, 0].clamp_max(0.0))
        self.register_buffer("high", ends[:, 1].clamp_min(0.0))
        # What leaves the integers is not cut, here as in quantize: a cut peak is flat, and what is
        # cut all over has no gradient to come back by.
        fixed = set(leaving(graph, plan))
        free = torch.tensor([name not in fixed for name in self.roots], dtype=torch.float64)
        self.register_buffer("free", free, persistent=False)
        for name in ("low_share", "high_share"):
            self.register_parameter(
                name, nn.Parameter(torch.zeros(len(self.roots)), requires_grad=train_ranges)
            )
        chosen = set(plan.nodes)
        nodes = [node for node in graph.nodes if node.name in chosen]
        self.integer = {node.name: set(data_inputs(graph, node)) for node in nodes}
        self.owned = set(plan.result.values())
        self.scales = self.zeros = ends[:, 0]  # of the run that is under way

    def keep(self, step: Step, place: int, array: NDArray[Any], prefix: str) -> str:
        """Makes the weights and biases of layers parameters, everything else buffers."""
        if step.operator not in LAYERS or place == 0:
            return super().keep(step, place, array, prefix)
        name, tensor = f"{prefix}_{place}", torch.from_numpy(array.copy())
        unit = self._unit(step, place, tensor)
        self._kept.append((name, tensor / unit, unit))
        return name

    def constant(self, step: Step, place: int) -> Tensor | None:
        """A constant input of a node, before it is rounded."""
        value = super().constant(step, place)
        name = self.places.get((step.name, place))
        if value is None or not isinstance(value, nn.Parameter):
            return value
        unit: Tensor = getattr(self, f"{name}_unit")
        return value * unit

    def constants(self, step: Step) -> dict[int, Tensor | None]:
        """The constant inputs of a node; weights and bias rounded."""
        fixed = super().constants(step)
        weight = fixed.get(1)
        if step.name not in self.integer or step.operator not in self.axes or weight is None:
            return fixed
        scale = self._numbers(step.inputs[0])[0]
        axis = self.axes[step.operator]
        rounded = round_layer(
            weight, fixed.get(2), scale, axis, self.limit, per_channel=self.per_channel
        )
        return {**fixed, **{p: rounded[p - 1] for p in (1, 2) if p in fixed}}

    def found(self, name: str, value: Tensor) -> Tensor:
        """The tensor, rounded if all its readers see it so."""
        # What a moving node gives has codes already.
        is_new = name in self.owned and self.plan.root[name] == name
        return self._round(name, value) if is_new else value

    def read(self, step: Step, name: str, value: Tensor) -> Tensor:
        """The tensor, rounded if this node alone sees it so: the network's input, say."""
        alone = name not in self.owned and name in self.integer.get(step.name, ())
        return self._round(name, value) if alone else value

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Maps [N, 3, H, W] to the results."""
        low, high = self._ends()
        found = scales_and_zeros(low, high, self.codes, symmetric=self.symmetric)
        self.scales, self.zeros = found
        return super().forward(x)

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Least and largest value of every root tensor, as they are now.

        Raises:
            ModelError: One is not finite.
        """
        with torch.no_grad():
            low, high = (end.tolist() for end in self._ends())
        found = {name: (low[row], high[row]) for name, row in self.roots.items()}
        _check_finite(found, {})
        return found

    @torch.no_grad()
    def trained(self) -> Any:
        """The float graph with the weights as they are now.

        Raises:
            ModelError: A weight is not finite.
        """
        graph = self.graph.copy()
        nodes = {node.name: node for node in graph.nodes}
        for step in self.steps:
            for place in step.constants:
                value = self.constant(step, place)
                if value is not None and isinstance(super().constant(step, place), nn.Parameter):
                    name = f"{step.name}.trained.{place}"
                    graph.weights[name] = value.cpu().contiguous().numpy()
                    nodes[step.name].input[place] = name
        _check_finite({}, graph.weights)
        return graph

    def _numbers(self, name: str) -> tuple[Tensor, Tensor]:
        row = self.roots[self.plan.root[name]]
        return self.scales[row], self.zeros[row]

    def _round(self, name: str, value: Tensor) -> Tensor:
        return round_activation(value, *self._numbers(name), self.codes)

    def _ends(self) -> tuple[Tensor, Tensor]:
        """Least and largest values, float64."""
        rate = RANGE_RATE * self.free
        return (
            self.low * (rate * self.low_share.double()).exp(),
            self.high * (rate * self.high_share.double()).exp(),
        )

    def _unit(self, step: Step, place: int, array: Tensor) -> Tensor:
        """What a weight or bias is counted in."""
        if place == 2:
            result = self.plan.result.get(step.name)
            root = None if result is None else self.plan.root[result]
            span = float(np.ptp(self.first_ranges[root])) if root is not None else 0.0
            return torch.tensor(span or float(array.abs().max()) or 1.0)
        axis = self.axes.get(step.operator, 1)
        others = [i for i in range(array.ndim) if i != axis]
        largest = array.abs().amax(others, keepdim=True)
        most = float(largest.max()) or 1.0
        return torch.where(largest > 0, largest, SMALLEST_SHARE * most)


def _check_finite(
    ranges: Mapping[str, tuple[float, float]], weights: Mapping[str, NDArray[Any]]
) -> None:
    for name, ends in ranges.items():
        if not all(math.isfinite(end) for end in ends):
            raise ModelError(f"the range of {name} is not finite: {ends}")
    for name, array in weights.items():
        if array.dtype == np.float32 and not np.isfinite(array).all():
            raise ModelError(f"{name}: weights that are not finite")
