# SPDX-License-Identifier: Apache-2.0
"""Whether two bottom-up models, or one in two runtimes, find the same people and keypoints.

Each network looks at whole pictures by its own contract. People are paired by OKS, keypoints by
name; distances are between what the two say, not to any label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import nlargest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.evaluation.compared import (
    AREA_OF_BOX,
    Outputs,
    add_differences,
    keep,
    pair_oks,
    shared_keypoints,
    sigmas_of,
)
from edgepose.evaluation.disagreement import Agreement, Disagreement, Doubles
from edgepose.io.images import load_image
from edgepose.metrics.oks import oks_matrix
from edgepose.pipelines import BottomUp
from edgepose.pipelines.detector import input_to_image
from edgepose.track import match_similar

# Stands in for OKS constants that a model does not have, when people are paired.
PAIRING_SIGMA = 0.1
# People lie, or only a line of them is seen: a side of their box counts as this share of the other.
LEAST_SIDE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The people that a network finds in a picture, over the shared keypoints.

    Attributes:
        xy: [N, K, 2] image px; NaN where the keypoint was not found.
        score: [N, K]; 0 where it was not found.
        box: [N, 4] around what was found, with room where that is next to a line.
    """

    xy: Doubles
    score: Doubles
    box: Doubles

    @property
    def found(self) -> NDArray[np.bool_]:
        """[N, K] whether the keypoint was found."""
        return self.score > 0

    @property
    def area(self) -> Doubles:
        """[N] px^2."""
        return AREA_OF_BOX * np.asarray(np.prod(self.box[:, 2:] - self.box[:, :2], axis=1))


@dataclass
class _Totals:
    """What has been counted so far."""

    people: list[Disagreement]
    image_px: list[Doubles]
    input_px: list[Doubles]
    oks: list[float]
    outputs: dict[str, float]
    unmatched: list[int]
    lone: list[int]
    left_out: int = 0


def compare_groups(
    a: BottomUp,
    b: BottomUp,
    pictures: Sequence[Path],
    *,
    min_score: float = 0.0,
    min_oks: float = 0.5,
    worst: int = 8,
    progress: Callable[[int, int], None] | None = None,
) -> Agreement:
    """Runs both over the same pictures.

    Args:
        a: The reference.
        b: The other one.
        pictures: Their files.
        min_score: A keypoint counts if its score is above this: the reference's, or the other's
            where the reference has none.
        min_oks: Least similarity of a pair of people, 0..1; whoever has no partner is unmatched.
        worst: How many people to keep, the unmatched first.
        progress: Called with pictures done and pictures in all.

    Raises:
        InputError: No keypoint name is shared, nobody is found, or a bad `min_oks`.
        ImageError: A picture cannot be read.
        ModelError: A network fails or gives values that are not finite.
        SpecError: An output is not what its contract says.

    Example:
        >>> found = compare_groups(BottomUp(a), BottomUp(b), files)  # doctest: +SKIP
        >>> found.unmatched_a, found.image_px.max  # doctest: +SKIP
        (0, 0.0009)
    """
    if not 0 <= min_oks <= 1:
        raise InputError(f"min_oks must be 0..1; got {min_oks!r}")
    index = shared_keypoints(a.skeleton, b.skeleton)
    sigmas = sigmas_of(a.skeleton, index[0])
    spread = sigmas or [PAIRING_SIGMA] * len(index[0])
    totals = _Totals([], [], [], [], {}, [0, 0], [0, 0])
    for done, path in enumerate(pictures, start=1):
        sides, inverse = _look(a, b, path, index, totals.outputs)
        similarity = oks_matrix(
            sides[0].xy, sides[1].xy, sides[0].area, spread, mask=sides[0].found
        )
        pairs = match_similar(similarity, gate=min_oks)
        for row, column in pairs.tolist():
            _add_pair(totals, path, sides, (row, column), inverse, (min_score, sigmas))
        for side, taken in enumerate(pairs.T):
            alone = np.setdiff1d(np.arange(len(sides[side].box)), taken)
            totals.unmatched[side] += len(alone)
            totals.people += [_unmatched(path, sides[side], row, side) for row in alone.tolist()]
        totals.people = nlargest(worst, totals.people, key=lambda person: person.max_px)
        if progress is not None:
            progress(done, len(pictures))
    if not totals.image_px and not any(totals.unmatched):
        raise InputError("there is nobody to compare: neither model finds anybody")
    names = tuple(a.skeleton.names[row] for row in index[0])
    return _agreement(totals, names, len(pictures))


def _look(
    a: BottomUp,
    b: BottomUp,
    path: Path,
    index: tuple[list[int], list[int]],
    outputs: dict[str, float],
) -> tuple[list[People], Doubles]:
    """What both see in a picture, and the matrix [2, 2] from its steps to a's input."""
    image = load_image(path)
    seen: tuple[list[Outputs], list[Outputs]] = ([], [])
    sides = []
    for network, kept, rows in zip((a, b), seen, index, strict=True):
        found = network(image, tap=partial(keep, kept))
        sides.append(people_of_groups(found.xy[:, rows], found.keypoint_score[:, rows]))
    add_differences(*seen, outputs)
    matrix = input_to_image(a.network.spec.input, (image.shape[1], image.shape[0]))
    return sides, np.asarray(np.linalg.inv(matrix[0, :, :2]), np.float64)


def people_of_groups(xy: NDArray[np.floating], score: NDArray[np.floating]) -> People:
    """People of whom at least one of the keypoints was found.

    Args:
        xy: [N, K, 2] image px.
        score: [N, K], 0 where the keypoint was not found.
    """
    rows = (score > 0).any(axis=1)
    points, scores = np.array(xy[rows], np.float64), np.array(score[rows], np.float64)
    points[scores <= 0] = np.nan
    if not rows.any():
        return People(points, scores, np.zeros((0, 4)))
    low, high = np.nanmin(points, axis=1), np.nanmax(points, axis=1)
    least = np.maximum(LEAST_SIDE * (high - low).max(axis=1, keepdims=True), 1.0)
    room = np.maximum(least - (high - low), 0) / 2
    return People(points, scores, np.concatenate([low - room, high + room], axis=1))


def _add_pair(
    totals: _Totals,
    path: Path,
    sides: list[People],
    pair: tuple[int, int],
    inverse: Doubles,
    how: tuple[float, list[float] | None],
) -> None:
    (a, b), (row, column), (min_score, sigmas) = sides, pair, how
    score_a, score_b = a.score[row], b.score[column]
    found_a, found_b = score_a > 0, score_b > 0
    counts = found_a & (score_a > min_score)
    step = b.xy[column] - a.xy[row]  # NaN where either found none
    distance = np.where(counts, np.hypot(*step.T), np.nan)
    oks = pair_oks(a.xy[row], b.xy[column], a.area[row], sigmas, counts)
    totals.oks.append(oks)
    totals.lone[0] += int((counts & ~found_b).sum())
    totals.lone[1] += int((~found_a & (score_b > max(min_score, 0))).sum())
    totals.left_out += int((found_a & ~counts).sum())
    totals.image_px.append(distance)
    in_input = step @ inverse.T
    totals.input_px.append(np.where(np.isfinite(distance), np.hypot(*in_input.T), np.nan))
    shown = (np.nan_to_num(a.xy[row]), np.nan_to_num(b.xy[column]))
    person = Disagreement(path, a.box[row], *shown, score_a, score_b, distance, oks)
    totals.people.append(person)


def _unmatched(path: Path, people: People, row: int, side: int) -> Disagreement:
    xy, score = np.nan_to_num(people.xy[row]), people.score[row]
    points, scores = (xy, np.zeros_like(xy)), (score, np.zeros_like(score))
    if side == 1:
        points, scores = points[::-1], scores[::-1]
    nothing = np.full(len(score), np.nan)
    return Disagreement(path, people.box[row], *points, *scores, nothing, 0.0, "ab"[side])


def _agreement(totals: _Totals, names: tuple[str, ...], pictures: int) -> Agreement:
    return Agreement.of(
        totals.image_px,
        totals.input_px,
        totals.oks,
        names=names,
        pictures=pictures,
        left_out=totals.left_out,
        outputs=totals.outputs,
        worst=tuple(totals.people),
        unmatched_a=totals.unmatched[0],
        unmatched_b=totals.unmatched[1],
        only_a=totals.lone[0],
        only_b=totals.lone[1],
    )
