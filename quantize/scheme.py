# SPDX-License-Identifier: Apache-2.0
"""A way to make networks smaller or faster, as the guard sees it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from edgepose.spec import Spec

from .agreement import compare
from .convert import Observed
from .graph import Graph
from .network import Network
from .observe import Floats, run_outputs
from .rules import Verdict

Say = Callable[[str], None]
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


class Scheme(ABC):
    """A way to make networks smaller or faster; the guard says which layers it leaves alone.

    Attributes:
        title: What reports call it, such as "INT8".
        mark: What the model's name gets, such as "int8".
        suffix: Of the file.
    """

    title: ClassVar[str]
    mark: ClassVar[str]
    suffix: ClassVar[str] = ".onnx"

    @property
    @abstractmethod
    def form(self) -> dict[str, Any]:
        """What the record of quantization says of the numbers."""

    @abstractmethod
    def attempts(
        self, spec: Spec, observed: Observed, inputs: Floats, say: Say
    ) -> tuple[list[Attempt], dict[str, float]]:
        """Attempts that are worth it, the best first, and the merit of each that was compared."""

    @abstractmethod
    def make(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Network:
        """The network with these layers left in float."""

    def stand_in(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Network:
        """A network that hurts as that of `make` does and is made at once, for the ranking."""
        return self.make(attempt, keep_float)

    @abstractmethod
    def noise(self, attempt: Attempt, inputs: Floats) -> dict[str, float]:
        """Decibels of signal over noise that each layer loses, by name; at most 0 is unknown."""

    def ends(self, observed: Observed) -> set[str]:  # noqa: ARG002
        """Layers that are looked at whatever their noise."""
        return set()

    @abstractmethod
    def verdicts(self, network: Network) -> tuple[Verdict, ...]:
        """What runtimes say to it."""


def compared(
    scheme: Scheme, spec: Spec, attempts: list[Attempt], graph: Graph, inputs: Floats
) -> dict[str, float]:
    """Merit of each attempt on the calibration crops, points; see `Agreement.merit`."""
    reference = run_outputs(graph, inputs)
    return {
        each.name: 100 * compare(spec, reference, run_outputs(scheme.make(each), inputs)).merit
        for each in attempts
    }


def best_first(
    attempts: list[Attempt], merits: dict[str, float], say: Say
) -> tuple[list[Attempt], dict[str, float]]:
    """The attempts that the guard tries, and all merits, which are said."""
    shown = ", ".join(f"{name} {value:.2f}" for name, value in merits.items())
    say(f"agreement with float, less the change of scores: {shown}")
    return sorted(attempts, key=lambda each: -merits[each.name])[:ATTEMPTS], merits
