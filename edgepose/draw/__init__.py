# SPDX-License-Identifier: Apache-2.0
"""Draws results on pictures."""

from __future__ import annotations

from edgepose.draw.result import draw_result

__all__ = ["draw_result"]
