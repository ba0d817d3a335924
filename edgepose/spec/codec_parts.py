# SPDX-License-Identifier: Apache-2.0
"""What the codecs have in common: shapes, strides, warps, blurs."""

from __future__ import annotations

from typing import Any, TypeAlias

from edgepose.errors import SpecError
from edgepose.spec import check
from edgepose.spec.input import InputSpec

Axis: TypeAlias = "int | range | None"
Shape: TypeAlias = tuple[Axis, ...]

WARPS = ("half_pixel", "udp", "legacy")
MAX_STRIDE = 128
MAX_CHANNELS = 10_000
MAX_PEOPLE = 1_000


def check_maps(codec: Any) -> None:
    """The stride and the warp of a codec of maps."""
    check.integer("codec.stride", codec.stride, 1, MAX_STRIDE)
    check.choice("codec.warp", codec.warp, WARPS)


def check_numbers(codec: Any, bounds: dict[str, tuple[float, float]]) -> None:
    """Numbers of a codec by name, each with its least and greatest value; they become floats."""
    for name, (low, high) in bounds.items():
        value = check.number(f"codec.{name}", getattr(codec, name), low, high)
        object.__setattr__(codec, name, value)


def odd(field: str, value: Any, low: int = 1) -> int:
    """An odd whole number low..63."""
    found = check.integer(field, value, low, 63)
    if found % 2 == 0:
        raise SpecError(f"{field} must be odd; got {found}")
    return found


def belongs(field: str, value: object, choice: tuple[str, str], owners: tuple[str, ...]) -> None:
    """A field that some choices of another need and the rest does not know.

    Args:
        field: Its name within the codec.
        value: Its value, None if absent.
        choice: Name and value of the other field.
        owners: Values of the other field that need this one.

    Raises:
        SpecError: It is missing or does not belong there.
    """
    name, chosen = choice
    if chosen in owners and value is None:
        raise SpecError(f"codec.{field} is missing; {name} {chosen!r} needs it")
    if chosen not in owners and value is not None:
        wanted = ", ".join(map(repr, owners))
        raise SpecError(f"codec.{field} belongs to {name} {wanted}; got {name} {chosen!r}")


def divides(stride: int, input_spec: InputSpec) -> None:
    """Cells of a stride must tile the input."""
    for side in ("width", "height"):
        value = getattr(input_spec, side)
        if value % stride:
            raise SpecError(f"input.{side} must be a multiple of stride {stride}; got {value}")


def tiles(codec: Any, input_spec: InputSpec) -> None:
    """Cells of a codec's maps must tile the input, and warp "udp" needs a distance to scale by."""
    divides(codec.stride, input_spec)
    if codec.warp == "udp" and min(input_spec.wh) < 2:
        width, height = input_spec.wh
        raise SpecError(f"codec.warp 'udp' needs an input of at least 2x2; got {width}x{height}")


def map_shape(channels: Axis, stride: int, input_spec: InputSpec) -> Shape:
    """[N, channels, height / stride, width / stride]."""
    return None, channels, input_spec.height // stride, input_spec.width // stride
