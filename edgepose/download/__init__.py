# SPDX-License-Identifier: Apache-2.0
"""Fetches released models; the one place of edgepose that opens a connection."""

from edgepose.download.release import Pulled, pull

__all__ = ["Pulled", "pull"]
