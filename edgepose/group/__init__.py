# SPDX-License-Identifier: Apache-2.0
"""Loose keypoints to people: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.group.assign import assign

__all__ = [
    "assign",
]
