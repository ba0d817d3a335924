# SPDX-License-Identifier: Apache-2.0
"""How much of a tensor's range the codes cover: values beyond it are cut, values in it rounded.

- minmax: everything that was seen.
- percentile: all but the outermost 0.005 % of the values at each end.
- mse: the range of least expected squared error, cutting and rounding together.
- entropy: the range whose codes tell most about the values, by Kullback-Leibler divergence of the
  rounded from the true distribution (the idea is Migacz, "8-bit inference with TensorRT", 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .observe import Histogram

Range: TypeAlias = tuple[float, float]
Method = Literal["minmax", "percentile", "entropy", "mse"]
CODES = 256
OUTSIDE = 5e-5
# Shares of the full range that are tried.
SHARES = np.concatenate([np.linspace(0.1, 0.6, 26), np.linspace(0.62, 1.0, 39)])


def minmax(histogram: Histogram) -> Range:
    """Everything that was seen, and zero."""
    return min(histogram.low, 0.0), max(histogram.high, 0.0)


def percentile(histogram: Histogram) -> Range:
    """All but `OUTSIDE` of the values at each end."""
    total = histogram.counts.sum()
    if total == 0:
        return minmax(histogram)
    below = np.cumsum(histogram.counts) / total
    edges = histogram.edges
    low = edges[np.searchsorted(below, OUTSIDE)]
    high = edges[np.searchsorted(below, 1 - OUTSIDE) + 1]
    least, most = minmax(histogram)
    return max(least, min(float(low), 0.0)), min(most, max(float(high), 0.0))


def mse(histogram: Histogram) -> Range:
    """The range of least expected squared error."""
    return _search(histogram, _squared_error)


def entropy(histogram: Histogram) -> Range:
    """The range of least divergence."""
    return _search(histogram, _divergence)


METHODS: Mapping[str, Callable[[Histogram], Range]] = {
    "minmax": minmax,
    "percentile": percentile,
    "entropy": entropy,
    "mse": mse,
}

Cost: TypeAlias = Callable[[NDArray[np.float64], NDArray[np.float64], float, float], float]


def _search(histogram: Histogram, cost: Cost) -> Range:
    """Shrinks one end, then the other, to the share of least cost; the full range wins ties."""
    low, high = least, most = minmax(histogram)
    if histogram.counts.sum() == 0 or least == most:
        return least, most
    edges = histogram.edges
    used = np.flatnonzero(histogram.counts)
    kept = slice(int(used[0]), int(used[-1]) + 1)
    counts = histogram.counts[kept] / histogram.counts.sum()
    centers = ((edges[:-1] + edges[1:]) / 2)[kept]
    for _ in range(2 if least < 0 < most else 1):
        if most > 0:
            costs = [cost(counts, centers, low, share * most) for share in SHARES]
            high = most * SHARES[len(SHARES) - 1 - int(np.argmin(costs[::-1]))]
        if least < 0:
            costs = [cost(counts, centers, share * least, high) for share in SHARES]
            low = least * SHARES[len(SHARES) - 1 - int(np.argmin(costs[::-1]))]
    return float(low), float(high)


def _squared_error(
    counts: NDArray[np.float64], centers: NDArray[np.float64], low: float, high: float
) -> float:
    step = (high - low) / (CODES - 1)
    beyond = centers - np.clip(centers, low, high)
    inside = beyond == 0
    return float((counts * beyond**2).sum() + counts[inside].sum() * step**2 / 12)


def _divergence(
    counts: NDArray[np.float64], centers: NDArray[np.float64], low: float, high: float
) -> float:
    """Of the distribution after rounding from the one before, with what is cut at the ends."""
    step = (high - low) / (CODES - 1)
    code = np.clip(np.rint((centers - low) / step), 0, CODES - 1).astype(np.int64)
    inside = (centers >= low - step / 2) & (centers <= high + step / 2)
    true = np.where(inside, counts, 0.0)
    ends = np.flatnonzero(inside)
    if len(ends) == 0:
        return np.inf
    true[ends[0]] += counts[: ends[0]].sum()
    true[ends[-1]] += counts[ends[-1] + 1 :].sum()
    filled = inside & (counts > 0)
    mass = np.bincount(code[filled], counts[filled], CODES)
    bins = np.bincount(code[filled], minlength=CODES)
    told = np.where(filled, mass[code] / np.maximum(bins[code], 1), 0.0)
    told /= told.sum() or 1.0
    both = (true > 0) & (told > 0)
    lost = true[(true > 0) & (told == 0)].sum()
    return float((true[both] * np.log(true[both] / told[both])).sum() + 10.0 * lost)
