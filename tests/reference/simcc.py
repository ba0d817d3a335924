# SPDX-License-Identifier: Apache-2.0
"""SimCC decoding of one vector [W] at a time, in float64."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from reference.heatmap import argmax


def place(vector: NDArray[np.float32], size: int | None = None) -> float:
    """Highest bin, with a DARK step where a blur's size is given."""
    best, _, score = argmax(vector[None])
    if size is None or not 0 < score < np.inf:
        return float(best)
    smooth = cv2.GaussianBlur(
        vector[None].astype(np.float64), (size, 1), 0, borderType=cv2.BORDER_CONSTANT
    )[0]
    log = np.log(np.clip(smooth * score / smooth.max(), 1e-3, 50.0))
    at = np.pad(log, 2, mode="edge")[best : best + 5]
    return float(best - 0.5 * (at[3] - at[1]) / (1e-9 + 0.25 * (at[4] - 2 * at[2] + at[0])))


def score(vector: NDArray[np.float32], kind: str, beta: float = 1.0, sigma: float = 0.0) -> float:
    """What an axis reports."""
    wide = vector.astype(np.float64)
    if kind == "softmax":
        return float(1 / np.exp(beta * (wide - wide.max())).sum())
    if kind == "gaussian":
        return float(np.clip(wide.max() / (sigma * np.sqrt(2 * np.pi) if sigma else 1), 0, 1))
    return float(wide.max())
