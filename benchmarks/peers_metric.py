# SPDX-License-Identifier: Apache-2.0
"""Suppression and pose errors in NumPy, vectorised over the people."""

from __future__ import annotations

from typing import Any

import numpy as np


def _pair_oks(xy: Any, area: Any, sigmas: Any, one: int, others: Any) -> Any:
    squared = ((xy[one] - xy[others]) ** 2).sum(axis=-1)
    mean_area = 0.5 * (area[one] + area[others])[:, None]
    return np.exp(-squared / (2 * sigmas) ** 2 / mean_area / 2).mean(axis=-1)


def oks_nms(xy: Any, score: Any, area: Any, sigmas: Any, threshold: float) -> list[int]:
    """Each person taken drops those that resemble it."""
    order = np.argsort(-score)
    kept: list[int] = []
    while len(order):
        kept.append(int(order[0]))
        order = order[1:]
        order = order[_pair_oks(xy, area, sigmas, kept[-1], order) <= threshold]
    return kept


def soft_oks_nms(xy: Any, score: Any, area: Any, sigmas: Any, threshold: float) -> list[int]:
    """Twenty people at most, as HRNet does it."""
    order = np.argsort(-score)
    score = score[order]
    kept: list[int] = []
    while len(order) and len(kept) < 20:
        kept.append(int(order[0]))
        order, score = order[1:], score[1:]
        overlap = _pair_oks(xy, area, sigmas, kept[-1], order)
        score = score * np.exp(-(overlap**2) / threshold)
        again = np.argsort(-score)
        order, score = order[again], score[again]
    return kept


def nearby_joints_nms(xy: Any, score: Any, distance: float) -> list[int]:
    """As mmpose does it."""
    joints = xy.shape[1]
    limit = distance * np.sqrt(((xy.max(axis=1) - xy.min(axis=1)) ** 2).sum(axis=1))
    gap = np.sqrt(((xy[:, None] - xy) ** 2).sum(axis=-1))
    similar = (gap < limit[:, None, None]).sum(axis=-1) > joints // 2
    done: set[int] = set()
    kept: list[int] = []
    for person in np.argsort(-score).tolist():
        if person in done:
            continue
        group = similar[person].nonzero()[0]
        best = int(group[np.argmax(score[group])])
        if best not in done:
            kept.append(best)
            done.update(group.tolist())
    return kept


def pa_mpjpe(predicted: Any, labelled: Any) -> Any:
    """Errors [N] of all poses at once, by batched singular value decompositions."""
    mean = labelled.mean(axis=1, keepdims=True)
    a, b = predicted - predicted.mean(axis=1, keepdims=True), labelled - mean
    u, s, vt = np.linalg.svd(np.swapaxes(b, 1, 2) @ a)
    sign = np.ones((len(a), 3))
    sign[:, 2] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * sign[:, None]) @ vt
    scale = (s * sign).sum(axis=1) / (a**2).sum(axis=(1, 2))
    moved = scale[:, None, None] * (a @ np.swapaxes(rotation, 1, 2)) + mean
    return np.sqrt(((moved - labelled) ** 2).sum(axis=-1)).mean(axis=1)
