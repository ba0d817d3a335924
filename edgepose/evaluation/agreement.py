# SPDX-License-Identifier: Apache-2.0
"""Whether two top-down models, or one in two runtimes, find the same keypoints in the same people.

Each network crops the same boxes by its own contract, and keypoints are paired by name. Distances
are between what the two say, not to any label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from heapq import nlargest
from typing import Any

import numpy as np

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
from edgepose.evaluation.disagreement import (
    Agreement,
    Disagreement,
    Distances,
    Doubles,
    PictureBoxes,
)
from edgepose.geometry import crop_matrix
from edgepose.io.images import load_image
from edgepose.pipelines import TopDown

__all__ = ["Agreement", "Disagreement", "Distances", "PictureBoxes", "compare"]


def compare(
    a: TopDown,
    b: TopDown,
    pictures: Sequence[PictureBoxes],
    *,
    min_score: float = 0.0,
    worst: int = 8,
    progress: Callable[[int, int], None] | None = None,
) -> Agreement:
    """Runs both over the same people.

    Args:
        a: The reference.
        b: The other one.
        pictures: Whom to look at.
        min_score: A keypoint counts if the reference's score is above this; on a map without a
            clear peak the faintest difference may move a point far.
        worst: How many people to keep.
        progress: Called with pictures done and pictures in all.

    Raises:
        InputError: No keypoint name is shared, or there is nobody to look at.
        ImageError: A picture cannot be read.
        ModelError: A network fails or gives values that are not finite.
        SpecError: An output is not what its contract says.

    Example:
        >>> found = compare(TopDown(a), TopDown(b), people)  # doctest: +SKIP
        >>> found.image_px.max, found.oks_min  # doctest: +SKIP
        (0.0009, 0.9999)
    """
    index_a, index_b = shared_keypoints(a.skeleton, b.skeleton)
    if not any(len(picture.boxes) for picture in pictures):
        raise InputError("there is nobody to compare: the pictures have no boxes")
    sigmas = sigmas_of(a.skeleton, index_a)
    people: list[Disagreement] = []
    image_px: list[Doubles] = []
    input_px: list[Doubles] = []
    oks: list[float] = []
    outputs: dict[str, float] = {}
    for done, picture in enumerate(pictures, start=1):
        if len(picture.boxes):
            found, in_input = _compare_one(a, b, picture, (index_a, index_b), outputs)
            found = [_scored(person, min_score, sigmas) for person in found]
            image_px += [person.distance for person in found]
            input_px += [
                np.where(np.isfinite(person.distance), scaled, np.nan)
                for person, scaled in zip(found, in_input, strict=True)
            ]
            oks += [person.oks for person in found]
            people = nlargest(worst, [*people, *found], key=lambda person: person.max_px)
        if progress is not None:
            progress(done, len(pictures))
    return Agreement.of(
        image_px,
        input_px,
        oks,
        names=tuple(a.skeleton.names[index] for index in index_a),
        pictures=len(pictures),
        left_out=sum(int(np.isnan(distance).sum()) for distance in image_px),
        outputs=outputs,
        worst=tuple(people),
    )


def _compare_one(
    a: TopDown,
    b: TopDown,
    picture: PictureBoxes,
    index: tuple[list[int], list[int]],
    outputs: dict[str, float],
) -> tuple[list[Disagreement], Doubles]:
    """The people of one picture and their distances [N, K] in px of a's input."""
    image = load_image(picture.path)
    boxes = np.ascontiguousarray(picture.boxes, np.float64)
    ones = np.ones(len(boxes))
    seen: tuple[list[Outputs], list[Outputs]] = ([], [])
    poses = [
        network(image, boxes, ones, tap=partial(keep, kept))
        for network, kept in zip((a, b), seen, strict=True)
    ]
    add_differences(*seen, outputs)
    xy = [np.asarray(pose.xy[:, rows], np.float64) for pose, rows in zip(poses, index, strict=True)]
    score = [pose.keypoint_score[:, rows] for pose, rows in zip(poses, index, strict=True)]
    spec: Any = a.network.spec
    matrix = crop_matrix(boxes, spec.input.wh, padding=spec.input.box_padding, warp=spec.codec.warp)
    step = xy[1] - xy[0]
    in_input = np.linalg.solve(matrix[:, None, :, :2], step[..., None])[..., 0]
    people = [
        Disagreement(
            path=picture.path,
            box=boxes[row],
            xy_a=xy[0][row],
            xy_b=xy[1][row],
            score_a=np.asarray(score[0][row], np.float64),
            score_b=np.asarray(score[1][row], np.float64),
            distance=np.hypot(*step[row].T),
            oks=np.nan,
        )
        for row in range(len(boxes))
    ]
    return people, np.hypot(in_input[..., 0], in_input[..., 1])


def _scored(person: Disagreement, min_score: float, sigmas: list[float] | None) -> Disagreement:
    counts = person.score_a > min_score
    distance = np.where(counts, person.distance, np.nan)
    x1, y1, x2, y2 = person.box
    area = AREA_OF_BOX * (x2 - x1) * (y2 - y1)
    oks = pair_oks(person.xy_a, person.xy_b, area, sigmas, counts)
    return replace(person, distance=distance, oks=oks)
