# SPDX-License-Identifier: Apache-2.0
"""Heatmap decoding of one map [H, W] at a time, in float64."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]


def argmax(heatmap: Map) -> tuple[int, int, float]:
    """First maximum in row-major order, NaN passed over."""
    filled = np.where(np.isnan(heatmap), -np.inf, heatmap)
    numbers = ~np.isnan(heatmap)
    if not numbers.any():
        return 0, 0, float("nan")
    best = filled[numbers].max()
    y, x = np.argwhere(numbers & (filled == best))[0].tolist()
    return x, y, float(best)


def none(heatmap: Map) -> tuple[float, float]:
    """The cell itself."""
    x, y, _ = argmax(heatmap)
    return x, y


def quarter(heatmap: Map) -> tuple[float, float]:
    """A quarter of a cell towards the higher neighbour."""
    x, y, _ = argmax(heatmap)
    height, width = heatmap.shape
    if not (1 < x < width - 1 and 1 < y < height - 1):
        return x, y
    step_x = np.sign(heatmap[y, x + 1] - heatmap[y, x - 1])
    step_y = np.sign(heatmap[y + 1, x] - heatmap[y - 1, x])
    return x + 0.25 * step_x, y + 0.25 * step_y


def quadratic(heatmap: Map) -> tuple[float, float]:
    """Vertex of the parabola through three cells, per axis."""
    x, y, _ = argmax(heatmap)
    height, width = heatmap.shape
    cells = heatmap.astype(np.float64)
    place = [float(x), float(y)]
    if 0 < x < width - 1:
        place[0] += _vertex(cells[y, x - 1], cells[y, x], cells[y, x + 1])
    if 0 < y < height - 1:
        place[1] += _vertex(cells[y - 1, x], cells[y, x], cells[y + 1, x])
    return place[0], place[1]


def _vertex(low: float, middle: float, high: float) -> float:
    curve = 2 * middle - low - high
    return float(np.clip(0.5 * (high - low) / curve, -0.5, 0.5)) if curve > 0 else 0.0


def blurred(heatmap: Map, size: int) -> NDArray[np.float64]:
    """The map blurred with zeros outside and rescaled to its old maximum."""
    smooth = cv2.GaussianBlur(
        heatmap.astype(np.float64), (size, size), 0, borderType=cv2.BORDER_CONSTANT
    )
    return np.asarray(smooth * heatmap.max() / smooth.max(), np.float64)


def dark(heatmap: Map, size: int = 11) -> tuple[float, float]:
    """Taylor step on the log of the blurred map, differences over two cells."""
    x, y, score = argmax(heatmap)
    height, width = heatmap.shape
    if not (1 < x < width - 2 and 1 < y < height - 2) or score <= 0:
        return x, y
    log = np.log(np.maximum(blurred(heatmap, size), 1e-10))
    gradient = 0.5 * np.array([log[y, x + 1] - log[y, x - 1], log[y + 1, x] - log[y - 1, x]])
    xx = 0.25 * (log[y, x + 2] - 2 * log[y, x] + log[y, x - 2])
    yy = 0.25 * (log[y + 2, x] - 2 * log[y, x] + log[y - 2, x])
    xy = 0.25 * (log[y + 1, x + 1] - log[y - 1, x + 1] - log[y + 1, x - 1] + log[y - 1, x - 1])
    step = np.linalg.solve(np.array([[xx, xy], [xy, yy]]), gradient)
    return float(x - step[0]), float(y - step[1])


def udp(heatmap: Map, size: int = 11) -> tuple[float, float]:
    """Taylor step on the log of the blurred map, differences over one cell, border repeated."""
    x, y, score = argmax(heatmap)
    if score <= 0:
        return x, y
    log = np.pad(np.log(np.clip(blurred(heatmap, size), 1e-3, 50.0)), 1, mode="edge")
    around = log[y : y + 3, x : x + 3]
    middle = around[1, 1]
    left, right = around[1, 0], around[1, 2]
    above, below = around[0, 1], around[2, 1]
    gradient = 0.5 * np.array([right - left, below - above])
    xy = 0.5 * (around[2, 2] - right - below + 2 * middle - left - above + around[0, 0])
    hessian = np.array([[right - 2 * middle + left, xy], [xy, below - 2 * middle + above]])
    step = np.linalg.solve(hessian + np.finfo(np.float32).eps * np.eye(2), gradient)
    return float(x - step[0]), float(y - step[1])


def integral(heatmap: Map, beta: float = 1.0, *, debias: bool = False) -> tuple[float, float]:
    """Mean place under softmax(beta * map), NaN weighing nothing."""
    x, y, score = argmax(heatmap)
    if not np.isfinite(score):
        return x, y
    sharp = beta * np.nan_to_num(heatmap.astype(np.float64), nan=-np.inf, neginf=-np.inf)
    weight = np.exp(sharp - sharp.max())
    across = weight.sum(axis=0) @ np.arange(heatmap.shape[1])
    down = weight.sum(axis=1) @ np.arange(heatmap.shape[0])
    place = np.array([across, down]) / weight.sum()
    if debias:
        total = np.exp(sharp).sum()
        size = np.array(heatmap.shape[::-1])
        place = total / (total - 1) * (place - size / (2 * total))
    return float(place[0]), float(place[1])


def peaks(
    heatmaps: NDArray[np.float32], threshold: float, radius: int, max_peaks: int
) -> list[tuple[int, int, int, float]]:
    """Rows channel, x, y, score."""
    rows: list[tuple[int, int, int, float]] = []
    for channel, heatmap in enumerate(heatmaps):
        found = []
        for y, x in np.argwhere(heatmap > threshold).tolist():
            window = heatmap[
                max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1
            ]
            if not (window > heatmap[y, x]).any():
                found.append((channel, x, y, float(heatmap[y, x])))
        found.sort(key=lambda row: (-row[3], row[2], row[1]))
        rows += found[:max_peaks]
    return rows
