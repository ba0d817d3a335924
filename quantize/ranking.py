# SPDX-License-Identifier: Apache-2.0
"""Ranks layers by what they cost in accuracy.

First a cheap proxy: how many decibels of signal over noise each node loses between what it reads
and what it gives, from one pass of the float network. The nodes whose results leave the integers
are always looked at: their rounding is seen in the answers, as steps between neighbouring cells.
Then passes for each of the worst: how much nearer the answers come to the float network's with that
node in float, alone and, as integer kernels round what they read, together with the nodes that read
its result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from edgepose.spec import Spec

from .agreement import compare
from .graph import Graph
from .observe import Floats, run_outputs
from .plan import ABSORBED, MOVING
from .scheme import Attempt, Scheme

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


def rank(spec: Spec, scheme: Scheme, attempt: Attempt, inputs: Floats) -> list[Layer]:
    """Layers by how much nearer the answers come with each alone in float, the best first."""
    inputs = inputs[:LOOKED_AT]
    graph = attempt.observed.graph
    noise = scheme.noise(attempt, inputs)
    operators = {node.name: node.op_type for node in graph.nodes}
    readers = _readers(graph, set(noise))
    reference = run_outputs(graph, inputs)
    base = compare(spec, reference, run_outputs(scheme.stand_in(attempt), inputs))

    def layer(name: str, others: tuple[str, ...]) -> Layer:
        tried = run_outputs(scheme.stand_in(attempt, (name, *others)), inputs)
        gain = 100 * (compare(spec, reference, tried).merit - base.merit)
        return Layer(name, operators[name], noise[name], gain, others)

    found = []
    ends = scheme.ends(attempt.observed)
    order = sorted(noise, key=lambda each: (each not in ends, -noise[each]))
    for name in order[:TRIED]:
        alone = layer(name, ())
        both = layer(name, readers[name]) if readers[name] else alone
        share = both.gain / len(both.names)
        found.append(both if share > max(alone.gain, 0) else alone)
    return sorted(found, key=lambda each: -each.gain / len(each.names))


def flat(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Names of layers and their readers, each once."""
    return tuple(dict.fromkeys(name for layer in layers for name in layer.names))


def _readers(graph: Graph, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each known node the known ones that read its result, activations and moves between."""
    consumers = graph.consumers()
    reach: dict[str, dict[str, None]] = {}
    for node in reversed(graph.nodes):
        found: dict[str, None] = {}
        for name in node.output:
            for reader in consumers.get(name, []):
                found |= {reader.name: None} if reader.name in known else reach[reader.name]
        through = node.op_type in MOVING | ABSORBED
        reach[node.name] = found if through or node.name in known else {}
    return {name: tuple(reach[name]) for name in known}
