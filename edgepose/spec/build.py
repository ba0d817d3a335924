# SPDX-License-Identifier: Apache-2.0
"""JSON objects to contract dataclasses and back; the dataclasses check the values themselves."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

from edgepose.errors import SpecError
from edgepose.spec.check import shown

Part = TypeVar("Part")


def mapping(field: str, value: Any) -> dict[str, Any]:
    """A JSON object.

    Raises:
        SpecError: Something else.
    """
    if not isinstance(value, dict):
        raise SpecError(f"{field} must be an object; got {shown(value)}")
    for key in value:
        if not isinstance(key, str):
            raise SpecError(f"{field} must have strings as keys; got {shown(key)}")
    return value


def keys(
    field: str, value: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    """Checks which fields an object has.

    Raises:
        SpecError: A field is missing, unknown or null.
    """
    dot = f"{field}." if field else ""
    for key in required:
        if key not in value:
            raise SpecError(f"{dot}{key} is missing")
    for key, item in value.items():
        if key not in required and key not in optional:
            known = ", ".join((*required, *optional))
            raise SpecError(f"{dot}{shown(key)[1:-1]} is unknown; known here: {known}")
        if item is None:
            remedy = "; leave it out" if key in optional else ""
            raise SpecError(f"{dot}{key} must not be null{remedy}")


def build(part: type[Part], field: str, value: Any) -> Part:
    """Makes a dataclass of an object that has a key for each of its fields.

    Raises:
        SpecError: Not an object, a missing or unknown key, or a value that the class refuses.
    """
    found = mapping(field, value)
    every = fields(part)  # type: ignore[arg-type]
    required = tuple(item.name for item in every if item.default is MISSING)
    optional = tuple(item.name for item in every if item.default is not MISSING)
    keys(field, found, required, optional)
    return part(**found)


def plain(part: Any) -> dict[str, Any]:
    """A dataclass as a JSON object; fields that are None are left out."""
    pairs = ((item.name, getattr(part, item.name)) for item in fields(part))
    return {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
