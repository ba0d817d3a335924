# SPDX-License-Identifier: Apache-2.0
"""COCO's keypoint evaluation for any keypoint set.

Source: Lin et al., Microsoft COCO: Common Objects in Context, and the data set's pages on the
format and the keypoint evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.metrics.coco_oks import OksKernel, coco_oks
from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import AREA_RANGES, OKS_THRESHOLDS, RECALL_POINTS, KeypointTable

AreaPolicy = Literal["annotation", "box"]
ZeroId = Literal["match", "miss"]


def label_areas(labels: PersonLabels, policy: AreaPolicy = "annotation") -> NDArray[np.float64]:
    """Area of each labelled person, as the evaluation uses it.

    Args:
        labels: N people.
        policy: "annotation" takes the annotation's area and 0.53 x box area where there is none;
            "box" takes 0.53 x box area throughout.

    Returns:
        [N] square pixels.

    Raises:
        InputError: Unknown policy.
    """
    if policy not in ("annotation", "box"):
        raise InputError(f"area policy must be 'annotation' or 'box'; got {policy!r}")
    return _core.label_areas(labels.box, labels.area, policy == "box")


def evaluate_keypoints(
    labels: PersonLabels,
    predictions: PersonPredictions,
    *,
    sigmas: ArrayLike,
    area: AreaPolicy = "annotation",
    image_ids: Sequence[int] | None = None,
    max_detections: int = 20,
    kernel: OksKernel = coco_oks,
    zero_id: ZeroId = "match",
) -> KeypointTable:
    """Average precision and recall over OKS thresholds 0.50:0.05:0.95, as COCO counts them.

    People that are a crowd, marked `ignore` or without any labelled keypoint are neither to be
    found nor missed. Per image the `max_detections` best predictions count. An unmatched
    prediction's area is the extent of its keypoints.

    Args:
        labels: Ground truth with K keypoints.
        predictions: Predictions with the same K keypoints in the same order.
        sigmas: [K] COCO's per-keypoint constants (0.026 for the nose, ...).
        area: Where the area of a labelled person comes from, see `label_areas`.
        image_ids: Evaluate these images only; all images that occur when None.
        max_detections: Predictions kept per image.
        kernel: Computes the similarities of one image.
        zero_id: A match with the annotation of id 0 is a "match" as in xtcocotools, or a "miss" as
            in pycocotools.

    Returns:
        The table; undefined numbers are NaN.

    Raises:
        InputError: K differs between the arguments, a sigma is not positive, or an option is
            unknown.

    Example:
        >>> table = evaluate_keypoints(labels, found, sigmas=sigmas)  # doctest: +SKIP
        >>> round(table.stats["AP"], 3)  # doctest: +SKIP
        0.503
    """
    sigma = np.asarray(sigmas, dtype=np.float64)
    _check(labels, predictions, sigma, max_detections)
    if zero_id not in ("match", "miss"):
        raise InputError(f"zero_id must be 'match' or 'miss'; got {zero_id!r}")
    if image_ids is None:
        wanted = np.union1d(labels.image_id, predictions.image_id)
    else:
        wanted = np.unique(np.asarray(image_ids, dtype=np.int64))
    areas = label_areas(labels, area)
    similarity = None
    if kernel is not coco_oks:
        similarity = _similarities(
            labels, areas, predictions, sigma, wanted, max_detections, kernel
        )
    joints = len(sigma)
    precision, recall, score, persons = _core.coco_evaluate(
        label_image=labels.image_id,
        label_xy=labels.xy.reshape(len(labels), joints, 2),
        visible=labels.visible.reshape(len(labels), joints),
        box=labels.box,
        area=areas,
        crowd=labels.crowd,
        ignore=labels.ignore,
        label_id=labels.annotation_id,
        image=predictions.image_id,
        xy=predictions.xy.reshape(len(predictions), joints, 2),
        score=predictions.score,
        images=wanted,
        sigmas=sigma,
        thresholds=OKS_THRESHOLDS,
        recall_points=RECALL_POINTS,
        area_ranges=AREA_RANGES,
        max_detections=max_detections,
        zero_id_is_miss=zero_id == "miss",
        similarity=similarity,
    )
    return KeypointTable(precision, recall, score, int(persons[0]))


def _check(
    labels: PersonLabels,
    predictions: PersonPredictions,
    sigmas: NDArray[np.float64],
    max_detections: int,
) -> None:
    if (
        sigmas.ndim != 1
        or not len(sigmas)
        or not (np.isfinite(sigmas).all() and (sigmas > 0).all())
    ):
        raise InputError(f"sigmas must be positive numbers [K]; got shape {sigmas.shape}")
    for what, people in (("labels", labels), ("predictions", predictions)):
        if len(people) and people.xy.shape[1] != len(sigmas):
            raise InputError(
                f"{what} must have {len(sigmas)} keypoints, one per sigma; got {people.xy.shape[1]}"
            )
    if max_detections < 1:
        raise InputError(f"max_detections must be at least 1; got {max_detections}")


def _similarities(
    labels: PersonLabels,
    areas: NDArray[np.float64],
    predictions: PersonPredictions,
    sigmas: NDArray[np.float64],
    wanted: NDArray[np.int64],
    max_detections: int,
    kernel: OksKernel,
) -> NDArray[np.float64]:
    """What the kernel says of every image, one after the other."""
    label_rows, label_start = _core.group_by_image(labels.image_id, wanted)
    found_rows, found_start = _core.group_by_image(predictions.image_id, wanted)
    parts = [np.zeros(0)]
    for image in range(len(wanted)):
        rows = label_rows[label_start[image] : label_start[image + 1]]
        found = found_rows[found_start[image] : found_start[image + 1]]
        best = found[np.argsort(-predictions.score[found], kind="stable")][:max_detections]
        if not len(rows) or not len(best):
            continue
        part = np.asarray(
            kernel(
                predictions.xy[best],
                labels.xy[rows],
                labels.visible[rows],
                areas[rows],
                labels.box[rows],
                sigmas,
            ),
            dtype=np.float64,
        )
        if part.shape != (len(best), len(rows)):
            raise InputError(f"kernel must give [{len(best)},{len(rows)}]; got {part.shape}")
        parts.append(part.reshape(-1))
    return np.concatenate(parts)
