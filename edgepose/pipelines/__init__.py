# SPDX-License-Identifier: Apache-2.0
"""Networks with everything around them: a picture in, boxes or keypoints in its px out."""

from __future__ import annotations

from edgepose.pipelines.bottom_up import BottomUp
from edgepose.pipelines.detector import Detector
from edgepose.pipelines.network import Network, open_network
from edgepose.pipelines.people_codecs import Grouped
from edgepose.pipelines.stopwatch import Stopwatch
from edgepose.pipelines.top_down import Poses, TopDown

__all__ = [
    "BottomUp",
    "Detector",
    "Grouped",
    "Network",
    "Poses",
    "Stopwatch",
    "TopDown",
    "open_network",
]
