# SPDX-License-Identifier: Apache-2.0
"""Shared parts of the immutable types: read-only arrays, checks, pickling."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError


class Frozen:
    """Base of the frozen dataclasses; copies and pickles go through the constructor.

    Without it an unpickled array would be writable again.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        values = tuple(getattr(self, item.name) for item in fields(self))  # type: ignore[arg-type]
        return type(self), values


def read_only(values: ArrayLike, shape: tuple[int | None, ...], name: str) -> NDArray[np.float32]:
    """A read-only float32 copy.

    Args:
        values: Finite numbers.
        shape: Lengths of the axes; None is any length.
        name: What the message calls the array.

    Raises:
        InputError: Not numbers, another shape, NaN or infinite.
    """
    try:
        found = np.asarray(values)
        if found.dtype.kind not in "fiu" and found.size:
            raise TypeError(f"no real numbers: {found.dtype}")
        with np.errstate(over="ignore"):  # beyond float32 is infinite, which is refused below
            array = np.array(found, dtype=np.float32, order="C")
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{name} must be numbers; got {type(values).__name__}") from error
    if array.ndim != len(shape) or any(
        want is not None and want != got for want, got in zip(shape, array.shape, strict=True)
    ):
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise InputError(f"{name} must have shape ({wanted}); got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError(f"{name} must be finite; got NaN or infinity")
    array.setflags(write=False)
    return array


def finite(value: float, name: str) -> float:
    """A finite Python float.

    Raises:
        InputError: Not a number, NaN or infinite.
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{name} must be a number; got {type(value).__name__}") from error
    if not math.isfinite(number):
        raise InputError(f"{name} must be finite; got {number}")
    return number


def keypoint_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a tuple.

    Raises:
        InputError: One string, or anything but strings in it.
    """
    try:
        found = () if isinstance(names, (str, bytes)) else tuple(names)
    except TypeError:
        found = ()
    if not found or not all(isinstance(name, str) and name for name in found):
        raise InputError(f"names must be one or more non-empty strings; got {names!r}")
    return found


def image_size(image_wh: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a picture as positive Python integers.

    Raises:
        InputError: Not two positive whole numbers.
    """
    try:
        width, height = (int(value) for value in image_wh)
        whole = (width, height) == tuple(image_wh)
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole or width < 1 or height < 1:
        raise InputError(f"image_wh must be two positive whole numbers; got {image_wh!r}")
    return width, height
