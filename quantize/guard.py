# SPDX-License-Identifier: Apache-2.0
"""Puts the layers that hurt back to float, fewest first, until the accuracy holds.

First a cheap proxy: how many decibels of signal over noise each node loses between what it reads
and what it gives, from one pass of the quantized network. Then one pass for each of the worst: how
much nearer the answers come to the float network's with that node alone in float.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from edgepose.errors import AccuracyError
from edgepose.spec import Spec

from .agreement import compare
from .convert import Observed, convert
from .graph import Graph
from .judge import Judge, Score
from .observe import Floats, batches, opened, run_outputs
from .plan import Plan, candidates, data_inputs, make_plan
from .qdq import CODES, Numbers, Range, step_and_zero
from .ranges import METHODS

Say = Callable[[str], None]
# Layers that get a pass of their own, and crops it looks at.
TRIED = 16
LOOKED_AT = 32


@dataclass(frozen=True)
class Layer:
    """A layer that was put back to float, or might have been.

    Attributes:
        name: Of the node.
        operator: Its kind.
        noise_db: Decibels of signal over noise that it loses.
        gain: Points of agreement that float brings, it alone.
    """

    name: str
    operator: str
    noise_db: float
    gain: float

    @property
    def reason(self) -> str:
        """Why it is in float."""
        return (
            f"rounded, it loses {self.noise_db:.1f} dB of signal over noise; alone in float, "
            f"it brings the answers {self.gain:.2f} points nearer to the float network's"
        )


@dataclass(frozen=True)
class Step:
    """One try: the layers in float, and the accuracy."""

    kept: tuple[str, ...]
    score: Score
    drop: float


@dataclass(frozen=True, eq=False)
class Guarded:
    """What the guard settled on.

    Attributes:
        graph: The quantized network.
        kept: Layers in float, worst first.
        steps: Every try in order; the last one held.
    """

    graph: Graph
    kept: tuple[Layer, ...]
    steps: tuple[Step, ...]


def guard(
    spec: Spec,
    observed: Observed,
    method: str,
    numbers: Numbers,
    judge: Judge,
    float_score: Score,
    inputs: Floats,
    max_drop: float,
    say: Say,
) -> Guarded:
    """The quantized network with the fewest layers in float that keeps the accuracy.

    Args:
        spec: Contract of the network.
        observed: The float network and its distributions.
        method: A key of `METHODS`.
        numbers: Form of the integers.
        judge: Measures the accuracy.
        float_score: Of the float network.
        inputs: Calibration crops, for the ranking.
        max_drop: Points that may be lost.
        say: Told what happens.

    Raises:
        AccuracyError: No number of layers in float is enough; the message has what was tried.
    """
    steps: list[Step] = []
    ranked: list[Layer] = []
    for count in _counts(len(candidates(observed.graph))):
        if count and not ranked:
            say(f"{steps[0].drop:.2f} points lost, {max_drop:g} allowed: ranking the layers")
            ranked = rank(spec, observed, method, numbers, inputs)
        kept = ranked[:count]
        if len(kept) < count and steps and len(steps[-1].kept) >= len(kept):
            break
        names = tuple(layer.name for layer in kept)
        graph = convert(observed, method, numbers, names)
        score = judge.score(graph)
        steps.append(Step(names, score, float_score.value - score.value))
        say(f"{len(names)} layers in float: {judge.metric} {score.value:.2f}, "
            f"{steps[-1].drop:+.2f} lost")  # fmt: skip
        if steps[-1].drop <= max_drop:
            return Guarded(graph, tuple(kept), tuple(steps))
    raise AccuracyError(
        f"INT8 loses more than {max_drop:g} points of {judge.metric} "
        f"(float {float_score.value:.2f}) whatever stays in float; tried: {frontier(steps)}; "
        f"{_worst(ranked)}nothing was written"
    )


def frontier(steps: Sequence[Step]) -> str:
    """What was tried, in one line."""
    return ", ".join(
        f"{len(step.kept)} in float: {step.score.value:.2f} ({step.drop:+.2f} lost)"
        for step in steps
    )


def rank(
    spec: Spec, observed: Observed, method: str, numbers: Numbers, inputs: Floats
) -> list[Layer]:
    """Layers by how much nearer the answers come with each alone in float, the best first."""
    inputs = inputs[:LOOKED_AT]
    graph = observed.graph
    noise = added_noise(observed, method, numbers, inputs)
    operators = {node.name: node.op_type for node in graph.nodes}
    reference = run_outputs(graph, inputs)
    base = compare(spec, reference, run_outputs(convert(observed, method, numbers), inputs))
    found = []
    for name in sorted(noise, key=lambda each: -noise[each])[:TRIED]:
        tried = run_outputs(convert(observed, method, numbers, (name,)), inputs)
        gain = 100 * (compare(spec, reference, tried).value - base.value)
        found.append(Layer(name, operators[name], noise[name], gain))
    return sorted(found, key=lambda layer: -layer.gain)


def added_noise(
    observed: Observed, method: str, numbers: Numbers, inputs: Floats
) -> dict[str, float]:
    """Decibels of signal over noise that each layer loses, by its name.

    A node's result is rounded to the codes it would have, on the float network's values: the noise
    is the node's own, not what came to it.
    """
    graph = observed.graph
    plan = make_plan(graph)
    ranges = {
        name: METHODS[method](observed.seen[name]) for name in dict.fromkeys(plan.root.values())
    }
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
            values |= {name: batch for name in graph.input_names}
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


def _counts(total: int) -> list[int]:
    """0, 1, 2, 3, 4, 6, 8, 12, 16: then the ranking ends."""
    return [count for count in (0, 1, 2, 3, 4, 6, 8, 12, TRIED) if count <= total]


def _worst(ranked: Sequence[Layer]) -> str:
    if not ranked:
        return ""
    return f"{ranked[0].name} ({ranked[0].operator}) hurts most; "


