# SPDX-License-Identifier: Apache-2.0
"""Which runtimes are installed and what they could run on."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from edgepose.backends.registry import BACKENDS


@dataclass(frozen=True, slots=True)
class Installed:
    """A runtime on this machine.

    Attributes:
        backend: Key of `BACKENDS`.
        version: None where it is not installed.
        places: Providers or devices that it could use, each with its full name where it tells.
        install: What to hand to pip to get it.
    """

    backend: str
    version: str | None
    places: tuple[str, ...]
    install: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "backend": self.backend,
            "version": self.version,
            "places": list(self.places),
            "install": self.install,
        }


def installed(backend: str) -> Installed:
    """Looks a backend's runtime up; it is imported for it.

    Args:
        backend: A key of `BACKENDS`.
    """
    entry = BACKENDS[backend]
    try:
        found = import_module(entry.module).available()
    except ImportError:
        return Installed(backend, None, (), entry.install)
    version, places = found
    return Installed(backend, version, places, entry.install)
