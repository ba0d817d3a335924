# SPDX-License-Identifier: Apache-2.0
"""Smoothing and regions in NumPy, over all people at once."""

from __future__ import annotations

from typing import Any

import numpy as np


def _weight(cutoff: Any, seconds: float) -> Any:
    turns = 2 * np.pi * cutoff * seconds
    return turns / (turns + 1)


class OneEuro:
    """One Euro filter with speeds in object sizes, no missing keypoints."""

    def __init__(self) -> None:
        self.seconds = -np.inf
        self.xy: Any = None
        self.speed: Any = 0.0

    def __call__(self, xy: Any, seconds: float, object_size: float) -> Any:
        """[N, K, 2] of one frame, smoothed."""
        if self.xy is None:
            self.xy, self.seconds = xy, seconds
            return xy
        step = seconds - self.seconds
        speed = (xy - self.xy) / object_size / step
        self.speed = self.speed + _weight(1.0, step) * (speed - self.speed)
        weight = _weight(0.05 + 80.0 * np.abs(self.speed), step)
        self.xy, self.seconds = self.xy + weight * (xy - self.xy), seconds
        return self.xy


def rois(xy: Any, score: Any) -> Any:
    """Boxes [N, 4] around the keypoints above 0.3, a quarter of the longer side wider."""
    shown = (score >= 0.3)[..., None]
    low = np.where(shown, xy, np.inf).min(axis=1)
    high = np.where(shown, xy, -np.inf).max(axis=1)
    margin = 0.25 * (high - low).max(axis=1, keepdims=True)
    boxes = np.concatenate([low - margin, high + margin], axis=1)
    boxes[shown.sum(axis=(1, 2)) < 4] = np.nan
    return boxes
