# SPDX-License-Identifier: Apache-2.0
"""Inference runtimes behind one small interface."""

from __future__ import annotations

from edgepose.backends.base import Bound, Session, TensorInfo
from edgepose.backends.options import OnnxRuntimeOptions, OpenVinoOptions
from edgepose.backends.providers import Provider
from edgepose.backends.registry import BACKENDS, open_session
from edgepose.backends.report import SessionReport, Share

__all__ = [
    "BACKENDS",
    "Bound",
    "OnnxRuntimeOptions",
    "OpenVinoOptions",
    "Provider",
    "Session",
    "SessionReport",
    "Share",
    "TensorInfo",
    "open_session",
]
