# SPDX-License-Identifier: Apache-2.0
"""Inference runtimes behind one small interface."""

from __future__ import annotations

from edgepose.backends.base import Session, TensorInfo
from edgepose.backends.registry import BACKENDS, open_session

__all__ = ["BACKENDS", "Session", "TensorInfo", "open_session"]
