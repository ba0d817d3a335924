# SPDX-License-Identifier: Apache-2.0
"""How much noise the rounding of each layer's result adds: a cheap sign of which layers hurt."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .convert import Observed, choose_ranges
from .graph import Graph
from .observe import Floats, batches, opened
from .plan import candidates, data_inputs, make_plan
from .qdq import CODES, Numbers, step_and_zero

# What a tensor becomes when it is rounded, by its name.
Rounded = Callable[[str, Floats], Floats]


def rounding_noise(
    observed: Observed, method: str, numbers: Numbers, inputs: Floats
) -> dict[str, float]:
    """Decibels of signal over noise that each layer loses by integers, by its name.

    A node's result is rounded to the codes it would have, on the float network's values: the noise
    is the node's own, not what came to it.
    """
    graph = observed.graph
    plan = make_plan(graph)
    ranges = choose_ranges(observed, plan, method)
    low, high, _ = CODES[numbers.activations]

    def rounded(name: str, values: Floats) -> Floats:
        scale, zero = step_and_zero(ranges[plan.root[name]], numbers.activations)
        codes = np.clip(np.rint(values / scale) + zero, low, high)
        return np.asarray((codes - zero) * scale)

    ratio = signal_over_noise(graph, plan.tensors, rounded, inputs)
    losses = {}
    chosen = set(candidates(graph)) & set(plan.nodes)
    for node in graph.nodes:
        if node.name in chosen:
            before = min((ratio[name] for name in data_inputs(graph, node)), default=np.inf)
            losses[node.name] = float(np.clip(before - ratio[plan.result[node.name]], -99, 99))
    return losses


def signal_over_noise(
    graph: Graph, tensors: Iterable[str], rounded: Rounded, inputs: Floats
) -> dict[str, float]:
    """Decibels of signal over noise of each tensor's worst channel once it is rounded.

    Args:
        graph: The float network.
        tensors: Names of the tensors.
        rounded: What they become.
        inputs: [N, 3, H, W].
    """
    names = list(tensors)
    inner = [name for name in names if name not in graph.input_names]
    power: dict[str, Floats] = dict.fromkeys(names, np.zeros(1, np.float32))
    noise = dict(power)
    with opened(graph.with_outputs(inner), check=not inner) as session:
        for batch in batches(graph, inputs):
            values = session.run({graph.input_names[0]: batch}, inner)
            values |= dict.fromkeys(graph.input_names, batch)
            for name in names:
                value = values[name]
                error = rounded(name, value) - value
                axes = tuple(i for i in range(value.ndim) if i != 1)
                power[name] = power[name] + np.square(value).mean(axis=axes)
                noise[name] = noise[name] + np.square(error).mean(axis=axes)
    return {
        name: np.inf if noise[name].max(initial=0) == 0 else decibels(power[name], noise[name])
        for name in names
    }


def decibels(power: Floats, noise: Floats) -> float:
    """Of the worst channel that carries a signal: where ranges differ, the small one drowns."""
    used = power > 1e-12
    if not used.any():
        return np.inf
    return float(10 * np.log10((power[used] / np.maximum(noise[used], 1e-30)).min()))
