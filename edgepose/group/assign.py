# SPDX-License-Identifier: Apache-2.0
"""Optimal pairs of rows and columns of a table of costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core


def assign(cost: ArrayLike) -> NDArray[np.int64]:
    """Pair rows with columns at the least total cost (linear assignment).

    As many pairs as the allowed costs permit come first, then the least sum. Each row and each
    column is in at most one pair. Equal totals are decided by order alone: equal costs everywhere
    pair row i with column i.

    Args:
        cost: [N, M], N and M of any size, 0 included. Costs that are infinite, NaN or beyond 1e150
            in size forbid their pair.

    Returns:
        int64 [P, 2] rows (row, column) by rising row, P at most min(N, M).

    Raises:
        InputError: `cost` is not a table of numbers.

    Example:
        >>> assign([[1.0, 2.0], [1.0, 9.0]]).tolist()
        [[0, 1], [1, 0]]
        >>> assign([[1.0, np.inf], [0.5, np.inf]]).tolist()
        [[1, 0]]

    Source:
        Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear
        assignment problems".
    """
    return _core.assign(np.asarray(cost, np.float64))
