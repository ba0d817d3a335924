# SPDX-License-Identifier: Apache-2.0
"""The ten numbers of COCO's keypoint evaluation and the curves behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

STAT_NAMES = ("AP", "AP50", "AP75", "APM", "APL", "AR", "AR50", "AR75", "ARM", "ARL")
OKS_THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALL_POINTS = np.linspace(0.0, 1.0, 101)
AREA_NAMES = ("all", "medium", "large")
# Square pixels; both ends belong to the range.
AREA_RANGES = np.array([[0.0, 1e10], [32.0**2, 96.0**2], [96.0**2, 1e10]])


@dataclass(frozen=True, slots=True, eq=False)
class KeypointTable:
    """Result of `evaluate_keypoints`.

    Attributes:
        precision: [T,R,A] interpolated precision at each OKS threshold, recall point and range of
            areas; NaN where no person counts in the range.
        recall: [T,A] highest recall; NaN likewise.
        score: [T,R,A] score at which each precision is reached, 0 where it never is.
        persons: People that count (over all areas).
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    score: NDArray[np.float64]
    persons: int

    @property
    def stats(self) -> Mapping[str, float]:
        """AP, AP50, ... ARL as fractions in COCO's order; NaN where undefined."""
        half = int(np.flatnonzero(np.isclose(OKS_THRESHOLDS, 0.5))[0])
        strict = int(np.flatnonzero(np.isclose(OKS_THRESHOLDS, 0.75))[0])
        values = []
        for curve in (self.precision.mean(axis=1), self.recall):
            values += [curve[:, 0].mean(), curve[half, 0], curve[strict, 0]]
            values += [curve[:, 1].mean(), curve[:, 2].mean()]
        return MappingProxyType({n: float(v) for n, v in zip(STAT_NAMES, values, strict=True)})

    def to_dict(self) -> dict[str, float | None]:
        """The ten numbers for JSON; None where undefined."""
        return {name: None if math.isnan(v) else v for name, v in self.stats.items()}
