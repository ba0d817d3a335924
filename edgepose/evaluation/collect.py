# SPDX-License-Identifier: Apache-2.0
"""Gathers the predictions of an evaluation picture by picture."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.evaluation.plan import ImagePlan
from edgepose.metrics.records import PersonPredictions

if TYPE_CHECKING:
    from edgepose.types import Result


class Collected:
    """Predictions of all pictures so far; keeps no picture alive."""

    def __init__(self, keypoints: int) -> None:
        """Starts empty; `keypoints` is the model's K."""
        self._keypoints = keypoints
        self._rows: list[tuple[int, float]] = []
        self._xy: list[NDArray[np.float64]] = []
        self._score: list[NDArray[np.float64]] = []
        self._box: list[NDArray[np.float64]] = []
        self._timing: defaultdict[str, float] = defaultdict(float)
        self._runs = 0
        self.model: str | None = None
        self.detector: str | None = None

    @property
    def count(self) -> int:
        """People so far."""
        return len(self._rows)

    def add(self, result: Result, plan: ImagePlan) -> None:
        """Takes over the people of one picture.

        Raises:
            InputError: Boxes were given and the pipeline did not give one person for each.
        """
        persons = result.persons
        if plan.box_score is not None and len(persons) != len(plan.box_score):
            raise InputError(
                f"{plan.path}: the pipeline must give one person per box, "
                f"{len(plan.box_score)}; got {len(persons)}"
            )
        for index, person in enumerate(persons):
            given = 1.0 if plan.box_score is None else float(plan.box_score[index])
            self._rows.append((plan.image.id, float(person.score) * given))
            self._xy.append(np.array(person.keypoints.xy, dtype=np.float64))
            self._score.append(np.array(person.keypoints.score, dtype=np.float64))
            self._box.append(np.array(person.box, dtype=np.float64))
        for stage, value in result.timing.stages.items():
            self._timing[stage] += value
        self._timing["total"] += result.timing.total
        self._runs += 1
        self.model, self.detector = result.model, result.detector

    def since(self, start: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Keypoints [M,K,2] and boxes [M,4] added after the first `start` people."""
        xy = np.array(self._xy[start:], dtype=np.float64).reshape(-1, self._keypoints, 2)
        return xy, np.array(self._box[start:], dtype=np.float64).reshape(-1, 4)

    def predictions(self) -> PersonPredictions:
        """Everybody as columns."""
        xy, box = self.since(0)
        return PersonPredictions(
            image_id=np.array([image_id for image_id, _ in self._rows], dtype=np.int64),
            xy=xy,
            score=np.array([score for _, score in self._rows], dtype=np.float64),
            keypoint_score=np.array(self._score, dtype=np.float64).reshape(-1, self._keypoints),
            box=box,
        )

    def mean_timing(self) -> dict[str, float]:
        """Mean milliseconds per picture by stage."""
        return {stage: value / max(self._runs, 1) for stage, value in self._timing.items()}
