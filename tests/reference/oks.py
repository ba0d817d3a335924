# SPDX-License-Identifier: Apache-2.0
"""Object keypoint similarity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def oks(a: Array, b: Array, area: float, sigmas: Array, mask: NDArray[np.bool_]) -> float:
    """Similarity of two people [K, 2] over the joints of `mask`."""
    if not mask.any():
        return 0.0
    squared = ((a - b) ** 2).sum(axis=1)
    variance = (2 * sigmas) ** 2
    every = np.exp(-squared / variance / (area + np.spacing(1)) / 2)
    return float(every[mask].mean())


def oks_nms(xy: Array, score: Array, area: Array, sigmas: Array, threshold: float) -> list[int]:
    """Greedy, by falling score; the area of a pair is the mean of both."""
    every = np.ones(len(sigmas), np.bool_)
    kept: list[int] = []
    for index in np.argsort(-score, kind="stable").tolist():
        similar = (
            oks(xy[index], xy[other], 0.5 * (area[index] + area[other]), sigmas, every)
            for other in kept
        )
        if all(value <= threshold for value in similar):
            kept.append(index)
    return kept
