# SPDX-License-Identifier: Apache-2.0
"""How much noise the rounding of each layer's result adds: a cheap sign of which layers hurt."""

from __future__ import annotations

import numpy as np

from .convert import Observed, choose_ranges
from .graph import Graph
from .observe import Floats, batches, opened
from .plan import Plan, candidates, data_inputs, make_plan
from .qdq import CODES, Numbers, Range, step_and_zero


def added_noise(
    observed: Observed, method: str, numbers: Numbers, inputs: Floats
) -> dict[str, float]:
    """Decibels of signal over noise that each layer loses, by its name.

    A node's result is rounded to the codes it would have, on the float network's values: the noise
    is the node's own, not what came to it.
    """
    graph = observed.graph
    plan = make_plan(graph)
    ranges = choose_ranges(observed, plan, method)
    power, noise = _rounding(graph, plan, ranges, numbers, inputs)
    ratio = {
        name: np.inf if noise[name].max(initial=0) == 0 else _decibels(power[name], noise[name])
        for name in plan.tensors
    }
    losses = {}
    chosen = set(candidates(graph)) & set(plan.nodes)
    for node in graph.nodes:
        if node.name in chosen:
            before = min((ratio[name] for name in data_inputs(graph, node)), default=np.inf)
            losses[node.name] = float(np.clip(before - ratio[plan.result[node.name]], -99, 99))
    return losses


def _rounding(
    graph: Graph, plan: Plan, ranges: dict[str, Range], numbers: Numbers, inputs: Floats
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Mean squares of each channel of each tensor, and of its rounding error."""
    low, high, _ = CODES[numbers.activations]
    inner = [name for name in plan.tensors if name not in graph.input_names]
    power: dict[str, Floats] = dict.fromkeys(plan.tensors, np.zeros(1, np.float32))
    noise = dict(power)
    with opened(graph, inner) as session:
        for batch in batches(graph, inputs):
            values = session.run({graph.input_names[0]: batch}, inner)
            values |= dict.fromkeys(graph.input_names, batch)
            for name in plan.tensors:
                scale, zero = step_and_zero(ranges[plan.root[name]], numbers.activations)
                value = values[name]
                codes = np.clip(np.rint(value / scale) + zero, low, high)
                error = (codes - zero) * scale - value
                axes = tuple(i for i in range(value.ndim) if i != 1)
                power[name] = power[name] + np.square(value).mean(axis=axes)
                noise[name] = noise[name] + np.square(error).mean(axis=axes)
    return power, noise


def _decibels(power: Floats, noise: Floats) -> float:
    """Of the worst channel that carries a signal: where ranges differ, the small one drowns."""
    used = power > 1e-12
    if not used.any():
        return np.inf
    return float(10 * np.log10((power[used] / np.maximum(noise[used], 1e-30)).min()))
