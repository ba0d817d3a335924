# SPDX-License-Identifier: Apache-2.0
"""Puts the layers that hurt back to float, fewest first, until the accuracy holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgepose.errors import AccuracyError
from edgepose.spec import Spec

from .judge import Judge, Score
from .network import Network
from .observe import Floats
from .ranking import Layer, flat, rank
from .scheme import Attempt, Say, Scheme


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
        network: What was made.
        kept: Layers in float, worst first.
        steps: Every try in order; the last one held.
    """

    attempt: Attempt
    network: Network
    kept: tuple[Layer, ...]
    steps: tuple[Step, ...]


def guard(
    spec: Spec,
    scheme: Scheme,
    attempts: Sequence[Attempt],
    judge: Judge,
    float_score: Score,
    inputs: Floats,
    max_drop: float,
    say: Say,
) -> Guarded:
    """The network with the fewest layers in float that keeps the accuracy.

    Args:
        spec: Contract of the network.
        scheme: How it is made.
        attempts: Methods, the most promising first; each is tried before a layer stays float.
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
        network = scheme.make(attempt, names)
        score = judge.score(network)
        drop = float_score.value - score.value
        steps.append(Step(attempt.name, names, score, drop))
        say(f"{attempt.name}, {len(names)} in float: {judge.metric} {score.value:.2f}, "
            f"{drop:+.2f} lost")  # fmt: skip
        if drop > max_drop:
            return None
        return Guarded(attempt, network, tuple(kept), tuple(steps))

    for attempt in attempts:
        done = holds(attempt, ())
        if done is not None:
            return done
    best = min(zip(steps, attempts, strict=True), key=lambda pair: pair[0].drop)[1]
    say(f"more than {max_drop:g} points lost: ranking the layers")
    ranked = rank(spec, scheme, best, inputs)
    for count in _counts(len(ranked)):
        done = holds(best, ranked[:count])
        if done is not None:
            return done
    raise AccuracyError(
        f"{scheme.title} loses more than {max_drop:g} points of {judge.metric} "
        f"(float {float_score.value:.2f}) whatever stays in float; tried: {frontier(steps)}; "
        f"{ranked[0].name} ({ranked[0].operator}) hurts most; nothing was written"
    )


def frontier(steps: Sequence[Step]) -> str:
    """What was tried, in one line."""
    return ", ".join(
        f"{step.method}, {len(step.kept)} in float: {step.score.value:.2f} ({step.drop:+.2f} lost)"
        for step in steps
    )


def _counts(total: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, ... layers, and all that were ranked."""
    return sorted({*(count for count in (1, 2, 3, 4, 6, 8, 12) if count < total), total})
