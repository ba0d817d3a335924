# SPDX-License-Identifier: Apache-2.0
"""COCO's keypoint evaluation, image by image in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.metrics.records import PersonLabels, PersonPredictions
from edgepose.metrics.table import AREA_RANGES, OKS_THRESHOLDS, RECALL_POINTS, KeypointTable
from reference.coco_matching import match_image
from reference.coco_oks import coco_oks


def evaluate(
    labels: PersonLabels,
    predictions: PersonPredictions,
    sigmas: ArrayLike,
    areas: NDArray[np.float64],
    max_detections: int = 20,
) -> KeypointTable:
    """The table over all images that occur; `areas` [N] of the labels."""
    sigma = np.asarray(sigmas, dtype=np.float64)
    wanted = np.union1d(labels.image_id, predictions.image_id)
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
) -> _Image:
    """Matches one image's predictions, best score first, with its labels."""
    ignored = ~labels.counts | _outside(areas)
    similarity = np.zeros((len(xy), len(labels)))
    if similarity.size:
        similarity = coco_oks(xy, labels.xy, labels.visible, areas, labels.box, sigmas)
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
