# SPDX-License-Identifier: Apache-2.0
"""Suppression by lowered scores and by close joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reference.oks import oks

Array = NDArray[np.float64]


def soft_oks_nms(
    xy: Array,
    score: Array,
    area: Array,
    sigmas: Array,
    threshold: float,
    linear: bool,
    max_people: int,
) -> tuple[list[int], Array]:
    """Indices in the order taken, and the scores at the end."""
    every = np.ones(len(sigmas), np.bool_)
    score = score.copy()
    waiting = list(range(len(xy)))
    kept: list[int] = []
    while waiting and len(kept) < max_people:
        best = max(waiting, key=lambda index: (score[index], -index))
        waiting.remove(best)
        kept.append(best)
        for index in waiting:
            value = oks(xy[best], xy[index], 0.5 * (area[best] + area[index]), sigmas, every)
            if not linear:
                score[index] *= np.exp(-(value**2) / threshold)
            elif value >= threshold:
                score[index] *= 1 - value
    return kept, score


def nearby_joints_nms(xy: Array, score: Array, distance: float, max_nearby: int) -> list[int]:
    """Indices in the order found."""
    count = len(xy)
    extent = xy.max(axis=1) - xy.min(axis=1)
    limit = distance * np.sqrt((extent**2).sum(axis=1))
    gap = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=-1))
    similar = (gap < limit[:, None, None]).sum(axis=-1) > max_nearby
    similar |= np.eye(count, dtype=np.bool_)
    done: set[int] = set()
    kept: list[int] = []
    for person in sorted(range(count), key=lambda index: (-score[index], index)):
        if person in done:
            continue
        group = np.flatnonzero(similar[person]).tolist()
        best = max(group, key=lambda index: (score[index], -index))
        if best not in done:
            kept.append(best)
            done.update(group)
    return kept
