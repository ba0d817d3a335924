# SPDX-License-Identifier: Apache-2.0
"""One set of networks for many pictures at a time: several cameras, or one without pauses."""

from __future__ import annotations

from edgepose.serving.pipelined import pipelined
from edgepose.serving.pool import PosePool
from edgepose.serving.stream import Stream, StreamStatistics

__all__ = ["PosePool", "Stream", "StreamStatistics", "pipelined"]
