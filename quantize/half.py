# SPDX-License-Identifier: Apache-2.0
"""Float16 weights and activations, for GPUs and NPUs; inputs and outputs stay float32.

Processors compute float16 in float32 and may never round what lies between two nodes, so nothing
that overflows is seen there. Judged is a network in float32 that rounds every result to float16, as
devices with float16 do that add up in float32.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, cast

import numpy as np

from .graph import Graph
from .half_graph import half_nodes, round_to_half, rounded_to_half, to_half
from .network import Network
from .noise import signal_over_noise
from .observe import Floats
from .rules import Verdict, check
from .scheme import Attempt, Scheme


class Half(Scheme):
    """Float16."""

    title: ClassVar[str] = "float16"
    mark: ClassVar[str] = "float16"
    purpose: ClassVar[str] = "It is meant for GPUs and NPUs, and for the size of the file."

    @property
    def form(self) -> dict[str, Any]:
        """What the record says of the numbers."""
        return {"activations": "float16", "weight_bits": 16, "per_channel": False}

    def make(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Graph:
        """The network in float16."""
        return to_half(attempt.observed.graph, keep_float)

    def judged(
        self,
        network: Network,  # noqa: ARG002
        attempt: Attempt,
        keep_float: Collection[str] = (),
    ) -> Graph:
        """The network in float32 with each result rounded."""
        return rounded_to_half(attempt.observed.graph, keep_float)

    def stand_in(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Graph:
        """What is judged."""
        return rounded_to_half(attempt.observed.graph, keep_float)

    def noise(self, attempt: Attempt, inputs: Floats) -> dict[str, float]:
        """By rounding each result; above 0 only where the noise is larger than the signal."""
        graph = attempt.observed.graph
        results = {node.name: node.output[0] for node in half_nodes(graph)}
        ratio = signal_over_noise(graph, dict.fromkeys(results.values()), round_to_half, inputs)
        return {name: float(np.clip(-ratio[tensor], -99, 99)) for name, tensor in results.items()}

    def verdicts(self, network: Network) -> tuple[Verdict, ...]:
        """By the rules of each runtime."""
        return check(cast(Graph, network))
