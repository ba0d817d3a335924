# SPDX-License-Identifier: Apache-2.0
"""Keeps OpenVINO's telemetry from being imported.

The package openvino-telemetry, which OpenVINO brings along, writes a client id into the home folder
and calls its maker as soon as `openvino` is imported. OpenVINO and NNCF do without where they
cannot import that package. A program that imports `openvino` itself before has made that choice
already.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

TELEMETRY = "openvino_telemetry"


@contextmanager
def without_telemetry() -> Iterator[None]:
    """The package cannot be imported inside; what was imported before comes back."""
    absent = object()
    kept = sys.modules.get(TELEMETRY, absent)
    sys.modules[TELEMETRY] = None  # type: ignore[assignment]  # makes its import fail
    try:
        yield
    finally:
        if kept is absent:
            del sys.modules[TELEMETRY]
        else:
            sys.modules[TELEMETRY] = kept  # type: ignore[assignment]
