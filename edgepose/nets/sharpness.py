# SPDX-License-Identifier: Apache-2.0
"""How sharp maps are whose mean place is the keypoint; no PyTorch here."""

from __future__ import annotations

import math

LEAST_BETA = 1.0


def integral_beta(sigma: float, cells: int) -> float:
    """Sharpness of the softmax that exported integral maps are to be read with.

    It is the logarithm of how much higher a Gaussian of `sigma` cells peaks than a flat map of
    `cells` cells, so that the exported values go from 0 for flat to 1 for such a peak.

    Example:
        >>> round(integral_beta(1.5, 64 * 48), 3)
        5.381
    """
    return max(math.log(cells / (2 * math.pi * sigma * sigma)), LEAST_BETA)
