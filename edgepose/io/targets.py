# SPDX-License-Identifier: Apache-2.0
"""Files that are to be written: whether they have a place, and what a failure says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edgepose.errors import InputError


def check_target(target: Path) -> None:
    """Finds out before the work that a file can have no place.

    Raises:
        InputError: Its folder does not exist, or it is a folder itself.
    """
    if target.is_dir():
        raise InputError(f"cannot write {target}: it is a folder")
    if not target.parent.is_dir():
        raise InputError(f"cannot write {target}: its folder does not exist")


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns a failure to write into an InputError that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}") from error
