# SPDX-License-Identifier: Apache-2.0
"""Which samples make up a batch: a pure function of seed, phase and step, so runs resume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError


@dataclass(frozen=True)
class Sampler:
    """Shuffled passes over several sources, each repeated or thinned to its weight.

    Attributes:
        members: For each source the numbers of its samples and how often a pass shows each.
        seed: Of every shuffle.

    Raises:
        InputError: A pass would have no sample.
    """

    members: Sequence[tuple[NDArray[np.int64], float]]
    seed: int
    _passes: dict[tuple[int, int], NDArray[np.int64]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.samples_per_pass < 1:
            raise InputError("a pass over the sources must have one sample or more; got none")

    @property
    def samples_per_pass(self) -> int:
        """Samples of one pass."""
        return sum(_share(len(index), weight) for index, weight in self.members)

    def batch(self, batch_size: int, phase: int, step: int) -> NDArray[np.int64]:
        """Sample numbers [batch_size] of a step; passes follow each other without a gap."""
        per_pass = self.samples_per_pass
        positions = np.arange(step * batch_size, (step + 1) * batch_size)
        chosen = np.empty(batch_size, np.int64)
        for number in np.unique(positions // per_pass).tolist():
            inside = positions // per_pass == number
            chosen[inside] = self._order(phase, number)[positions[inside] % per_pass]
        return chosen

    def _order(self, phase: int, number: int) -> NDArray[np.int64]:
        """The samples of one pass in order; the last two passes are kept."""
        key = (phase, number)
        if key not in self._passes:
            rng = np.random.default_rng((self.seed, phase, number))
            parts = []
            for index, weight in self.members:
                whole, rest = divmod(_share(len(index), weight), max(len(index), 1))
                parts.append(np.concatenate([*[index] * whole, rng.permutation(index)[:rest]]))
            while len(self._passes) > 1:
                del self._passes[next(iter(self._passes))]
            self._passes[key] = rng.permutation(np.concatenate(parts))
        return self._passes[key]


def _share(count: int, weight: float) -> int:
    return round(count * weight)
