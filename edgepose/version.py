# SPDX-License-Identifier: Apache-2.0
"""The version of the installed package."""

from __future__ import annotations

from importlib import metadata

try:
    __version__ = metadata.version("edgepose")
except metadata.PackageNotFoundError:  # a bare source tree
    __version__ = "0+unknown"
