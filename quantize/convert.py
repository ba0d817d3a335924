# SPDX-License-Identifier: Apache-2.0
"""A float network and what was observed to a quantized network."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .equalize import equalize
from .graph import Graph
from .observe import Floats, Histogram, observe
from .plan import WEIGHTED, Plan, data_inputs, make_plan
from .qdq import Numbers, Range, round_weights, write_qdq
from .ranges import METHODS


@dataclass(frozen=True, eq=False)
class Observed:
    """A float network with the distributions of its tensors.

    Attributes:
        graph: The simplified network.
        seen: Histograms of every tensor that may be rounded.
    """

    graph: Graph
    seen: Mapping[str, Histogram]

    @classmethod
    def of(cls, graph: Graph, inputs: Floats) -> Observed:
        """Watches a network on the calibration crops."""
        return cls(graph, observe(graph, make_plan(graph).tensors, inputs))

    def equalized(self, inputs: Floats) -> Observed:
        """The same with equalised channels."""
        return Observed.of(equalize(self.graph, self.seen), inputs)


def convert(
    observed: Observed, method: str, numbers: Numbers, keep_float: Collection[str] = ()
) -> Graph:
    """The quantized network.

    Args:
        observed: The float network.
        method: A key of `METHODS`.
        numbers: Form of the integers.
        keep_float: Names of nodes that stay float.
    """
    graph = observed.graph
    plan = make_plan(graph, keep_float)
    ranges = choose_ranges(observed, plan, method)
    shifts = bias_shifts(graph, plan, complete(observed, plan), numbers)
    return write_qdq(graph, plan, ranges, numbers, shifts)


def choose_ranges(observed: Observed, plan: Plan, method: str) -> dict[str, Range]:
    """Range of every tensor of a plan that has a scale of its own.

    What leaves the integers is never cut: a peak that is cut is flat, and its score is lost.
    """
    seen = complete(observed, plan)
    whole = {plan.root[name] for name in leaving(observed.graph, plan)}
    return {
        name: METHODS["minmax" if name in whole else method](seen[name])
        for name in dict.fromkeys(plan.root.values())
    }


def leaving(graph: Graph, plan: Plan) -> list[str]:
    """Results that a float node reads or that the network gives."""
    inside = {*plan.nodes, *plan.absorbed}
    consumers = graph.consumers()
    return [
        name
        for name in plan.result.values()
        if name in graph.output_names
        or any(node.name not in inside for node in consumers.get(name, []))
    ]


def complete(observed: Observed, plan: Plan) -> dict[str, Histogram]:
    """Histograms of every tensor of a plan.

    Where a node stays float, its activation is no longer taken in by it, and the tensor before
    another node can be one that was not watched: what was watched of its neighbour holds then.
    """
    seen = dict(observed.seen)
    for name in plan.tensors:
        if name not in seen:
            producer = observed.graph.producer()[name]
            seen[name] = seen[data_inputs(observed.graph, producer)[0]]
    return seen


def bias_shifts(
    graph: Graph, plan: Plan, seen: Mapping[str, Histogram], numbers: Numbers
) -> dict[str, Floats]:
    """What makes up for the mean error that rounding the weights adds to each output channel.

    The error of a layer's mean output is (weights - rounded weights) times the mean of its input,
    which is known per channel; the edges, where zeros pad, are left out of account (Nagel et al.,
    ICCV 2019, section 4.2).
    """
    shifts = {}
    chosen = set(plan.nodes)
    for node in graph.nodes:
        if node.name not in chosen or node.op_type != "Conv":
            continue
        mean = seen[data_inputs(graph, node)[0]].mean
        weight = graph.weights[node.input[1]]
        codes, scale = round_weights(weight, WEIGHTED["Conv"], numbers)
        steps = np.broadcast_to(scale, len(weight)).reshape(-1, *(1,) * (weight.ndim - 1))
        error = (weight - codes * steps).sum(axis=tuple(range(2, weight.ndim)))
        shifts[node.name] = _times_mean(error, mean, len(weight)).astype(np.float32)
    return shifts


def _times_mean(error: Any, mean: Any, outputs: int) -> Any:
    """Sum over the input channels of each output's group; error [out, in / groups]."""
    groups = len(mean) // error.shape[1]
    by_group = mean.reshape(groups, error.shape[1])[np.arange(outputs) * groups // outputs]
    return (error * by_group).sum(axis=1)


__all__ = ["METHODS", "Observed", "Range", "bias_shifts", "complete", "convert"]
