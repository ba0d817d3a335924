# SPDX-License-Identifier: Apache-2.0
"""A person as two networks see it, in one picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.draw import draw_result
from edgepose.evaluation.agreement import Disagreement
from edgepose.io.images import load_image
from edgepose.types import Keypoints, Person, Result, Skeleton, Timing

PAD = 0.2
# The shorter side of what is shown of a person is enlarged to this, px.
LEAST_SIDE = 256
GAP = 8


def side_by_side(
    person: Disagreement, skeleton: Skeleton, names: tuple[str, ...], min_score: float = 0.0
) -> NDArray[np.uint8]:
    """The part of the picture around the person, the first network's keypoints on the left.

    Args:
        person: Whom to show.
        skeleton: The first network's, for the limbs.
        names: Names of the keypoints that were compared.
        min_score: Keypoints with a lower score are not drawn.

    Returns:
        [H, W, 3] uint8 BGR.
    """
    image = load_image(person.path)
    height, width = image.shape[:2]
    margin = PAD * (person.box[2:] - person.box[:2])
    x1, y1 = np.clip(np.floor(person.box[:2] - margin), 0, (width - 2, height - 2)).astype(int)
    x2, y2 = np.clip(np.ceil(person.box[2:] + margin), (x1 + 2, y1 + 2), (width, height)).astype(
        int
    )
    cut = image[y1:y2, x1:x2]
    scale = max(1.0, LEAST_SIDE / min(cut.shape[:2]))
    wh = round(cut.shape[1] * scale), round(cut.shape[0] * scale)
    enlarged = np.asarray(cv2.resize(cut, wh, interpolation=cv2.INTER_CUBIC), np.uint8)
    limbs = _chosen(skeleton, names)
    corner = np.tile((x1, y1), 2)
    box = ((person.box - corner + 0.5) * scale - 0.5).astype(np.float32)
    sides = []
    for xy, score in ((person.xy_a, person.score_a), (person.xy_b, person.score_b)):
        enlarged_xy = ((xy - corner[:2] + 0.5) * scale - 0.5).astype(np.float32)
        points = Keypoints(enlarged_xy, score.astype(np.float32), names, wh)
        found = Person(box, float(np.clip(score.mean(), 0, 1)), points, 1.0)
        result = Result((found,), wh, "", None, limbs, Timing({}, 0.0), None, enlarged)
        sides.append(draw_result(enlarged, result, min_score=min_score))
    gap = np.full((wh[1], GAP, 3), 255, np.uint8)
    return np.concatenate([sides[0], gap, sides[1]], axis=1)


def _chosen(skeleton: Skeleton, names: tuple[str, ...]) -> Skeleton:
    """The skeleton over some of its keypoints."""
    index = {name: row for row, name in enumerate(names)}
    edges = [
        (index[skeleton.names[a]], index[skeleton.names[b]])
        for a, b in skeleton.edges
        if skeleton.names[a] in index and skeleton.names[b] in index
    ]
    return Skeleton(names, tuple(edges))
