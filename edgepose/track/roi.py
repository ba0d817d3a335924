# SPDX-License-Identifier: Apache-2.0
"""Where to look for people in the next frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core


def rois_of_keypoints(
    xy: ArrayLike,
    score_kp: ArrayLike,
    *,
    min_score: float = 0.3,
    min_keypoints: int = 4,
    padding: float = 0.25,
) -> NDArray[np.float64]:
    """Boxes around the visible keypoints of each person.

    Args:
        xy: [N, K, 2] in any one frame; keypoints that are not finite are not visible.
        score_kp: [N, K].
        min_score: Included lower bound of a visible keypoint's score.
        min_keypoints: People with fewer visible keypoints get no box.
        padding: Added on every side, as a share of the longer side.

    Returns:
        float64 [N, 4] x1, y1, x2, y2; a row of NaN for people without a box, also where all visible
        keypoints lie on one spot.

    Raises:
        InputError: Shapes that do not fit, a negative `min_keypoints`, a NaN `min_score`, or a
            `padding` that is negative or not finite.

    Example:
        >>> rois_of_keypoints([[[0, 0], [10, 20]]], [[0.9, 0.9]], min_keypoints=2).tolist()
        [[-5.0, -5.0, 15.0, 25.0]]
    """
    points = np.asarray(xy, np.float64)
    scores = np.asarray(score_kp, np.float64)
    return _core.rois_of_keypoints(points, scores, min_score, min_keypoints, padding)
