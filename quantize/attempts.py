# SPDX-License-Identifier: Apache-2.0
"""Ways to choose the ranges, and which of them are worth a try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edgepose.spec import Spec

from .agreement import compare
from .convert import Observed, convert
from .observe import Floats, run_outputs
from .qdq import Numbers
from .ranges import METHODS

# Methods that the guard tries before it puts layers back to float.
ATTEMPTS = 3


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


def choose_attempts(
    spec: Spec,
    observed: Observed,
    inputs: Floats,
    method: str,
    numbers: Numbers,
    say: Callable[[str], None],
) -> tuple[list[Attempt], dict[str, float]]:
    """Methods that are worth a try, the best first, and the merit of each that was compared."""
    if method != "auto":
        return [Attempt(method, observed)], {}
    reference = run_outputs(observed.graph, inputs)

    def merit(attempt: Attempt) -> float:
        graph = convert(attempt.observed, attempt.method, numbers)
        return 100 * compare(spec, reference, run_outputs(graph, inputs)).merit

    attempts = [Attempt(name, observed) for name in METHODS]
    merits = {each.name: merit(each) for each in attempts}
    best = max(attempts, key=lambda each: merits[each.name])
    equalized = Attempt(best.method, observed.equalized(inputs), ("equalized",))
    attempts.append(equalized)
    merits[equalized.name] = merit(equalized)
    shown = ", ".join(f"{name} {value:.2f}" for name, value in merits.items())
    say(f"agreement with float, less the change of scores: {shown}")
    ordered = sorted(attempts, key=lambda each: -merits[each.name])
    return ordered[:ATTEMPTS], merits
