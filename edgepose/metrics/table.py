# SPDX-License-Identifier: Apache-2.0
"""The ten numbers of COCO's keypoint evaluation and the curves behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from edgepose import _core

STAT_NAMES = ("AP", "AP50", "AP75", "APM", "APL", "AR", "AR50", "AR75", "ARM", "ARL")
_DEFAULTS = _core.coco_defaults()
OKS_THRESHOLDS = _DEFAULTS["thresholds"]
RECALL_POINTS = _DEFAULTS["recall_points"]
AREA_NAMES = ("all", "medium", "large")
# Square pixels; both ends belong to the range.
AREA_RANGES = _DEFAULTS["area_ranges"]


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
        values = _core.coco_stats(self.precision, self.recall, OKS_THRESHOLDS).tolist()
        return MappingProxyType(dict(zip(STAT_NAMES, values, strict=True)))

    def to_dict(self) -> dict[str, float | None]:
        """The ten numbers for JSON; None where undefined."""
        return {name: None if math.isnan(v) else v for name, v in self.stats.items()}
