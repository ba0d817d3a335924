# SPDX-License-Identifier: Apache-2.0
"""How well boxes are found: average precision, recall and precision at one overlap.

Source: the matching and the interpolation of COCO's detection evaluation (Lin et al., Microsoft
COCO: Common Objects in Context), at one threshold of intersection over union.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgepose.metrics.boxes import iou_matrix
from edgepose.metrics.matching import match_image

RECALL_POINTS = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, slots=True, eq=False)
class BoxMatches:
    """What became of the boxes and the labels of some pictures; add up with `+`.

    Attributes:
        score: [M] score of each box that counts, in the order of the pictures.
        correct: [M] True where the box is matched to a label.
        height: [N] height of each label, px.
        found_score: [N] score of the box that found the label, NaN where none did.
    """

    score: NDArray[np.float64]
    correct: NDArray[np.bool_]
    height: NDArray[np.float64]
    found_score: NDArray[np.float64]

    @classmethod
    def empty(cls) -> BoxMatches:
        """No picture yet."""
        none = np.zeros(0)
        return cls(none, none.astype(np.bool_), none, none)

    def __add__(self, other: BoxMatches) -> BoxMatches:
        """The pictures of both."""
        return BoxMatches(
            np.concatenate([self.score, other.score]),
            np.concatenate([self.correct, other.correct]),
            np.concatenate([self.height, other.height]),
            np.concatenate([self.found_score, other.found_score]),
        )

    @property
    def average_precision(self) -> float:
        """Precision, made monotonous, at 101 recalls; NaN without a label."""
        if not len(self.height):
            return math.nan
        order = np.argsort(-self.score, kind="stable")
        hits = np.cumsum(self.correct[order])
        precision = hits / np.arange(1, len(order) + 1)
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        at = np.searchsorted(hits / len(self.height), RECALL_POINTS, side="left")
        return float(np.append(precision, 0.0)[np.minimum(at, len(order))].mean())

    def recall(self, min_score: float, taller_than: float = 0.0) -> float:
        """Share of the labels taller than so many px that a box above `min_score` finds."""
        tall = self.height > taller_than
        # A NaN, a label that nothing found, compares as False.
        return float((self.found_score[tall] > min_score).mean()) if tall.any() else math.nan

    def precision(self, min_score: float) -> float:
        """Share of the boxes above `min_score` that are matched to a label; NaN without a box."""
        kept = self.score > min_score
        return float(self.correct[kept].mean()) if kept.any() else math.nan


def match_boxes_of_image(
    boxes: NDArray[np.float64],
    score: NDArray[np.float64],
    labels: NDArray[np.float64],
    ignored: NDArray[np.float64],
    min_iou: float = 0.5,
) -> BoxMatches:
    """Matches the boxes of one picture, best score first, each to the label it overlaps most.

    Args:
        boxes: [M,4] xyxy px.
        score: [M].
        labels: [N,4] xyxy px, each found by one box at most.
        ignored: [I,4] xyxy px of people that are no labels: a box that finds none and overlaps
            one of these by `min_iou` counts neither way.
        min_iou: Least intersection over union of a match.

    Returns:
        The matches, boxes by falling score.
    """
    order = np.argsort(-score, kind="stable")
    every = np.concatenate([labels, ignored])
    is_ignored = np.arange(len(every)) >= len(labels)
    overlap = iou_matrix(boxes[order], every)
    matched = match_image(overlap, is_ignored[None], is_ignored, np.array([min_iou]))[0, 0]
    counts = (matched < 0) | (matched < len(labels))
    found = np.full(len(labels), np.nan)
    hits = (matched >= 0) & (matched < len(labels))
    found[matched[hits]] = score[order][hits]
    return BoxMatches(score[order][counts], hits[counts], labels[:, 3] - labels[:, 1], found)
