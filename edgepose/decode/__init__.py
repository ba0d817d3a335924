# SPDX-License-Identifier: Apache-2.0
"""Network outputs to keypoints and boxes: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.decode.boxes import box_nms
from edgepose.decode.centers import decode_centers
from edgepose.decode.heatmap import SUBPIXEL, decode_heatmaps, heatmap_peaks
from edgepose.decode.merge_flip import merge_flip
from edgepose.decode.roi import decode_roi_maps
from edgepose.decode.simcc import SIMCC_SCORE, decode_simcc
from edgepose.decode.volume import argmax_3d, soft_argmax_3d
from edgepose.decode.yolox import decode_yolox

__all__ = [
    "SIMCC_SCORE",
    "SUBPIXEL",
    "argmax_3d",
    "box_nms",
    "decode_centers",
    "decode_heatmaps",
    "decode_roi_maps",
    "decode_simcc",
    "decode_yolox",
    "heatmap_peaks",
    "merge_flip",
    "soft_argmax_3d",
]
