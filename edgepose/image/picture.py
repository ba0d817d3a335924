# SPDX-License-Identifier: Apache-2.0
"""A picture in the memory of a camera or file: how it lies there, nothing is copied."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

Pixels = NDArray[np.uint8]

PACKED_ORDERS = ("rgb", "bgr", "rgba", "bgra", "argb", "abgr")
YUV_COLORS = ("bt601_full", "bt601_limited", "bt709_full", "bt709_limited")


@dataclass(frozen=True, eq=False)
class Picture:
    """A view of a picture; make it with one of the `from_...` functions.

    Attributes:
        planes: One array [H, W] or [H, W, C], or the Y, U and V planes.
        channels: Which byte of a pixel is red, green and blue; for one plane.
        yuv: One of `YUV_COLORS`; for three planes.
        quarter_turns: How often the stored picture is turned clockwise by 90 degrees to be upright.
        mirror: Whether left and right then change places.
    """

    planes: tuple[Pixels, ...]
    channels: tuple[int, int, int] = (0, 1, 2)
    yuv: str = "bt601_full"
    quarter_turns: int = 0
    mirror: bool = False

    @property
    def stored_wh(self) -> tuple[int, int]:
        """Width and height in memory."""
        height, width = self.planes[0].shape[:2]
        return width, height

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height of the upright picture, px."""
        width, height = self.stored_wh
        return (height, width) if self.quarter_turns % 2 else (width, height)

    def oriented(self, rotation_deg: int, *, mirror: bool = False) -> Picture:
        """The same memory seen upright, as a phone's sensor needs it.

        Args:
            rotation_deg: Clockwise turn that brings the stored picture upright: 0, 90, 180 or 270
                (CameraX: `imageInfo.rotationDegrees`).
            mirror: Whether left and right then change places, as previews of a front camera do.

        Returns:
            A picture whose `wh` and coordinates are those of the upright one. Turns that this
            picture already has are replaced.

        Raises:
            InputError: An angle that is not a multiple of 90.

        Example:
            >>> from_grey(np.zeros((480, 640), np.uint8)).oriented(90).wh
            (480, 640)
        """
        if rotation_deg % 90:
            raise InputError(f"rotation_deg must be a multiple of 90; got {rotation_deg!r}")
        return replace(self, quarter_turns=int(rotation_deg) // 90 % 4, mirror=mirror)

    def to_stored(self, input_to_upright: NDArray[np.float64]) -> NDArray[np.float64]:
        """Matrices [N, 2, 3] to the upright picture as matrices to the stored one."""
        if self.quarter_turns % 4 == 0 and not self.mirror:
            return input_to_upright
        return _core.orient_matrices(
            input_to_upright, self.stored_wh, self.quarter_turns, self.mirror
        )


def from_bgr(image: Pixels) -> Picture:
    """A picture as OpenCV reads it, uint8 [H, W, 3].

    Raises:
        InputError: Wrong dtype or shape.
    """
    return from_packed(image, order="bgr")


def from_rgb(image: Pixels) -> Picture:
    """A picture as most other libraries read it, uint8 [H, W, 3].

    Raises:
        InputError: Wrong dtype or shape.
    """
    return from_packed(image, order="rgb")


def from_packed(image: Pixels, *, order: str) -> Picture:
    """A picture with the channels of a pixel side by side; alpha is not looked at.

    Args:
        image: uint8 [H, W, 3] or [H, W, 4], rows at any stride.
        order: One of `PACKED_ORDERS`, in the order of memory.

    Raises:
        InputError: Wrong dtype or shape, or an unknown order.

    Example:
        >>> from_packed(np.zeros((2, 3, 4), np.uint8), order="argb").channels
        (1, 2, 3)
    """
    if order not in PACKED_ORDERS:
        raise InputError(f"order must be one of {', '.join(PACKED_ORDERS)}; got {order!r}")
    check_pixels(image, "image", f"[H,W,{len(order)}]", (None, None, len(order)))
    return Picture((image,), (order.index("r"), order.index("g"), order.index("b")))


def from_grey(image: Pixels) -> Picture:
    """A picture of one channel, uint8 [H, W]; red, green and blue are equal.

    Raises:
        InputError: Wrong dtype or shape.
    """
    check_pixels(image, "image", "[H,W]", (None, None))
    return Picture((image,), (0, 0, 0))


def check_pixels(array: Pixels, name: str, wanted: str, shape: tuple[int | None, ...]) -> None:
    """Raises InputError unless the array is uint8 of this shape, with at least one pixel."""
    fits = array.ndim == len(shape) and all(
        got >= 1 if want is None else got == want
        for got, want in zip(array.shape, shape, strict=True)
    )
    if array.dtype != np.uint8 or not fits:
        raise InputError(f"{name} must be uint8 {wanted}; got {array.dtype} {array.shape}")
