# SPDX-License-Identifier: Apache-2.0
"""SimCC vectors to keypoints."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

SIMCC_SCORE = ("value", "softmax", "gaussian")


def decode_simcc(
    simcc_x: NDArray[Any],
    simcc_y: NDArray[Any],
    *,
    split_ratio: float = 2.0,
    score: str = "value",
    beta: tuple[float, float] = (1.0, 1.0),
    sigma: tuple[float, float] = (0.0, 0.0),
    larger: bool = False,
    blur_kernel: tuple[int, int] | None = None,
    bounded: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find the highest bin of the two vectors of each joint (Li et al. 2022).

    The first of equal bins wins, NaN bins are passed over. `score` changes what is reported, never
    the place.

    Args:
        simcc_x: float32, float16, int8 or uint8 [N, K, Wx], any strides.
        simcc_y: The same, [N, K, Wy].
        split_ratio: Bins per input px.
        score: Of an axis: `value`: the highest value; `softmax`: the highest of
            softmax(beta * vector); `gaussian`: the highest value over sigma * sqrt(2 pi), cut to
            0..1, which is mmpose's get_simcc_normalized.
        beta: Sharpness of `softmax` for x and y; 150 * sigma gives mmpose's visibility.
        sigma: Width of `gaussian` for x and y, bins; 0 leaves the values as they are.
        larger: A joint's score is the larger of its axes' scores, not the smaller.
        blur_kernel: Odd sizes for x and y, 1 to 63 bins, of the Gaussian that a DARK step is taken
            with (mmpose's refine_simcc_dark); None takes no step.
        bounded: Do not take a step of more than 2 bins, or the standard deviation of the blur if
            that is more. As published it may lead far out of a flat vector; what contracts describe
            is always decoded bounded.
        scale: Of int8 and uint8 vectors, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 vectors, what is stored for 0.

    Returns:
        Keypoints [N, K, 2] as bin / split_ratio, input px, and scores [N, K], both float32.

    Raises:
        InputError: Wrong dtype or shape, an option out of its range, integers without a scale or
            floats with one, or a vector that is NaN in every bin.

    Example:
        >>> x, y = np.float32([[[0, 0, 0.9, 0]]]), np.float32([[[0, 0.5]]])
        >>> xy, score = decode_simcc(x, y)
        >>> xy.tolist(), score.tolist()
        ([[[1.0, 0.5]]], [[0.5]])
    """
    options = (split_ratio, score, beta, sigma, larger, blur_kernel, scale, zero_point, bounded)
    xy, scores = _core.simcc_decode(simcc_x, simcc_y, *options)
    empty = np.isnan(scores)
    if empty.any():
        person, joint = np.argwhere(empty)[0].tolist()
        raise InputError(f"vectors must hold numbers; got only NaN for joint [{person}, {joint}]")
    return xy, scores


def dark_kernel(sigma: float) -> int:
    """Size of the blur that mmpose pairs with vectors of this width.

    Args:
        sigma: Width of the Gaussians that the network was trained on, bins.

    Returns:
        The largest odd size of at most (20 * sigma - 7) / 3 bins.

    Example:
        >>> dark_kernel(6.0), dark_kernel(4.9), dark_kernel(5.66)
        (37, 29, 35)
    """
    size = int((sigma * 20 - 7) // 3)
    return size - (size % 2 == 0)
