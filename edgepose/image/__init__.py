# SPDX-License-Identifier: Apache-2.0
"""Pictures as cameras store them, to the input of a network: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.image.crop import crop_normalize, letterbox
from edgepose.image.picture import (
    PACKED_ORDERS,
    YUV_COLORS,
    Picture,
    from_bgr,
    from_grey,
    from_packed,
    from_rgb,
)
from edgepose.image.yuv import from_i420, from_nv12, from_nv21, from_yuv420, from_yuv_420_888

__all__ = [
    "PACKED_ORDERS",
    "YUV_COLORS",
    "Picture",
    "crop_normalize",
    "from_bgr",
    "from_grey",
    "from_i420",
    "from_nv12",
    "from_nv21",
    "from_packed",
    "from_rgb",
    "from_yuv420",
    "from_yuv_420_888",
    "letterbox",
]
