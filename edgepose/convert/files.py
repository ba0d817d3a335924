# SPDX-License-Identifier: Apache-2.0
"""Where converted models go."""

from __future__ import annotations

import os
from pathlib import Path

from edgepose.io.targets import writing


def place(source: Path, target: Path) -> int:
    """Copies a file so that the target appears whole or not at all; gives its size.

    Raises:
        InputError: It cannot be written.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with writing(target):
        try:
            content = source.read_bytes()
            partial.write_bytes(content)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return len(content)
