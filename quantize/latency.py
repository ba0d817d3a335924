# SPDX-License-Identifier: Apache-2.0
"""Time of one crop through networks, in turn, so that what else the machine does hits all alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from .network import Network
from .observe import Floats, opened

PERCENTILES = (50, 90, 99)
WARM_UP = 3


@dataclass(frozen=True)
class Latency:
    """Milliseconds of single runs on one thread.

    Attributes:
        wall: Time that passed.
        processor: Time that the processor worked for this program, whose runtimes may have
            threads of their own; other programs do not count.
    """

    wall: tuple[float, ...]
    processor: tuple[float, ...]

    def percentiles(self) -> dict[str, float]:
        """p50, p90 and p99 of the time that passed, and p50 of the processor's."""
        found = {f"p{p}": float(np.percentile(self.wall, p)) for p in PERCENTILES}
        return {**found, "processor_p50": float(np.median(self.processor))}


def measure(networks: Sequence[Network], crop: Floats, runs: int = 60) -> list[Latency]:
    """Runs networks in turn in their runtime with one thread.

    Args:
        networks: The networks.
        crop: [1, 3, H, W].
        runs: Of each network, after a warm-up that is not counted.
    """
    samples: list[list[tuple[float, float]]] = [[] for _ in networks]
    with ExitStack() as stack:
        sessions = [stack.enter_context(opened(each, threads=1)) for each in networks]
        for turn in range(-WARM_UP, runs):
            for network, session, taken in zip(networks, sessions, samples, strict=True):
                wall, processor = time.perf_counter(), time.process_time()
                session.run({network.input_names[0]: crop}, network.output_names)
                spent = time.perf_counter() - wall, time.process_time() - processor
                if turn >= 0:
                    taken.append((1e3 * spent[0], 1e3 * spent[1]))
    return [Latency(*(tuple(column) for column in zip(*each, strict=True))) for each in samples]


def speedup(float_network: Latency, int8: Latency) -> float:
    """How many times faster INT8 is, by the medians of the processor's time."""
    return float(np.median(float_network.processor) / np.median(int8.processor))
