# SPDX-License-Identifier: Apache-2.0
"""Object keypoint similarity between people, and suppression by it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError


def oks_matrix(
    a_xy: ArrayLike,
    b_xy: ArrayLike,
    area: ArrayLike,
    sigmas: ArrayLike,
    *,
    mask: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Object keypoint similarity of every `a` with every `b`.

    Mean over the counted joints of exp(-d^2 / (2 area (2 sigma)^2)), as COCO defines it.

    Args:
        a_xy: [N, K, 2] px.
        b_xy: [M, K, 2] px.
        area: [N] px^2, the area of each `a`.
        sigmas: [K] spread of each joint.
        mask: [N, K] joints of `a` that count; every one by default.

    Returns:
        float64 [N, M], 0..1. A person without a counted joint has 0; a NaN point adds 0.

    Raises:
        InputError: Shapes that do not fit, a negative or NaN area, a sigma that is not positive.

    Example:
        >>> oks_matrix([[[0, 0]]], [[[0, 0]], [[2, 0]]], [4.0], [0.5]).round(4).tolist()
        [[1.0, 0.6065]]
    """
    area_px2, spread = check_scale(area, sigmas)
    counted = None if mask is None else np.asarray(mask, np.bool_)
    return _core.oks_matrix(_points(a_xy), _points(b_xy), area_px2, spread, counted)


def oks_nms(
    xy: ArrayLike,
    score_kp: ArrayLike,
    score: ArrayLike,
    area: ArrayLike,
    sigmas: ArrayLike,
    threshold: float,
    *,
    visible_threshold: float | None = None,
) -> NDArray[np.int64]:
    """Keep the people that no kept person of higher score resembles.

    The area of a pair is the mean of both (as in HRNet).

    Args:
        xy: [N, K, 2] px.
        score_kp: [N, K] scores of the joints.
        score: [N], who goes first.
        area: [N] px^2.
        sigmas: [K] spread of each joint.
        threshold: Largest allowed similarity, 0..1.
        visible_threshold: Compare a pair over the joints that both have above this score; None
            compares all.

    Returns:
        int64 indices by falling score, equal scores by rising index. A NaN score is never kept.

    Raises:
        InputError: Shapes that do not fit, a negative or NaN area, a sigma that is not positive, a
            NaN threshold.

    Example:
        >>> poses = [[[0, 0]], [[0, 0.1]], [[9, 9]]]
        >>> oks_nms(poses, np.ones((3, 1)), [0.5, 0.9, 0.3], [1, 1, 1], [0.5], 0.9).tolist()
        [1, 2]
    """
    area_px2, spread = check_scale(area, sigmas)
    return _core.oks_nms(
        _points(xy),
        np.asarray(score_kp, np.float64),
        np.asarray(score, np.float64),
        area_px2,
        spread,
        threshold,
        -math.inf if visible_threshold is None else visible_threshold,
    )


def _points(xy: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(xy, np.float64)


def check_scale(
    area: ArrayLike, sigmas: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Areas and sigmas as float64.

    Raises:
        InputError: A negative or NaN area, or a sigma that is not positive.
    """
    area_px2 = np.asarray(area, np.float64)
    spread = np.asarray(sigmas, np.float64)
    if not (area_px2 >= 0).all():
        raise InputError(f"area must not be negative or NaN; got {area_px2.tolist()}")
    if not (spread > 0).all():
        raise InputError(f"sigmas must be positive; got {spread.tolist()}")
    return area_px2, spread
