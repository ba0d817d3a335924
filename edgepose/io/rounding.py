# SPDX-License-Identifier: Apache-2.0
"""How exact the numbers in written results are."""

from __future__ import annotations

POINT_DIGITS = 2  # image px: a hundredth of a pixel is far below what any model knows
SCORE_DIGITS = 4
TIME_DIGITS = 3  # milliseconds


def rounded(value: float, digits: int) -> float:
    """A Python float with so many decimals; never -0.0."""
    return round(float(value), digits) + 0.0
