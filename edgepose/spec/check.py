# SPDX-License-Identifier: Apache-2.0
"""Checks of single contract fields; each returns the value in its plain immutable form.

All raise SpecError naming the field, what was expected and what came. A boolean is no number here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from edgepose.errors import SpecError

T = TypeVar("T")

MAX_TEXT = 10_000
# Decoders and pictures take float32, in which what is nearer to 0 is 0 or loses its digits.
LEAST_SIZE = 2.0**-126


def shown(value: Any) -> str:
    """A value as a message shows it: JSON-like and short."""
    kinds = {dict: "an object", list: "a list", tuple: "a list", type(None): "null"}
    if type(value) in kinds:
        return kinds[type(value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 200:  # Python refuses to print long ones
        return f"a number of {value.bit_length()} bits"
    text = repr(value[:60] if isinstance(value, str) else value)
    return text if len(text) <= 60 else text[:57] + "..."


def text(field: str, value: Any) -> str:
    """A non-empty string that UTF-8 and a C program can hold."""
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
        raise SpecError(f"{field} must be a string of 1..{MAX_TEXT} characters; got {shown(value)}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise SpecError(f"{field} must be valid Unicode; got {ascii(value)[:60]}") from error
    if "\0" in value:
        raise SpecError(f"{field} must be without zero characters; got {ascii(value)[:60]}")
    return value


def choice(field: str, value: Any, choices: Sequence[str]) -> str:
    """One of a few strings."""
    if not isinstance(value, str) or value not in choices:
        wanted = ", ".join(map(repr, choices))
        raise SpecError(f"{field} must be one of {wanted}; got {shown(value)}")
    return value


def boolean(field: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise SpecError(f"{field} must be true or false; got {shown(value)}")
    return value


def sha256(field: str, value: Any) -> str:
    """64 hexadecimal digits in lower case."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise SpecError(f"{field} must be 64 hexadecimal digits in lower case; got {shown(value)}")
    return value


def integer(field: str, value: Any, low: int, high: int) -> int:
    """A whole number low..high."""
    if type(value) is not int or not low <= value <= high:
        raise SpecError(f"{field} must be a whole number {low}..{high}; got {shown(value)}")
    return value


def number(field: str, value: Any, low: float, high: float, *, above: bool = False) -> float:
    """A finite number low..high that float32 holds; with `above`, low itself is excluded."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    if good and isinstance(value, float) and not math.isfinite(value):
        good = False
    if not good or not low <= value <= high or (above and value == low):
        wanted = f"above {low:g} and at most {high:g}" if above else f"{low:g}..{high:g}"
        raise SpecError(f"{field} must be a number {wanted}; got {shown(value)}")
    if 0 < abs(value) < LEAST_SIZE:
        wanted = f"no nearer to 0 than {LEAST_SIZE:g}, the least of float32"
        raise SpecError(f"{field} must be {wanted}; got {shown(value)}")
    return float(value) + 0.0  # -0.0 would equal 0.0 and yet be written differently


def items(field: str, value: Any, low: int, high: int) -> tuple[Any, ...]:
    """A list of low..high items, as a tuple."""
    if not isinstance(value, (list, tuple)) or not low <= len(value) <= high:
        wanted = f"{low}" if low == high else f"{low}..{high}"
        got = f"{len(value)} items" if isinstance(value, (list, tuple)) else shown(value)
        raise SpecError(f"{field} must be a list of {wanted} items; got {got}")
    return tuple(value)


def numbers(
    field: str, value: Any, count: tuple[int, int], low: float, high: float, *, above: bool = False
) -> tuple[float, ...]:
    """A list of count[0]..count[1] finite numbers."""
    found = items(field, value, *count)
    return tuple(
        number(f"{field}[{i}]", item, low, high, above=above) for i, item in enumerate(found)
    )


def different(field: str, values: tuple[T, ...]) -> tuple[T, ...]:
    """The values, if no two are equal."""
    for index, value in enumerate(values):
        if value in values[:index]:
            raise SpecError(f"{field} must differ; got {shown(value)} twice")
    return values
