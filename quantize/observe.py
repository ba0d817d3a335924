# SPDX-License-Identifier: Apache-2.0
"""Watches the tensors of a float network while it looks at the calibration crops."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgepose.backends import Session, open_session
from edgepose.errors import ModelError

from .graph import Graph
from .network import Network

Floats = NDArray[np.float32]
HALF_BINS = 2048
# Values that one run adds to a histogram; the least and the largest are always exact.
SAMPLE = 1 << 16
BATCH = 8


@dataclass
class Histogram:
    """Distribution of a tensor's values, exact at both ends.

    Attributes:
        counts: Values in bins of equal width from -limit to limit.
        limit: End of the last bin; doubles as larger values come.
        low: Least value.
        high: Largest value.
        mean: [C] mean of each channel (axis 1).
        largest: [C] largest absolute value of each channel.
    """

    counts: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2 * HALF_BINS))
    limit: float = 0.0
    low: float = np.inf
    high: float = -np.inf
    mean: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    largest: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    weight: float = 0.0

    @property
    def edges(self) -> NDArray[np.float64]:
        """[bins + 1] ends of the bins."""
        return np.linspace(-self.limit, self.limit, len(self.counts) + 1)

    def add(self, values: Floats) -> None:
        """Counts the values of one run, [N, C, ...]."""
        self.low = min(self.low, float(values.min()))
        self.high = max(self.high, float(values.max()))
        if not np.isfinite(self.low + self.high):
            raise ModelError("a tensor is not finite on the calibration crops")
        self._widen(max(-self.low, self.high))
        if self.limit > 0:
            flat = values.reshape(-1)
            step = max(1, flat.size // SAMPLE) | 1  # odd: not the width of a map again and again
            scaled = flat[::step] * (HALF_BINS / self.limit) + HALF_BINS
            index = np.clip(scaled, 0, 2 * HALF_BINS - 1).astype(np.int64)
            self.counts += np.bincount(index, minlength=2 * HALF_BINS)
        self._channels(values)

    def _widen(self, largest: float) -> None:
        if self.limit == 0:
            self.limit = largest
        while self.limit < largest:
            pairs = self.counts.reshape(-1, 2).sum(axis=1)
            self.counts = np.pad(pairs, HALF_BINS // 2)
            self.limit *= 2

    def _channels(self, values: Floats) -> None:
        axes = tuple(i for i in range(values.ndim) if i != 1)
        if values.ndim < 2:
            return
        share = len(values)
        mean = values.mean(axis=axes, dtype=np.float64)
        largest = np.abs(values).max(axis=axes).astype(np.float64)
        if self.weight == 0:
            self.mean, self.largest = mean, largest
        else:
            self.mean = self.mean + (mean - self.mean) * share / (self.weight + share)
            self.largest = np.maximum(self.largest, largest)
        self.weight += share


@contextmanager
def opened(
    network: Network, threads: int | None = None, *, check: bool = True
) -> Iterator[Session]:
    """A session of a network; with `check=False` it may have outputs of no known shape."""
    with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
        path = network.save(Path(folder, f"network{network.suffix}"), check=check)
        session = open_session(path, backend=network.backend, threads=threads)
        try:
            yield session
        finally:
            session.close()


def batches(network: Network, inputs: Floats) -> Iterator[Floats]:
    """The crops in batches that the network takes."""
    size = BATCH if network.has_free_batch else 1
    for start in range(0, len(inputs), size):
        yield np.ascontiguousarray(inputs[start : start + size])


def observe(
    graph: Graph,
    tensors: Iterable[str],
    inputs: Floats,
    advance: Callable[[], object] | None = None,
) -> dict[str, Histogram]:
    """Histograms of tensors over the calibration crops.

    Args:
        graph: The simplified float network.
        tensors: Names of the tensors.
        inputs: [N, 3, H, W].
        advance: Called after each batch.

    Raises:
        ModelError: The network cannot run, or a tensor is not finite.
    """
    names = list(tensors)
    found = {name: Histogram() for name in names}
    inner = [name for name in names if name not in graph.input_names]
    with opened(graph.with_outputs(inner), check=not inner) as session:
        for batch in batches(graph, inputs):
            values = session.run({graph.input_names[0]: batch}, inner)
            values |= {name: batch for name in graph.input_names if name in found}
            for name, histogram in found.items():
                try:
                    histogram.add(values[name])
                except ModelError as error:
                    raise ModelError(f"{name}: {error}") from error
            if advance is not None:
                advance()
    return found


def run_outputs(network: Network, inputs: Floats) -> dict[str, Floats]:
    """Outputs of a network for all crops, by name."""
    with opened(network) as session:
        return run_session(network, session, inputs)


def run_session(network: Network, session: Session, inputs: Floats) -> dict[str, Floats]:
    """Outputs of an opened network for all crops, by name."""
    names, given = network.output_names, network.input_names[0]
    parts = [session.run({given: batch}, names) for batch in batches(network, inputs)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
