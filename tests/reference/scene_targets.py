# SPDX-License-Identifier: Apache-2.0
"""Targets of bottom-up training, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def heatmaps(cells: Any, hw: tuple[int, int], sigma: float) -> Any:
    """The highest Gaussian over the labelled keypoints, [K, H, W]."""
    result = np.zeros((cells.shape[1], *hw))
    for person in cells:
        for joint, (x, y, visibility) in enumerate(person):
            if visibility <= 0:
                continue
            for row in range(hw[0]):
                for column in range(hw[1]):
                    square = (column - x) ** 2 + (row - y) ** 2
                    value = math.exp(-square / (2 * sigma**2))
                    result[joint, row, column] = max(result[joint, row, column], value)
    return result


def fields(cells: Any, hw: tuple[int, int], pairs: Sequence[tuple[int, int]]) -> Any:
    """Mean unit vectors of the limbs that pass within a cell, [2 L, H, W]."""
    result = np.zeros((2 * len(pairs), *hw))
    for limb, (a, b) in enumerate(pairs):
        for row in range(hw[0]):
            for column in range(hw[1]):
                found = []
                for person in cells:
                    (x1, y1, seen), (x2, y2, other) = person[a], person[b]
                    length = math.hypot(x2 - x1, y2 - y1)
                    if seen <= 0 or other <= 0 or length <= 1e-6:
                        continue
                    ux, uy = (x2 - x1) / length, (y2 - y1) / length
                    along = (column - x1) * ux + (row - y1) * uy
                    across = abs((column - x1) * uy - (row - y1) * ux)
                    if 0 <= along <= length and across <= 1:
                        found.append((ux, uy))
                if found:
                    result[2 * limb : 2 * limb + 2, row, column] = np.mean(found, axis=0)
    return result


def pull_push(tags: Any, place: Any, labelled: Any) -> tuple[float, float]:
    """Newell et al. 2017, eq. 1, over one picture: tags [K, H, W], place and labelled [P, K]."""
    means, pulls = [], []
    for cells, there in zip(place, labelled, strict=True):
        own = [
            tags[joint].reshape(-1)[cell]
            for joint, cell in enumerate(cells.tolist())
            if there[joint]
        ]
        if own:
            means.append(sum(own) / len(own))
            pulls.append(sum((tag - means[-1]) ** 2 for tag in own) / len(own))
    pairs = [(a, b) for i, a in enumerate(means) for j, b in enumerate(means) if i != j]
    pull = sum(pulls) / len(pulls) if pulls else 0.0
    push = sum(math.exp(-((a - b) ** 2)) for a, b in pairs) / len(pairs) if pairs else 0.0
    return pull, push
