# SPDX-License-Identifier: Apache-2.0
"""Who of this frame is who of the last."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.metrics.boxes import iou_matrix
from edgepose.metrics.oks import oks_matrix


def match_similar(similarity: ArrayLike, *, gate: float) -> NDArray[np.int64]:
    """Pair rows with columns at the greatest total similarity.

    Args:
        similarity: [N, M].
        gate: Pairs below it, and NaN, are never made.

    Returns:
        int64 [P, 2] rows (row, column) by rising row: as many pairs as the gate permits, then the
        most similar.

    Raises:
        InputError: `similarity` that is no table, or a NaN `gate`.

    Example:
        >>> match_similar([[0.9, 0.8], [0.7, 0.1]], gate=0.3).tolist()
        [[0, 1], [1, 0]]
    """
    return _core.match_similar(np.asarray(similarity, np.float64), gate)


def match_boxes(a: ArrayLike, b: ArrayLike, *, min_iou: float = 0.3) -> NDArray[np.int64]:
    """Pair boxes by their overlap.

    Args:
        a: [N, 4] x1, y1, x2, y2.
        b: [M, 4] in the same frame.
        min_iou: Least overlap of a pair.

    Returns:
        int64 [P, 2] rows (index in a, index in b).

    Raises:
        InputError: Arrays that do not hold boxes, or a NaN `min_iou`.

    Example:
        >>> match_boxes([[0, 0, 9, 9]], [[50, 50, 60, 60], [1, 0, 9, 9]]).tolist()
        [[0, 1]]
    """
    return match_similar(iou_matrix(a, b), gate=min_iou)


def match_poses(
    a_xy: ArrayLike,
    b_xy: ArrayLike,
    area: ArrayLike,
    sigmas: ArrayLike,
    *,
    min_oks: float = 0.3,
    mask: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """Pair poses by object keypoint similarity.

    Args:
        a_xy: [N, K, 2] px.
        b_xy: [M, K, 2] px.
        area: [N] px^2 of each `a`.
        sigmas: [K] spread of each joint.
        min_oks: Least similarity of a pair.
        mask: [N, K] joints of `a` that count; every one by default.

    Returns:
        int64 [P, 2] rows (index in a, index in b).

    Raises:
        InputError: As `oks_matrix`, or a NaN `min_oks`.

    Example:
        >>> match_poses([[[0, 0]], [[9, 9]]], [[[9, 9.1]]], [4, 4], [0.5]).tolist()
        [[1, 0]]
    """
    return match_similar(oks_matrix(a_xy, b_xy, area, sigmas, mask=mask), gate=min_oks)
