# SPDX-License-Identifier: Apache-2.0
"""Input sizes of a multi-scale test, and the way back from its maps to the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError

_STEP = 64  # sides of the input are multiples of this before they are scaled


@dataclass(frozen=True)
class ScaledInput:
    """How a picture enters the network at one scale.

    Attributes:
        size_wh: Width and height of the input.
        center_xy: Centre of the picture in its px, as HigherHRNet rounds it.
        scale_wh: Width and height of the part of the picture that the input shows, in 200 px.
    """

    size_wh: tuple[int, int]
    center_xy: tuple[int, int]
    scale_wh: tuple[float, float]


def scaled_input(
    image_wh: tuple[int, int], input_size: int, scale: float = 1.0, min_scale: float = 1.0
) -> ScaledInput:
    """Size of the network's input for a picture at one of several scales.

    The shorter side becomes `input_size` times `scale`, the longer one keeps the aspect up to the
    next multiple of 64 at the smallest scale.

    Args:
        image_wh: Width and height of the picture, px.
        input_size: Shorter side of the input at scale 1.
        scale: The scale at hand.
        min_scale: The smallest of all scales in use.

    Returns:
        Size, centre and scale as HigherHRNet defines them.

    Raises:
        InputError: A size or scale that is not positive.

    Example:
        >>> scaled_input((640, 480), 512).size_wh
        (704, 512)
    """
    width, height = image_wh
    if min(width, height, input_size) < 1 or not (scale > 0 and min_scale > 0):
        raise InputError(
            f"sizes and scales must be positive; got {image_wh}, {input_size}, {scale}, {min_scale}"
        )
    smallest = int((min_scale * input_size + _STEP - 1) // _STEP * _STEP)
    shorter, longer = min(width, height), max(width, height)
    short_side = int(smallest * scale / min_scale)
    rounded = int((smallest / shorter * longer + _STEP - 1) // _STEP * _STEP)
    long_side = int(rounded * scale / min_scale)
    short_scale = shorter / 200.0
    long_scale = long_side / short_side * shorter / 200.0
    center = (int(width / 2.0 + 0.5), int(height / 2.0 + 0.5))
    if width < height:
        return ScaledInput((short_side, long_side), center, (short_scale, long_scale))
    return ScaledInput((long_side, short_side), center, (long_scale, short_scale))


def to_image(
    xy: ArrayLike, center_xy: ArrayLike, scale_wh: ArrayLike, map_wh: tuple[int, int]
) -> NDArray[np.float64]:
    """Bring keypoints from the maps back to the picture.

    Args:
        xy: [..., 2] in cells of maps of size `map_wh`.
        center_xy: Of the `ScaledInput`.
        scale_wh: Of the `ScaledInput`; only the width counts, the aspect being kept.
        map_wh: Width and height of the maps.

    Returns:
        float64 [..., 2] px of the picture.

    Raises:
        InputError: `xy` that does not hold points, or a map width that is not positive.

    Example:
        >>> to_image([[80.0, 64.0]], (320, 240), (3.2, 2.4), (160, 128)).tolist()
        [[320.0, 240.0]]
    """
    points = np.asarray(xy, np.float64)
    if points.ndim < 1 or points.shape[-1] != 2:
        raise InputError(f"xy must be [...,2]; got {points.shape}")
    if map_wh[0] < 1:
        raise InputError(f"map_wh must be positive; got {map_wh}")
    factor = float(np.asarray(scale_wh, np.float64)[0]) * 200.0 / map_wh[0]
    middle = np.array([map_wh[0] * 0.5, map_wh[1] * 0.5])
    return np.asarray((points - middle) * factor + np.asarray(center_xy, np.float64))
