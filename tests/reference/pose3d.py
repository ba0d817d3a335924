# SPDX-License-Identifier: Apache-2.0
"""Similarity transform by NumPy's singular value decomposition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def align(source: Array, target: Array, scaled: bool) -> Array:
    """`source` [K,3] moved, turned and maybe scaled to fit `target` [K,3] best."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    u, s, vt = np.linalg.svd(b.T @ a)
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * sign) @ vt
    scale = (s * sign).sum() / (a**2).sum() if scaled else 1.0
    moved: Array = scale * a @ rotation.T + target.mean(axis=0)
    return moved


def error(predicted: Array, labelled: Array) -> float:
    """Mean distance of two poses [K,3]."""
    return float(np.sqrt(((predicted - labelled) ** 2).sum(axis=1)).mean())
