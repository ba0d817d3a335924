# SPDX-License-Identifier: Apache-2.0
"""Flip test: the outputs for a picture and for its mirror image, made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError


def merge_flip(
    maps: NDArray[Any],
    flipped: NDArray[Any],
    *,
    flip_pairs: Sequence[tuple[int, int]] | NDArray[np.integer[Any]],
    shift: int = 0,
    mirror: bool = True,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Average maps with those of the mirror image: mirrored back, left and right joints swapped.

    Both inputs are only read. For SimCC merge the vectors over x as they are, and those over y with
    `mirror=False`.

    Args:
        maps: float32, float16, int8 or uint8 [N, K, H, W] or [N, K, W], any strides.
        flipped: Output for the mirrored pictures, of the same shape.
        flip_pairs: Pairs of joints that change places in a mirror, each joint in one pair at most.
        shift: Cells that the mirrored maps are moved to the right by; columns that nothing moves
            into stay. 1 is the SHIFT_HEATMAP of HRNet, -1 that of SimCC; 0 is right for networks
            trained with UDP.
        mirror: Read `flipped` from right to left.
        channels_last: The maps are [N, H, W, K].
        scale: Of int8 and uint8 maps, 1e-30 to 1e30; None for floats.
        zero_point: Of int8 and uint8 maps, what is stored for 0.
        out: Contiguous float32 [N, K, H, W] (or [N, K, W]) that takes the result, apart from both
            inputs; None makes one.

    Returns:
        float32 [N, K, H, W] or [N, K, W]: `out`, where it was given.

    Raises:
        InputError: Wrong dtypes or shapes, a joint outside 0..K-1 or in two pairs, an `out` that
            shares memory with an input, integers without a scale or floats with one.

    Example:
        >>> maps = np.float32([[[[0, 1, 2]], [[0, 0, 4]]]])
        >>> merge_flip(maps, maps, flip_pairs=[(0, 1)]).tolist()
        [[[[2.0, 0.5, 1.0]], [[1.0, 0.5, 2.0]]]]
    """
    axis = 3 if channels_last else 1
    known = maps.ndim in (3, 4) and axis < maps.ndim  # otherwise the core refuses the maps
    return _core.merge_flip(
        maps,
        flipped,
        _joint_of(flip_pairs, maps.shape[axis]) if known else np.zeros(0, np.int64),
        shift,
        mirror,
        channels_last,
        scale,
        zero_point,
        out,
    )


def _joint_of(
    flip_pairs: Sequence[tuple[int, int]] | NDArray[np.integer[Any]], joints: int
) -> NDArray[np.int64]:
    """For each joint the one that it becomes in a mirror."""
    pairs = np.asarray(flip_pairs).reshape(-1, 2) if len(flip_pairs) else np.zeros((0, 2), np.int64)
    outside = (pairs < 0) | (pairs >= joints)
    if outside.any() or len(np.unique(pairs)) != pairs.size:
        raise InputError(
            f"flip_pairs must name joints of 0..{joints - 1}, each once; got {pairs.tolist()}"
        )
    joint_of = np.arange(joints, dtype=np.int64)
    joint_of[pairs] = pairs[:, ::-1]
    return joint_of
