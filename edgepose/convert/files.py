# SPDX-License-Identifier: Apache-2.0
"""Where converted models go."""

from __future__ import annotations

import os
from pathlib import Path

from edgepose.errors import InputError


def check_target(target: Path) -> None:
    """Finds out before the work that a file can have no place.

    Raises:
        InputError: Its folder does not exist, or it is a folder itself.
    """
    if not target.parent.is_dir():
        raise InputError(f"cannot write {target}: its folder does not exist")
    if target.is_dir():
        raise InputError(f"cannot write {target}: it is a folder")


def place(source: Path, target: Path) -> int:
    """Copies a file so that the target appears whole or not at all; gives its size.

    Raises:
        InputError: It cannot be written.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        content = source.read_bytes()
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return len(content)
