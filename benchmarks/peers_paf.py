# SPDX-License-Identifier: Apache-2.0
"""PAF grouping in vectorised NumPy, the way a careful user would write it.

Peaks by whole-map comparisons, all pairs of a limb scored at once, greedy matching. Assembly
follows the owners of a limb's start whatever the preset: little time lies there.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.group import PAF_COCO_18, PafOptions, PafSkeleton

Map = NDArray[np.float32]

# Where the 18 parts lie in a person's frame.
POSE = np.array(
    [
        *[(0.50, 0.12), (0.50, 0.25), (0.36, 0.26), (0.30, 0.42), (0.28, 0.56), (0.64, 0.26)],
        *[(0.70, 0.42), (0.72, 0.56), (0.42, 0.56), (0.40, 0.74), (0.40, 0.92), (0.58, 0.56)],
        *[(0.60, 0.74), (0.60, 0.92), (0.46, 0.08), (0.54, 0.08), (0.40, 0.10), (0.60, 0.10)],
    ]
)


def _around(a: Any, b: Any, margin: float, width: int, height: int) -> tuple[Any, Any, Any]:
    """The part of a map around a segment as an index, and its columns and rows."""
    low = np.maximum(np.floor(np.minimum(a, b) - margin), 0).astype(int)
    high = np.minimum(np.ceil(np.maximum(a, b) + margin) + 1, (width, height)).astype(int)
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]]
    return (slice(low[1], high[1]), slice(low[0], high[0])), x, y


def crowd(people: int, height: int, width: int) -> tuple[Map, Map]:
    """Heatmaps [18, H, W] and fields [38, H, W] of people on a grid that fills the maps."""
    rng = np.random.default_rng(people)
    heat = np.zeros((18, height, width), np.float32)
    paf = np.zeros((38, height, width), np.float32)
    columns = int(np.ceil(np.sqrt(people * width / height * 2)))
    cell = np.array([width / columns, height / np.ceil(people / columns)])
    deviation = max(0.8, cell[1] / 40)
    for person in range(people):
        corner = np.array([person % columns, person // columns])
        points = (corner + POSE + rng.uniform(-0.03, 0.03, POSE.shape)) * cell
        for part, point in enumerate(points):
            window, x, y = _around(point, point, 5 * deviation, width, height)
            bump = np.exp(-((x - point[0]) ** 2 + (y - point[1]) ** 2) / (2 * deviation**2))
            heat[part][window] = np.maximum(heat[part][window], bump)
        for (a, b), channel in zip(PAF_COCO_18.limbs, PAF_COCO_18.channels, strict=True):
            along = points[b] - points[a]
            length = max(float(np.hypot(*along)), 1e-3)
            unit = along / length
            window, x, y = _around(points[a], points[b], 2.0, width, height)
            dx, dy = x - points[a, 0], y - points[a, 1]
            way, off = dx * unit[0] + dy * unit[1], np.abs(dx * unit[1] - dy * unit[0])
            on = (way > -1.6) & (way < length + 1.6) & (off < 1.6)
            paf[channel[0]][window][on], paf[channel[1]][window][on] = unit
    heat += rng.normal(0, 0.01, heat.shape).astype(np.float32)
    paf += rng.normal(0, 0.01, paf.shape).astype(np.float32)
    return heat, paf


def _enlarge(maps: Map, options: PafOptions) -> Map:
    if options.upscale == 1:
        return maps
    size = (maps.shape[2] * options.upscale, maps.shape[1] * options.upscale)
    how = cv2.INTER_CUBIC if options.interpolation == "cubic" else cv2.INTER_NEAREST
    return np.stack([cv2.resize(one, size, interpolation=how) for one in maps])


def _peaks(heat: Map, options: PafOptions) -> NDArray[np.float64]:
    """Rows x, y, score."""
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    y, x = np.nonzero((heat == highest) & (heat > options.peak_threshold))
    score = heat[y, x]
    xy = np.stack([x, y], axis=1).astype(np.float64)
    if options.centroid:
        wide = np.maximum(np.pad(heat, 3), 0)
        for index, (column, row) in enumerate(zip(x, y, strict=True)):
            window = wide[row : row + 7, column : column + 7]
            offsets = np.arange(-3, 4)
            xy[index] += [window.sum(0) @ offsets, window.sum(1) @ offsets] / window.sum()
    return np.concatenate([xy + options.peak_offset, score[:, None]], axis=1)


def _links(a: Any, b: Any, paf_x: Map, paf_y: Map, options: PafOptions) -> list[Any]:
    """Chosen (score, a, b), the best first."""
    way = b[None, :, :2] - a[:, None, :2]
    length = np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-6)
    unit = way / length[..., None]
    steps = np.arange(options.max_samples) / (options.max_samples - options.sample_end)
    places = a[:, None, None, :2] + way[:, :, None] * steps[:, None]
    cells = np.clip((places + 0.5).astype(int), 0, np.array(paf_x.shape)[::-1] - 1)
    row, column = cells[..., 1], cells[..., 0]
    along = unit[..., :1] * paf_x[row, column] + unit[..., 1:] * paf_y[row, column]
    passed = along > options.sample_threshold
    count = passed.sum(-1)
    score = (along * passed).sum(-1) / np.maximum(count, 1)
    i, j = np.nonzero((count / along.shape[-1] > options.min_fraction) & (score > 1e-6))
    chosen = []
    used_a, used_b = set(), set()
    for index in np.argsort(-score[i, j]):
        if i[index] not in used_a and j[index] not in used_b:
            used_a.add(i[index])
            used_b.add(j[index])
            chosen.append((score[i[index], j[index]], int(i[index]), int(j[index])))
    return chosen


def group(heat: Map, paf: Map, skeleton: PafSkeleton, options: PafOptions) -> list[Any]:
    """People as (parts, joints, total)."""
    heat, paf = _enlarge(heat, options), _enlarge(paf, options)
    peaks = [_peaks(one, options) for one in heat[: len(skeleton)]]
    people: list[list[Any]] = []
    for index, ((a, b), (x, y)) in enumerate(zip(skeleton.limbs, skeleton.channels, strict=True)):
        if not len(peaks[a]) or not len(peaks[b]):
            continue
        for score, i, j in _links(peaks[a], peaks[b], paf[x], paf[y], options):
            owner = next((person for person in people if person[0].get(a) == i), None)
            if owner is not None:
                owner[0].setdefault(b, j)
                if index not in skeleton.redundant:
                    owner[1] += score + peaks[b][j, 2]
            elif index not in skeleton.redundant:
                people.append([{a: i, b: j}, score + peaks[a][i, 2] + peaks[b][j, 2]])
    least = options.min_joints
    return [
        (parts, len(parts), total)
        for parts, total in people
        if len(parts) >= least and total / len(parts) >= options.min_joint_score
    ]
