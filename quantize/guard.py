# SPDX-License-Identifier: Apache-2.0
"""Puts the layers that hurt back to float, fewest first, until the accuracy holds.

First a cheap proxy: how many decibels of signal over noise each node loses between what it reads
and what it gives, from one pass of the float network. The nodes whose results leave the integers
are always looked at: their rounding is seen in the answers, as steps between neighbouring cells.
Then passes for each of the worst: how much nearer the answers come to the float network's with that
node in float, alone and, as integer kernels round what they read, together with the nodes that read
its result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from edgepose.errors import AccuracyError
from edgepose.spec import Spec

from .agreement import compare
from .convert import Observed, choose_ranges, convert, leaving
from .graph import Graph
from .judge import Judge, Score
from .observe import Floats, batches, opened, run_outputs
from .plan import ABSORBED, MOVING, Plan, candidates, data_inputs, make_plan
from .qdq import CODES, Numbers, Range, step_and_zero

Say = Callable[[str], None]
# Layers that get a pass of their own, and crops it looks at.
TRIED = 16
LOOKED_AT = 64


@dataclass(frozen=True)
class Layer:
    """A layer that was put back to float, or might have been.

    Attributes:
        name: Of the node.
        operator: Its kind.
        noise_db: Decibels of signal over noise that it loses.
        gain: Points of agreement that float brings; see `Agreement.merit`.
        readers: Nodes that read its result and have to be in float with it.
    """

    name: str
    operator: str
    noise_db: float
    gain: float
    readers: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """It and its readers."""
        return (self.name, *self.readers)

    @property
    def reason(self) -> str:
        """Why it is in float."""
        others = f"with {', '.join(self.readers)}" if self.readers else "alone"
        text = f"in float, {others}, it brings the answers {self.gain:.2f} points nearer to float's"
        if self.noise_db <= 0:
            return text
        return f"{text}; rounded, it loses {self.noise_db:.1f} dB of signal over noise"


@dataclass(frozen=True, eq=False)
class Attempt:
    """A way to choose the ranges, and the network it works on."""

    method: str
    observed: Observed
    extras: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As the record says it."""
        return "+".join((self.method, *self.extras))


@dataclass(frozen=True)
class Step:
    """One try: the method, the layers in float, and the accuracy."""

    method: str
    kept: tuple[str, ...]
    score: Score
    drop: float


@dataclass(frozen=True, eq=False)
class Guarded:
    """What the guard settled on.

    Attributes:
        attempt: The method that was taken.
        graph: The quantized network.
        kept: Layers in float, worst first.
        steps: Every try in order; the last one held.
    """

    attempt: Attempt
    graph: Graph
    kept: tuple[Layer, ...]
    steps: tuple[Step, ...]


def guard(
    spec: Spec,
    attempts: Sequence[Attempt],
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
        attempts: Methods, the most promising first; each is tried before a layer stays float.
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

    def holds(attempt: Attempt, kept: Sequence[Layer]) -> Guarded | None:
        names = flat(kept)
        graph = convert(attempt.observed, attempt.method, numbers, names)
        score = judge.score(graph)
        drop = float_score.value - score.value
        steps.append(Step(attempt.name, names, score, drop))
        say(f"{attempt.name}, {len(names)} in float: {judge.metric} {score.value:.2f}, "
            f"{drop:+.2f} lost")  # fmt: skip
        if drop > max_drop:
            return None
        return Guarded(attempt, graph, tuple(kept), tuple(steps))

    for attempt in attempts:
        done = holds(attempt, ())
        if done is not None:
            return done
    best = min(zip(steps, attempts, strict=True), key=lambda pair: pair[0].drop)[1]
    say(f"more than {max_drop:g} points lost: ranking the layers")
    ranked = rank(spec, best.observed, best.method, numbers, inputs)
    for count in _counts(len(ranked)):
        done = holds(best, ranked[:count])
        if done is not None:
            return done
    raise AccuracyError(
        f"INT8 loses more than {max_drop:g} points of {judge.metric} "
        f"(float {float_score.value:.2f}) whatever stays in float; tried: {frontier(steps)}; "
        f"{ranked[0].name} ({ranked[0].operator}) hurts most; nothing was written"
    )


def frontier(steps: Sequence[Step]) -> str:
    """What was tried, in one line."""
    return ", ".join(
        f"{step.method}, {len(step.kept)} in float: {step.score.value:.2f} ({step.drop:+.2f} lost)"
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
    readers = _readers(graph)
    reference = run_outputs(graph, inputs)
    base = compare(spec, reference, run_outputs(convert(observed, method, numbers), inputs))

    def layer(name: str, others: tuple[str, ...]) -> Layer:
        tried = run_outputs(convert(observed, method, numbers, (name, *others)), inputs)
        gain = 100 * (compare(spec, reference, tried).merit - base.merit)
        return Layer(name, operators[name], noise[name], gain, others)

    found = []
    plan = make_plan(graph)
    ends = set(leaving(graph, plan))
    order = sorted(noise, key=lambda each: (plan.result[each] not in ends, -noise[each]))
    for name in order[:TRIED]:
        alone = layer(name, ())
        both = layer(name, readers[name]) if readers[name] else alone
        share = both.gain / len(both.names)
        found.append(both if share > max(alone.gain, 0) else alone)
    return sorted(found, key=lambda each: -each.gain / len(each.names))


def flat(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Names of layers and their readers, each once."""
    return tuple(dict.fromkeys(name for layer in layers for name in layer.names))


def _readers(graph: Graph) -> dict[str, tuple[str, ...]]:
    """For each candidate the candidates that read its result, activations and moves between."""
    consumers = graph.consumers()
    known = set(candidates(graph))
    reach: dict[str, dict[str, None]] = {}
    for node in reversed(graph.nodes):
        found: dict[str, None] = {}
        for name in node.output:
            for reader in consumers.get(name, []):
                found |= {reader.name: None} if reader.name in known else reach[reader.name]
        through = node.op_type in MOVING | ABSORBED
        reach[node.name] = found if through or node.name in known else {}
    return {name: tuple(reach[name]) for name in known}


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


def _counts(total: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, ... layers, and all that were ranked."""
    return sorted({*(count for count in (1, 2, 3, 4, 6, 8, 12) if count < total), total})
