# SPDX-License-Identifier: Apache-2.0
"""People over time: smoothing, matching, and where to look next."""

from __future__ import annotations

from edgepose.metrics.boxes import iou_matrix
from edgepose.track.matching import match_boxes, match_poses, match_similar
from edgepose.track.one_euro import OneEuro, OneEuroPeople
from edgepose.track.roi import rois_of_keypoints

__all__ = [
    "OneEuro",
    "OneEuroPeople",
    "iou_matrix",
    "match_boxes",
    "match_poses",
    "match_similar",
    "rois_of_keypoints",
]
