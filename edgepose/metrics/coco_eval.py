# SPDX-License-Identifier: Apache-2.0
"""COCO's keypoint evaluation for any keypoint set.

Source: Lin et al., Microsoft COCO: Common Objects in Context, and the data set's pages on the
format and the keypoint evaluation. Where an annotation's id is 0 its match counts as a match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError
from edgepose.metrics.coco_oks import OksKernel, coco_oks
from edgepose.metrics.matching import match_image
from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import AREA_RANGES, OKS_THRESHOLDS, RECALL_POINTS, KeypointTable

AreaPolicy = Literal["annotation", "box"]
# A person's mask covers about this share of its box: the stand-in where no mask is labelled.
BOX_AREA_SHARE = 0.53


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
    size = labels.box[:, 2:] - labels.box[:, :2]
    stand_in: NDArray[np.float64] = BOX_AREA_SHARE * size[:, 0] * size[:, 1]
    if policy == "box":
        return stand_in
    return np.where(np.isnan(labels.area), stand_in, labels.area)


def evaluate_keypoints(
    labels: PersonLabels,
    predictions: PersonPredictions,
    *,
    sigmas: ArrayLike,
    area: AreaPolicy = "annotation",
    image_ids: Sequence[int] | None = None,
    max_detections: int = 20,
    kernel: OksKernel = coco_oks,
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

    Returns:
        The table; undefined numbers are NaN.

    Raises:
        InputError: K differs between the arguments, or a sigma is not positive.

    Example:
        >>> table = evaluate_keypoints(labels, predictions, sigmas=skeleton.sigmas)
        >>> round(table.stats["AP"], 3)
        0.503
    """
    sigma = np.asarray(sigmas, dtype=np.float64)
    _check(labels, predictions, sigma, max_detections)
    occurring = np.union1d(labels.image_id, predictions.image_id)
    wanted = occurring if image_ids is None else np.unique(np.asarray(image_ids, dtype=np.int64))
    areas = label_areas(labels, area)
    label_rows = _rows_by_image(labels.image_id, wanted)
    prediction_rows = _rows_by_image(predictions.image_id, wanted)
    images = []
    for rows, found in zip(label_rows, prediction_rows, strict=True):
        best = found[np.argsort(-predictions.score[found], kind="stable")][:max_detections]
        images.append(
            _evaluate_image(
                labels.take(rows),
                areas[rows],
                predictions.xy[best],
                predictions.score[best],
                sigma,
                kernel,
            )
        )
    return _accumulate(images)


@dataclass(frozen=True, slots=True, eq=False)
class _Image:
    """One image's counts: predictions [M] by score, ranges A, thresholds T."""

    score: NDArray[np.float64]  # [M]
    hit: NDArray[np.bool_]  # [A,T,M] matched
    ignored: NDArray[np.bool_]  # [A,T,M] does not count
    persons: NDArray[np.int64]  # [A] labels that count


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


def _rows_by_image(
    image_id: NDArray[np.int64], wanted: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Rows of each wanted image, in their original order."""
    order = np.argsort(image_id, kind="stable")
    ordered = image_id[order]
    start = np.searchsorted(ordered, wanted, side="left")
    stop = np.searchsorted(ordered, wanted, side="right")
    return [order[a:b] for a, b in zip(start, stop, strict=True)]


def _evaluate_image(
    labels: PersonLabels,
    areas: NDArray[np.float64],
    xy: NDArray[np.float64],
    score: NDArray[np.float64],
    sigmas: NDArray[np.float64],
    kernel: OksKernel,
) -> _Image:
    """Matches one image's predictions, best score first, with its labels."""
    ignored = ~labels.counts | _outside(areas)
    similarity = np.zeros((len(xy), len(labels)))
    if similarity.size:
        similarity = kernel(xy, labels.xy, labels.visible, areas, labels.box, sigmas)
    match = match_image(similarity, ignored, labels.crowd, OKS_THRESHOLDS)
    hit = match >= 0
    spared = np.zeros_like(hit)
    if similarity.size:
        spared = np.take_along_axis(ignored[:, None], np.maximum(match, 0), axis=-1)
    extent = np.ptp(xy, axis=1).prod(axis=-1) if len(xy) else np.zeros(0)
    return _Image(
        score=score,
        hit=hit,
        ignored=np.where(hit, spared, _outside(extent)[:, None]),
        persons=(~ignored).sum(axis=-1),
    )


def _outside(areas: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[A,N] True where an area [N] lies outside a range."""
    return (areas < AREA_RANGES[:, :1]) | (areas > AREA_RANGES[:, 1:])


def _accumulate(images: list[_Image]) -> KeypointTable:
    """Precision and recall over all images from the per-image counts."""
    ranges, thresholds, points = len(AREA_RANGES), len(OKS_THRESHOLDS), len(RECALL_POINTS)
    precision = np.full((thresholds, points, ranges), np.nan)
    at_score = np.full((thresholds, points, ranges), np.nan)
    recall = np.full((thresholds, ranges), np.nan)
    persons = sum((image.persons for image in images), np.zeros(ranges, dtype=np.int64))
    score = np.concatenate([np.zeros(0), *(image.score for image in images)])
    order = np.argsort(-score, kind="stable")
    score = score[order]
    empty = np.zeros((ranges, thresholds, 0), dtype=np.bool_)
    hit = np.concatenate([empty, *(image.hit for image in images)], axis=-1)[..., order]
    counts = ~np.concatenate([empty, *(image.ignored for image in images)], axis=-1)[..., order]
    true = np.cumsum(hit & counts, axis=-1, dtype=np.float64)
    false = np.cumsum(~hit & counts, axis=-1, dtype=np.float64)
    for a in np.flatnonzero(persons):
        for t in range(thresholds):
            reached = true[a, t] / persons[a]
            exact = true[a, t] / (true[a, t] + false[a, t] + np.spacing(1.0))
            # Interpolated precision: the best that any higher recall reaches; 0 beyond the last.
            envelope = np.append(np.maximum.accumulate(exact[::-1])[::-1], 0.0)
            first = np.searchsorted(reached, RECALL_POINTS, side="left")
            precision[t, :, a] = envelope[first]
            at_score[t, :, a] = np.append(score, 0.0)[first]
            recall[t, a] = reached[-1] if len(reached) else 0.0
    return KeypointTable(precision, recall, at_score, int(persons[0]))
