# SPDX-License-Identifier: Apache-2.0
"""Checks that the options of all runtimes share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from edgepose.errors import InputError


def whole(name: str, value: Any, least: int = 1) -> None:
    """A whole number of at least `least`.

    Raises:
        InputError: Anything else.
    """
    if type(value) is not int or value < least:
        raise InputError(f"{name} must be a whole number of at least {least}; got {value!r}")


def whole_or_none(name: str, value: Any, least: int = 1) -> None:
    """The same, or None.

    Raises:
        InputError: Anything else.
    """
    if value is not None:
        whole(name, value, least)


def choice(name: str, value: Any, known: Sequence[str | None]) -> None:
    """One of some texts; None only where it is among them.

    Raises:
        InputError: Anything else.
    """
    if value not in known or not isinstance(value, (str, type(None))):
        shown = ", ".join("None" if item is None else item for item in known)
        raise InputError(f"{name} must be one of {shown}; got {value!r}")


def buckets(value: Any) -> tuple[int, ...]:
    """Rising batch sizes.

    Raises:
        InputError: Not whole numbers of at least 1 that rise.
    """
    sizes = tuple(value)
    for size in sizes:
        whole("a batch bucket", size)
    if any(a >= b for a, b in pairwise(sizes)):
        raise InputError(f"batch_buckets must rise; got {list(sizes)}")
    return sizes
