# SPDX-License-Identifier: Apache-2.0
"""Which samples make up a batch: a pure function of seed, phase and step, so runs resume."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Members = list[tuple[NDArray[np.int64], float]]


def pass_order(
    members: Members, batch_size: int, seed: int, phase: int, step: int
) -> NDArray[np.int64]:
    """Return the sample numbers [batch_size] of ``step``.

    Each pass shuffles every source, repeated or thinned to its weight.
    """
    per_pass = sum(int(round(len(index) * weight)) for index, weight in members)
    positions = np.arange(step * batch_size, (step + 1) * batch_size)
    chosen = np.empty(batch_size, np.int64)
    for number in np.unique(positions // per_pass):
        inside = positions // per_pass == number
        chosen[inside] = _shuffled(_Key(members), seed, phase, int(number))[
            positions[inside] % per_pass
        ]
    return chosen


class _Key:
    """Hash a member list by identity, so that the shuffled pass can be cached."""

    def __init__(self, members: Members) -> None:
        self.members = members

    def __hash__(self) -> int:
        return id(self.members)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.members is self.members


@lru_cache(maxsize=2)
def _shuffled(key: _Key, seed: int, phase: int, number: int) -> NDArray[np.int64]:
    rng = np.random.default_rng((seed, phase, number))
    parts = []
    for index, weight in key.members:
        count = int(round(len(index) * weight))
        whole, rest = divmod(count, max(len(index), 1))
        parts.append(np.concatenate([*[index] * whole, rng.permutation(index)[:rest]]))
    order: NDArray[np.int64] = rng.permutation(np.concatenate(parts))
    return order
