# SPDX-License-Identifier: Apache-2.0
"""Rating of people, and suppression beside the plain `edgepose.metrics.oks.oks_nms`."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.metrics.oks import check_scale

Decay = Literal["gaussian", "linear"]


def soft_oks_nms(
    xy: ArrayLike,
    score_kp: ArrayLike,
    score: ArrayLike,
    area: ArrayLike,
    sigmas: ArrayLike,
    threshold: float,
    *,
    decay: Decay = "gaussian",
    max_people: int = 20,
    visible_threshold: float | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Takes the best person again and again; each lowers the scores of those that resemble it.

    "gaussian" multiplies by exp(-oks^2 / threshold), "linear" by 1 - oks where oks reaches the
    threshold. The area of a pair is the mean of both (as in HRNet and mmpose).

    Args:
        xy: [N, K, 2] px.
        score_kp: [N, K] scores of the joints.
        score: [N], who goes first.
        area: [N] px^2.
        sigmas: [K] spread of each joint.
        threshold: Width of the Gaussian, or the least similarity of the linear form.
        decay: Which form.
        max_people: Most people to take; HRNet and mmpose take 20.
        visible_threshold: Compare a pair over the joints that both have above this score; None
            compares all.

    Returns:
        int64 indices in the order taken (equal scores by rising index, a NaN score never), and
        float64 [N] the score of each person when it was taken or at the end.

    Raises:
        InputError: Shapes that do not fit, a negative or NaN area, a sigma that is not positive, a
            NaN threshold, an unknown decay, a negative max_people.

    Example:
        >>> poses = [[[0, 0]], [[0, 0.1]], [[9, 9]]]
        >>> kept, lowered = soft_oks_nms(
        ...     poses, np.ones((3, 1)), [0.5, 0.9, 0.3], [1, 1, 1], [0.5], 0.9
        ... )
        >>> kept.tolist(), lowered.round(3).tolist()
        ([1, 2, 0], [0.166, 0.9, 0.3])

    Source: Bodla et al., Soft-NMS: Improving Object Detection With One Line of Code.
    """
    area_px2, spread = check_scale(area, sigmas)
    return _core.soft_oks_nms(
        np.asarray(xy, np.float64),
        np.asarray(score_kp, np.float64),
        np.asarray(score, np.float64),
        area_px2,
        spread,
        threshold,
        decay,
        max_people,
        -math.inf if visible_threshold is None else visible_threshold,
    )


def nearby_joints_nms(
    xy: ArrayLike,
    score: ArrayLike,
    distance: float,
    *,
    max_nearby: int | None = None,
    max_people: int | None = None,
) -> NDArray[np.int64]:
    """Keeps the best of the people whose joints lie close together.

    A person resembles another when more than `max_nearby` of its joints lie closer to the other's
    than `distance` times the diagonal of its own extent (as in mmpose).

    Args:
        xy: [N, K, 2] px.
        score: [N].
        distance: Share of the diagonal, positive.
        max_nearby: Joints that may be close, less than K; K // 2 when None.
        max_people: Most people to keep; any number when None.

    Returns:
        int64 indices in the order found, or by falling score when there are more than max_people;
        equal scores by rising index. A NaN score is never kept.

    Raises:
        InputError: Shapes that do not fit, a distance that is not positive, a max_nearby or
            max_people out of range.

    Example:
        >>> poses = [[[0, 0], [0, 10]], [[0, 0.1], [0, 10]], [[50, 0], [50, 10]]]
        >>> nearby_joints_nms(poses, [0.5, 0.9, 0.3], 0.05).tolist()
        [1, 2]
    """
    points = np.asarray(xy, np.float64)
    if points.ndim != 3 or points.shape[2] != 2:
        raise InputError(f"xy must be [N,K,2]; got {points.shape}")
    joints = points.shape[1]
    limit = joints // 2 if max_nearby is None else max_nearby
    if not 0 <= limit < max(joints, 1):
        raise InputError(f"max_nearby must be 0..{max(joints, 1) - 1}; got {limit}")
    if not distance > 0:
        raise InputError(f"distance must be positive; got {distance}")
    scores = np.asarray(score, np.float64)
    most = len(points) if max_people is None else max_people
    return _core.nearby_joints_nms(points, scores, distance, limit, most)


def rescore_people(
    score_kp: ArrayLike, score: ArrayLike, visible_threshold: float = 0.2
) -> NDArray[np.float64]:
    """Score of each person: its box's times the mean of its joints' above a threshold.

    HRNet rates people so before suppression.

    Args:
        score_kp: [N, K] scores of the joints.
        score: [N] scores of the boxes.
        visible_threshold: Joints at or below it are left out; without any the score is 0.

    Returns:
        float64 [N].

    Raises:
        InputError: Shapes that do not fit, or a NaN threshold.

    Example:
        >>> rescore_people([[0.9, 0.7, 0.1]], [0.5]).round(6).tolist()
        [0.4]
    """
    return _core.rescore_people(
        np.asarray(score_kp, np.float64), np.asarray(score, np.float64), visible_threshold
    )
