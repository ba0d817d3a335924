# SPDX-License-Identifier: Apache-2.0
"""What a network expects at its input."""

from __future__ import annotations

from dataclasses import dataclass

from edgepose.errors import SpecError
from edgepose.spec import check

LAYOUTS = ("NCHW", "NHWC")
DTYPES = ("float32",)
COLORS = ("rgb", "bgr")
RESIZES = ("crop", "letterbox", "stretch")
ANCHORS = ("center", "top_left")
SHRINKS = ("bilinear", "area")
MAX_SIDE = 4096


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The one input of a network and how a picture becomes it.

    Attributes:
        name: Name of the tensor.
        width: Columns, px.
        height: Rows, px.
        layout: "NCHW" or "NHWC": order of the axes of the input and of outputs that are maps.
        dtype: "float32".
        color: Order of the channels, "rgb" or "bgr".
        mean: Grey levels 0..255 taken off each channel, in the order of `color`.
        std: Grey levels each channel is then divided by, in the order of `color`.
        resize: "crop" cuts a padded box out, "letterbox" takes the whole picture and keeps its
            aspect, "stretch" does not keep it.
        pad_value: Grey level 0..255 outside the picture, before mean and std.
        anchor: Where a letterboxed picture lies, "center" or "top_left"; only with "letterbox".
        box_padding: Factor on a box's width and height; only with "crop".
        shrink: What an input pixel takes where it covers several of the picture: "bilinear" blends
            the four around its centre, "area" averages all; None is "bilinear".

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    name: str
    width: int
    height: int
    layout: str
    dtype: str
    color: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    resize: str
    pad_value: float
    anchor: str | None = None
    box_padding: float | None = None
    shrink: str | None = None

    def __post_init__(self) -> None:
        check.text("input.name", self.name)
        check.integer("input.width", self.width, 1, MAX_SIDE)
        check.integer("input.height", self.height, 1, MAX_SIDE)
        check.choice("input.layout", self.layout, LAYOUTS)
        check.choice("input.dtype", self.dtype, DTYPES)
        check.choice("input.color", self.color, COLORS)
        mean = check.numbers("input.mean", self.mean, (3, 3), 0, 255)
        object.__setattr__(self, "mean", mean)
        std = check.numbers("input.std", self.std, (3, 3), 0, 1e4, above=True)
        object.__setattr__(self, "std", std)
        check.choice("input.resize", self.resize, RESIZES)
        pad = check.number("input.pad_value", self.pad_value, 0, 255)
        object.__setattr__(self, "pad_value", pad)
        _belongs("input.anchor", self.anchor, self.resize, "letterbox")
        _belongs("input.box_padding", self.box_padding, self.resize, "crop")
        if self.anchor is not None:
            check.choice("input.anchor", self.anchor, ANCHORS)
        if self.box_padding is not None:
            padding = check.number("input.box_padding", self.box_padding, 0, 10, above=True)
            object.__setattr__(self, "box_padding", padding)
        if self.shrink is not None:
            check.choice("input.shrink", self.shrink, SHRINKS)

    @property
    def shape(self) -> tuple[None, int, int, int]:
        """Lengths of the axes; None is the number of pictures."""
        if self.layout == "NHWC":
            return None, self.height, self.width, 3
        return None, 3, self.height, self.width

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.width, self.height


def _belongs(field: str, value: object, resize: str, owner: str) -> None:
    """A field that one way of resizing needs and the others do not know."""
    if resize == owner and value is None:
        raise SpecError(f"{field} is missing; resize {owner!r} needs it")
    if resize != owner and value is not None:
        raise SpecError(f"{field} belongs to resize {owner!r}; got resize {resize!r}")
