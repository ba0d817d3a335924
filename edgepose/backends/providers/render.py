# SPDX-License-Identifier: Apache-2.0
"""What a provider is, and how its options become the runtime's texts."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any, Protocol, TypeAlias

Options: TypeAlias = dict[str, str]
Folder: TypeAlias = "str | PathLike[str] | None"


class Provider(Protocol):
    """What can be put into `providers` besides a name."""

    @property
    def name(self) -> str:
        """The runtime's name of the provider."""
        ...

    def render(self) -> Options:
        """The runtime's own options."""
        ...


def given(**options: Any) -> Options:
    """Options as text, those that are None left out."""
    return {name: str(value) for name, value in options.items() if value is not None}


def flag(value: bool) -> str:
    """`True` or `False`."""
    return "True" if value else "False"


def digit(value: bool) -> str:
    """`1` or `0`."""
    return "1" if value else "0"


def path_text(path: Folder) -> str | None:
    """A path as text."""
    return None if path is None else fspath(path)
