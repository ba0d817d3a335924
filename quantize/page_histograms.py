# SPDX-License-Identifier: Apache-2.0
"""The page's histograms: what was seen of a tensor, and what its codes cover, as SVG."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from .observe import Histogram
from .report import plan_of, tensors
from .result import Quantized

BARS = 64
SHOWN = 12


def histograms(done: Quantized) -> str:
    """Histograms of the tensors that lose most; empty where nothing of ours is rounded."""
    known = [each for each in tensors(done) if each["lost_db"] is not None]
    if not known:
        return ""
    _, seen, _ = plan_of(done)
    shown = sorted(known, key=lambda each: -each["lost_db"])[:SHOWN]
    text = (
        f"<p>The {len(shown)} of {len(known)} tensors that lose most by rounding. Bars: values "
        "seen, on a logarithmic scale; shaded: the range that the codes cover.</p>"
    )
    bars = "".join(_bars(each, seen[each["name"]]) for each in shown)
    return f'{text}<div class="bars">{bars}</div>'


def _bars(tensor: dict[str, Any], histogram: Histogram) -> str:
    """A histogram as SVG, from the least to the largest value seen."""
    low, high = min(histogram.low, 0.0), max(histogram.high, 0.0)
    span = (high - low) or 1.0
    edges = histogram.edges
    centers = (edges[:-1] + edges[1:]) / 2
    index = np.clip((centers - low) / span * BARS, 0, BARS - 1).astype(int)
    inside = (centers >= low) & (centers <= high)
    counts = np.log1p(np.bincount(index[inside], histogram.counts[inside], BARS))
    tall = counts / (counts.max() or 1.0) * 60
    left, right = ((value - low) / span * BARS for value in tensor["range"])
    rectangles = "".join(
        f'<rect x="{i}" y="{62 - t:.1f}" width=".9" height="{t:.1f}" fill="currentColor"/>'
        for i, t in enumerate(tall)
        if t > 0
    )
    title = escape(tensor["name"])
    return (
        f'<figure><svg viewBox="0 0 {BARS} 62" preserveAspectRatio="none" role="img" '
        f'aria-label="{title}" style="height:6rem"><rect x="{left:.2f}" y="0" '
        f'width="{max(right - left, 0):.2f}" height="62" fill="#8883"/>{rectangles}</svg>'
        f"<figcaption>{title}<br>seen {low:.3g} to {high:.3g}, covered {tensor['range'][0]:.3g} to "
        f"{tensor['range'][1]:.3g}; {tensor['lost_db']:.1f} dB lost</figcaption></figure>"
    )
