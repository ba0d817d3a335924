# SPDX-License-Identifier: Apache-2.0
"""Percentage of correct keypoints.

Source: Yang and Ramanan, Articulated Human Detection with Flexible Mixtures of Parts (PCK).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.metrics.boxes import iou_matrix


@dataclass(frozen=True, slots=True, eq=False)
class PckCounts:
    """Correct and labelled keypoints, each [K]; add up over images with `+`."""

    correct: NDArray[np.int64]
    labelled: NDArray[np.int64]

    def __add__(self, other: PckCounts) -> PckCounts:
        """Counts of both."""
        return PckCounts(self.correct + other.correct, self.labelled + other.labelled)

    @property
    def value(self) -> float:
        """Correct share of all labelled keypoints, 0..1; NaN when there is none."""
        total = int(self.labelled.sum())
        return int(self.correct.sum()) / total if total else math.nan

    @property
    def per_keypoint(self) -> NDArray[np.float64]:
        """[K] correct share per keypoint; NaN where it is never labelled."""
        safe = np.maximum(self.labelled, 1)
        return np.where(self.labelled > 0, self.correct / safe, np.nan)


def pck(
    predicted: ArrayLike,
    labelled: ArrayLike,
    visible: ArrayLike,
    norm: ArrayLike,
    threshold: float = 0.1,
) -> PckCounts:
    """Counts keypoints within `threshold` times the person's size of their label.

    Args:
        predicted: [N,K,2] pixels; NaN for what was not found, which counts as wrong.
        labelled: [N,K,2] pixels.
        visible: [N,K] True where labelled; other keypoints are left out.
        norm: [N] size of each person in pixels, e.g. the long side of the box.
        threshold: Share of the size that is still correct (a distance equal to it is).

    Returns:
        The counts per keypoint; `.value` is PCK.

    Raises:
        InputError: Shapes that do not fit together, a size that is not positive, a NaN threshold.

    Example:
        >>> pck([[[0, 0], [9, 0]]], [[[1, 0], [0, 0]]], [[True, True]], [20]).value
        0.5
    """
    counts = _core.pck_counts(*_checked(predicted, labelled, visible, norm), threshold)
    return PckCounts(*counts)


def keypoint_auc(
    predicted: ArrayLike,
    labelled: ArrayLike,
    visible: ArrayLike,
    norm: ArrayLike,
    thresholds: int = 20,
) -> float:
    """Area under the curve of PCK over `thresholds` thresholds 0, 1/n, .. (n - 1)/n.

    Each joint's share lies strictly below the threshold, joints weigh alike, joints that are never
    labelled are left out (as in mmpose).

    Args:
        predicted: [N,K,2] pixels; NaN for what was not found, which counts as wrong.
        labelled: [N,K,2] pixels.
        visible: [N,K] True where labelled.
        norm: [N] size of each person in pixels.
        thresholds: How many thresholds.

    Returns:
        0..1; NaN without any labelled keypoint.

    Raises:
        InputError: Shapes that do not fit, a size that is not positive, no threshold.

    Example:
        >>> round(keypoint_auc([[[0, 0]]], [[[3, 0]]], [[True]], [10.0], 10), 6)
        0.6
    """
    return _core.keypoint_auc(*_checked(predicted, labelled, visible, norm), thresholds)


def keypoint_error(
    predicted: ArrayLike, labelled: ArrayLike, visible: ArrayLike, norm: ArrayLike | None = None
) -> float:
    """Mean distance over the labelled keypoints: end-point error, or with `norm` normalised.

    Args:
        predicted: [N,K,2] pixels.
        labelled: [N,K,2] pixels.
        visible: [N,K] True where labelled.
        norm: [N] size of each person in pixels; 1 when None.

    Returns:
        Pixels, or sizes of the person; NaN without a labelled keypoint or with one not found.

    Raises:
        InputError: Shapes that do not fit together, or a size that is not positive.

    Example:
        >>> keypoint_error([[[0, 0], [3, 4]]], [[[0, 0], [0, 0]]], [[True, True]])
        2.5
    """
    size = np.ones(len(np.asarray(labelled))) if norm is None else norm
    return _core.keypoint_error(*_checked(predicted, labelled, visible, size))


def _checked(
    predicted: ArrayLike, labelled: ArrayLike, visible: ArrayLike, norm: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """The arguments as arrays whose shapes fit together."""
    points = np.asarray(predicted, dtype=np.float64)
    truth = np.asarray(labelled, dtype=np.float64)
    mask = np.asarray(visible, dtype=np.bool_)
    size = np.asarray(norm, dtype=np.float64)
    if truth.ndim != 3 or truth.shape[2] != 2 or points.shape != truth.shape:
        raise InputError(
            f"predicted and labelled must be [N,K,2]; got {points.shape} and {truth.shape}"
        )
    if mask.shape != truth.shape[:2] or size.shape != truth.shape[:1]:
        raise InputError(
            f"visible must be {truth.shape[:2]} and norm {truth.shape[:1]}; "
            f"got {mask.shape} and {size.shape}"
        )
    if not (size > 0).all():
        raise InputError("norm must be positive; got a size of zero, a negative one or NaN")
    return points, truth, mask, size


def match_boxes(boxes: ArrayLike, label_boxes: ArrayLike, threshold: float) -> NDArray[np.int64]:
    """Pairs boxes one to one, the highest intersection over union first.

    Boxes decide rather than keypoints, so that a good pose is not sought out among several.

    Args:
        boxes: [M,4] predicted, xyxy pixels.
        label_boxes: [N,4] labelled, xyxy pixels.
        threshold: Least intersection over union of a pair.

    Returns:
        [N] index of the predicted box of each labelled one, -1 where there is none.
    """
    predicted = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    labelled = np.asarray(label_boxes, dtype=np.float64).reshape(-1, 4)
    result = np.full(len(labelled), -1, dtype=np.int64)
    iou = iou_matrix(labelled, predicted)
    taken = np.zeros(len(predicted), dtype=np.bool_)
    order = np.argsort(-iou, axis=None, kind="stable")
    for flat in order[: int((iou >= threshold).sum())]:
        label, index = divmod(int(flat), len(predicted))
        if result[label] < 0 and not taken[index]:
            result[label] = index
            taken[index] = True
    return result
