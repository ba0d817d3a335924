# SPDX-License-Identifier: Apache-2.0
"""A result as an overlay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose.draw.colors import OUTLINE, SIDES, limb_side, person_color, side_of
from edgepose.draw.labels import Label, draw_labels
from edgepose.draw.shapes import Picture, capsule, disc, frame
from edgepose.draw.widths import Widths, widths
from edgepose.errors import InputError
from edgepose.types import Person, Result

MIN_SCORE = 0.2


def draw_result(
    picture: NDArray[np.uint8], result: Result, *, min_score: float = MIN_SCORE
) -> NDArray[np.uint8]:
    """A copy of the picture with boxes, limbs, keypoints and labels on it.

    Limbs are blue on the person's left, orange on the right and white in the middle; each person
    has a box colour of its own, and a label with its index in the result and its score. Widths
    follow the size of person and picture. Everything has a dark rim, to be seen on any picture.

    Args:
        picture: [H, W, 3] uint8 BGR, not modified.
        result: People in this picture.
        min_score: Keypoints with a lower score are left out, and the limbs that end there.

    Returns:
        [H, W, 3] uint8 BGR.

    Raises:
        InputError: Not such a picture, or not of the size that the result is about.

    Example:
        >>> cv2.imwrite("overlay.png", draw_result(result.image, result, min_score=0.4))
        True
    """
    drawn = _copy(picture, result.image_wh)
    small_last = sorted(enumerate(result.persons), key=lambda item: -_area(item[1]))
    sizes = {index: widths(person.box, result.image_wh) for index, person in small_last}
    for index, person in small_last:
        box = _inside(person.box, result.image_wh)
        frame(drawn, box, sizes[index].box + 2 * sizes[index].rim, OUTLINE)
        frame(drawn, box, sizes[index].box, person_color(index))
    for index, person in small_last:
        _draw_person(drawn, person, result, sizes[index], min_score)
    labels = [
        Label(index, person.score, _inside(person.box, result.image_wh))
        for index, person in small_last
    ]
    draw_labels(drawn, labels)
    return drawn


def _copy(picture: NDArray[np.uint8], image_wh: tuple[int, int]) -> Picture:
    width, height = image_wh
    shape, dtype = getattr(picture, "shape", None), getattr(picture, "dtype", None)
    if shape != (height, width, 3) or dtype != np.uint8:
        kind = type(picture).__name__ if shape is None else f"{dtype} {shape}"
        raise InputError(f"picture must be uint8 ({height}, {width}, 3); got {kind}")
    return np.array(picture, order="C")


def _draw_person(
    drawn: Picture, person: Person, result: Result, size: Widths, min_score: float
) -> None:
    skeleton = result.skeleton
    points = [(float(x), float(y)) for x, y in person.keypoints.xy]
    seen = person.keypoints.score >= min_score
    limbs = [edge for edge in skeleton.edges if seen[edge[0]] and seen[edge[1]]]
    joints = [index for index in range(len(points)) if seen[index]]
    for a, b in limbs:
        capsule(drawn, points[a], points[b], size.limb + 2 * size.rim, OUTLINE)
    for a, b in limbs:
        capsule(drawn, points[a], points[b], size.limb, SIDES[limb_side(skeleton, (a, b))])
    for index in joints:
        disc(drawn, points[index], size.joint + size.rim, OUTLINE)
        disc(drawn, points[index], size.joint, SIDES[side_of(skeleton.names[index])])


def _area(person: Person) -> float:
    x1, y1, x2, y2 = person.box.tolist()
    return float((x2 - x1) * (y2 - y1))


def _inside(box: NDArray[np.float32], image_wh: tuple[int, int]) -> tuple[float, ...]:
    """The box cut at the picture's edges, so that all its sides can be seen."""
    limits = (image_wh[0] - 1, image_wh[1] - 1) * 2
    return tuple(min(max(v, 0.0), float(top)) for v, top in zip(box.tolist(), limits, strict=True))
