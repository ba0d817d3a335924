# SPDX-License-Identifier: Apache-2.0
"""Result of an evaluation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edgepose.metrics.pck import PckCounts
from edgepose.metrics.records import PersonPredictions
from edgepose.metrics.table import KeypointTable


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Numbers of one pipeline on one data set.

    Attributes:
        table: COCO's numbers over the shared keypoints.
        pck: Counts per shared keypoint.
        pck_threshold: Share of the box's long side that is still correct.
        images: Pictures that were evaluated, those without people included.
        keypoint_names: Shared keypoints, in the model's order.
        predictions: Everything predicted, with all keypoints of the model.
        left_out: Reason -> entries that did not take part.
        model: Name of the model; None when no picture had to be run.
        detector: Name of the detector, None without one.
        timing_ms: Mean milliseconds per picture that was run, by stage.
    """

    table: KeypointTable
    pck: PckCounts
    pck_threshold: float
    images: int
    keypoint_names: tuple[str, ...]
    predictions: PersonPredictions
    left_out: Mapping[str, list[str]]
    model: str | None
    detector: str | None
    timing_ms: Mapping[str, float]

    @property
    def persons(self) -> int:
        """Labelled people that count."""
        return self.table.persons

    def numbers(self) -> dict[str, float | None]:
        """AP ... ARL and PCK as fractions in the order of the table; None where undefined."""
        share = self.pck.value
        key = f"PCK@{self.pck_threshold:g}"
        return {**self.table.to_dict(), key: None if math.isnan(share) else share}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            "detector": self.detector,
            **self.numbers(),
            "images": self.images,
            "persons": self.persons,
            "predictions": len(self.predictions),
            "keypoint_names": list(self.keypoint_names),
            "left_out": {reason: list(names) for reason, names in self.left_out.items()},
            "timing_ms": {stage: round(value, 3) for stage, value in self.timing_ms.items()},
        }
