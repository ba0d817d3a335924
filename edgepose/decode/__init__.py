# SPDX-License-Identifier: Apache-2.0
"""Network outputs to keypoints and boxes: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.decode.boxes import box_nms
from edgepose.decode.centers import decode_centers
from edgepose.decode.heatmap import SUBPIXEL, decode_heatmaps, heatmap_peaks
from edgepose.decode.yolox import decode_yolox

__all__ = [
    "SUBPIXEL",
    "box_nms",
    "decode_centers",
    "decode_heatmaps",
    "decode_yolox",
    "heatmap_peaks",
]
