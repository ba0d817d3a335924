# SPDX-License-Identifier: Apache-2.0
"""Volumetric heatmaps to keypoints in 3D."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError


def argmax_3d(
    volumes: NDArray[Any], *, scale: float | None = None, zero_point: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find the highest cell of each volume.

    Args:
        volumes: float32, float16, int8 or uint8 [N, K, D, H, W], any strides.
        scale: Of int8 and uint8 volumes, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 volumes, what is stored for 0.

    Returns:
        Keypoints [N, K, 3] as x, y, z in cells and the values [N, K] of the highest cells, both
        float32. The first maximum in row-major order wins; NaN cells are passed over.

    Raises:
        InputError: Wrong dtype or shape, integers without a scale or floats with one, or a volume
            that is NaN in every cell.

    Example:
        >>> volumes = np.zeros((1, 1, 2, 3, 4), np.float32)
        >>> volumes[0, 0, 1, 2, 3] = 0.5
        >>> xyz, score = argmax_3d(volumes)
        >>> xyz.tolist(), score.tolist()
        ([[[3.0, 2.0, 1.0]]], [[0.5]])
    """
    return _numbers(*_core.volume_decode(volumes, None, scale, zero_point))


def soft_argmax_3d(
    volumes: NDArray[Any],
    *,
    beta: float = 1.0,
    scale: float | None = None,
    zero_point: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find the mean place of each volume under softmax(beta * volume) (Sun et al. 2018).

    The largest value is taken off before the exponential, so no value is too large. Where that is
    infinite its cell is the place.

    Args:
        volumes: float32, float16, int8 or uint8 [N, K, D, H, W], any strides.
        beta: Sharpness, positive.
        scale: Of int8 and uint8 volumes, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 volumes, what is stored for 0.

    Returns:
        Keypoints [N, K, 3] as x, y, z in cells and the values [N, K] of the highest cells, both
        float32. The regression of Sun et al. is xyz / (W, H, D) - 0.5.

    Raises:
        InputError: Wrong dtype or shape, a `beta` that is not positive and finite, integers without
            a scale or floats with one, or a volume that is NaN in every cell.

    Example:
        >>> xyz, score = soft_argmax_3d(np.zeros((1, 1, 3, 5, 7), np.float32))
        >>> xyz.tolist(), score.tolist()
        ([[[3.0, 2.0, 1.0]]], [[0.0]])
    """
    return _numbers(*_core.volume_decode(volumes, beta, scale, zero_point))


def _numbers(
    xyz: NDArray[np.float32], score: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    empty = np.isnan(score)
    if empty.any():
        person, joint = np.argwhere(empty)[0].tolist()
        raise InputError(f"volumes must hold numbers; got only NaN in volume [{person}, {joint}]")
    return xyz, score
