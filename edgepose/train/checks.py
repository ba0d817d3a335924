# SPDX-License-Identifier: Apache-2.0
"""Checks of a configuration's fields; the messages name the field and what it must be."""

from __future__ import annotations

from edgepose.errors import InputError


def require(good: bool, name: str, expected: str, got: object) -> None:
    """Raises an InputError that says what field `name` must be, unless `good`."""
    if not good:
        raise InputError(f"{name} must be {expected}; got {got!r}")


def require_range(name: str, value: float, low: float, high: float, *, above: bool = False) -> None:
    """Raises an InputError unless `value` is in low..high, `low` excluded if `above`."""
    good = (low < value if above else low <= value) and value <= high
    require(good, name, f"{'above' if above else 'at least'} {low} and at most {high:g}", value)
