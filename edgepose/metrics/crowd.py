# SPDX-License-Identifier: Apache-2.0
"""CrowdPose's evaluation: COCO's, and AP by how crowded an image is.

Source: Li et al., CrowdPose: Efficient Crowded Scenes Pose Estimation and A New Benchmark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from edgepose import _core
from edgepose.errors import InputError
from edgepose.metrics.coco_eval import evaluate_keypoints
from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import KeypointTable

LEVELS = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True, eq=False)
class CrowdTable:
    """Result of `evaluate_crowd`.

    Attributes:
        every: The table over all images.
        levels: The table of each level, "easy", "medium", "hard".
    """

    every: KeypointTable
    levels: Mapping[str, KeypointTable]

    @property
    def stats(self) -> dict[str, float]:
        """AP, AP50, AP75, AR, AR50, AR75, APE, APM, APH as fractions; NaN where undefined.

        APM is the medium level here, not the medium area.
        """
        numbers = self.every.stats
        names = ("AP", "AP50", "AP75", "AR", "AR50", "AR75")
        return {
            **{name: numbers[name] for name in names},
            **{f"AP{level[0].upper()}": self.levels[level].stats["AP"] for level in LEVELS},
        }


def crowd_levels(crowd_index: ArrayLike, limits: tuple[float, float] = (0.2, 0.8)) -> list[str]:
    """Level of each image: "easy" below the first limit, "medium" below the second, else "hard".

    Args:
        crowd_index: [I] share in 0..1.
        limits: Where medium and hard begin; the default is xtcocotools'.

    Returns:
        [I] levels.

    Raises:
        InputError: Not a flat list, or limits that fall.

    Example:
        >>> crowd_levels([0.0, 0.2, 0.95])
        ['easy', 'medium', 'hard']
    """
    medium, hard = limits
    if not medium <= hard:
        raise InputError(f"limits must not fall; got {limits}")
    found = _core.crowd_levels(np.asarray(crowd_index, np.float64), medium, hard)
    return [LEVELS[level] for level in found.tolist()]


def evaluate_crowd(
    labels: PersonLabels,
    predictions: PersonPredictions,
    crowd_index: Mapping[int, float],
    *,
    sigmas: ArrayLike,
    limits: tuple[float, float] = (0.2, 0.8),
    **options: Any,
) -> CrowdTable:
    """COCO's evaluation over all images and over each level of crowding.

    Args:
        labels: Ground truth with K keypoints.
        predictions: Predictions with the same K keypoints in the same order.
        crowd_index: Image id -> crowd index, for every image to evaluate.
        sigmas: [K] COCO's per-keypoint constants.
        limits: See `crowd_levels`.
        options: What else `evaluate_keypoints` takes but for `image_ids`.

    Returns:
        The tables.

    Raises:
        InputError: As `evaluate_keypoints` and `crowd_levels`.

    Example:
        >>> evaluate_crowd(labels, predictions, {1: 0.1}, sigmas=sigmas).stats  # doctest: +SKIP
        {'AP': 0.66, ..., 'APE': 0.73, 'APM': 0.67, 'APH': 0.57}
    """
    ids = np.array(sorted(crowd_index), dtype=np.int64)
    levels = np.array(crowd_levels([crowd_index[image] for image in ids.tolist()], limits))

    def table(image_ids: Any) -> KeypointTable:
        return evaluate_keypoints(
            labels, predictions, sigmas=sigmas, image_ids=image_ids, **options
        )

    return CrowdTable(table(ids), {level: table(ids[levels == level]) for level in LEVELS})
