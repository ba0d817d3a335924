# SPDX-License-Identifier: Apache-2.0
"""Flip test, one cell at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def merge_flip(
    maps: NDArray[np.float32],
    flipped: NDArray[np.float32],
    pairs: Sequence[tuple[int, int]],
    shift: int,
    *,
    mirror: bool,
) -> NDArray[np.float32]:
    """[N, K, ..., W] averaged with the swapped, mirrored and shifted."""
    partner = list(range(maps.shape[1]))
    for left, right in pairs:
        partner[left], partner[right] = right, left
    width = maps.shape[-1]
    merged = np.empty_like(maps)
    for place in np.ndindex(maps.shape):
        person, joint, *rest, x = place
        source = x - shift if 0 <= x - shift < width else x
        column = width - 1 - source if mirror else source
        from_place = (person, partner[joint], *rest, column)
        merged[place] = (maps[place] + flipped[from_place]) * np.float32(0.5)
    return merged
