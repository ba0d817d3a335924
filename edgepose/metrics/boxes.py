# SPDX-License-Identifier: Apache-2.0
"""How far boxes overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core


def iou_matrix(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Intersection over union of every box `a` with every box `b`.

    Args:
        a: [N, 4] x1, y1, x2, y2 in any one frame.
        b: [M, 4].

    Returns:
        float64 [N, M], 0..1; 0 for boxes without area or with a NaN.

    Raises:
        InputError: Arrays that do not hold boxes.

    Example:
        >>> iou_matrix([[0, 0, 2, 2]], [[1, 0, 3, 2]]).round(4).tolist()
        [[0.3333]]
    """
    return _core.iou_matrix(np.asarray(a, np.float64), np.asarray(b, np.float64))
