# SPDX-License-Identifier: Apache-2.0
"""INT8 weights and activations in QDQ form, for ONNX Runtime, QNN and TensorRT."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from edgepose.spec import Spec

from .convert import Observed, convert, leaving
from .graph import Graph
from .network import Network
from .noise import rounding_noise
from .observe import Floats
from .plan import make_plan
from .qdq import Numbers
from .ranges import METHODS
from .rules import Verdict, check
from .scheme import Attempt, Say, Scheme, best_first, compared


@dataclass(frozen=True)
class Integers(Scheme):
    """INT8 in QDQ form.

    Attributes:
        numbers: Form of the integers.
        method: A key of `METHODS`, or "auto".
    """

    title: ClassVar[str] = "INT8"
    mark: ClassVar[str] = "int8"

    numbers: Numbers
    method: str = "auto"

    @property
    def form(self) -> dict[str, Any]:
        """What the record says of the numbers."""
        return {
            "activations": self.numbers.activations,
            "weight_bits": self.numbers.weight_bits,
            "per_channel": self.numbers.per_channel,
        }

    def attempts(
        self, spec: Spec, observed: Observed, inputs: Floats, say: Say
    ) -> tuple[list[Attempt], dict[str, float]]:
        """All methods, and the best one with equalised channels."""
        if self.method != "auto":
            return [Attempt(self.method, observed)], {}
        attempts = [Attempt(name, observed) for name in METHODS]
        merits = compared(self, spec, attempts, observed.graph, inputs)
        best = max(attempts, key=lambda each: merits[each.name])
        equalized = Attempt(best.method, observed.equalized(inputs), ("equalized",))
        merits |= compared(self, spec, [equalized], observed.graph, inputs)
        return best_first([*attempts, equalized], merits, say)

    def make(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Graph:
        """The network in QDQ form."""
        return convert(attempt.observed, attempt.method, self.numbers, keep_float)

    def noise(self, attempt: Attempt, inputs: Floats) -> dict[str, float]:
        """By rounding each layer's result."""
        return rounding_noise(attempt.observed, attempt.method, self.numbers, inputs)

    def ends(self, observed: Observed) -> set[str]:
        """Layers whose results leave the integers: their steps are seen in the answers."""
        plan = make_plan(observed.graph)
        left = set(leaving(observed.graph, plan))
        return {name for name, tensor in plan.result.items() if tensor in left}

    def verdicts(self, network: Network) -> tuple[Verdict, ...]:
        """By the rules of each runtime."""
        return check(cast(Graph, network))
