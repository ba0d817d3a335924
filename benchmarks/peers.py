# SPDX-License-Identifier: Apache-2.0
"""The same work in NumPy and OpenCV, written the way a careful user would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]


def person_maps(joints: int, height: int, width: int) -> Maps:
    """[1, joints, height, width]: a bump per map, over noise."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    maps = rng.uniform(0, 0.05, (1, joints, height, width))
    for heatmap in maps[0]:
        at_x, at_y = rng.uniform(4, width - 5), rng.uniform(4, height - 5)
        heatmap += np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 8)
    return maps.astype(np.float32)


class Warp:
    """cv2.warpAffine by a matrix from the crop to the picture."""

    def __init__(
        self, frame: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int]
    ) -> None:
        self.frame, self.matrix, self.size = frame, matrix, size

    def __call__(self) -> Any:
        """[H, W, 3] uint8."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(self.frame, self.matrix, self.size, flags=flags)

    def normalised(self, mean: Any, std: Any) -> Callable[[], Any]:
        """The crop as RGB, normalised, [1, 3, H, W]."""
        minus, over = np.float32(mean), np.float32(std)

        def run() -> Any:
            pixels = (self()[:, :, ::-1].astype(np.float32) - minus) / over
            return np.ascontiguousarray(pixels.transpose(2, 0, 1))[None]

        return run


def argmax(maps: Maps) -> tuple[Any, Any, Any]:
    """Columns, rows and scores, each [N, K]."""
    flat = maps.reshape(*maps.shape[:2], -1)
    best = flat.argmax(axis=2)
    score = np.take_along_axis(flat, best[..., None], axis=2)[..., 0]
    y, x = np.divmod(best, maps.shape[3])
    return x, y, score


def quarter(maps: Maps) -> tuple[Any, Any]:
    """Quarter of a cell towards the higher neighbour."""
    x, y, score = argmax(maps)
    height, width = maps.shape[2:]
    inside = (x > 1) & (x < width - 1) & (y > 1) & (y < height - 1)
    n, k = np.nonzero(inside)
    at_x, at_y = x[n, k], y[n, k]
    xy = np.stack([x, y], axis=-1).astype(np.float32)
    step_x = maps[n, k, at_y, at_x + 1] - maps[n, k, at_y, at_x - 1]
    step_y = maps[n, k, at_y + 1, at_x] - maps[n, k, at_y - 1, at_x]
    xy[n, k] += 0.25 * np.sign(np.stack([step_x, step_y], axis=-1))
    return xy, score


def quadratic(maps: Maps) -> tuple[Any, Any]:
    """Vertex of the parabola per axis."""
    x, y, score = argmax(maps)
    height, width = maps.shape[2:]
    n, k = np.indices(x.shape)
    middle = maps[n, k, y, x]
    xy = np.stack([x, y], axis=-1).astype(np.float32)
    sides = (
        (0, maps[n, k, y, np.maximum(x - 1, 0)], maps[n, k, y, np.minimum(x + 1, width - 1)]),
        (1, maps[n, k, np.maximum(y - 1, 0), x], maps[n, k, np.minimum(y + 1, height - 1), x]),
    )
    for axis, low, high in sides:
        curve = 2 * middle - low - high
        xy[..., axis] += np.where(curve > 0, 0.5 * (high - low) / np.maximum(curve, 1e-12), 0)
    return xy, score


def _log_maps(maps: Maps, size: int, low: float, high: float) -> Maps:
    logs = np.empty_like(maps)
    for place in np.ndindex(*maps.shape[:2]):
        smooth = cv2.GaussianBlur(maps[place], (size, size), 0, borderType=cv2.BORDER_CONSTANT)
        logs[place] = smooth * (maps[place].max() / smooth.max())
    return np.log(np.clip(logs, low, high))


def _step(gradient: Any, xx: Any, xy: Any, yy: Any) -> Any:
    determinant = xx * yy - xy * xy
    return np.stack(
        [
            (yy * gradient[0] - xy * gradient[1]) / determinant,
            (xx * gradient[1] - xy * gradient[0]) / determinant,
        ],
        axis=-1,
    )


def dark(maps: Maps, size: int) -> tuple[Any, Any]:
    """Whole maps blurred and logged, then one step for every joint at once."""
    x, y, score = argmax(maps)
    height, width = maps.shape[2:]
    log = _log_maps(maps, size, 1e-10, np.inf)
    inside = (x > 1) & (x < width - 2) & (y > 1) & (y < height - 2)
    n, k = np.nonzero(inside)
    column, row = x[n, k], y[n, k]

    def at(dx: int, dy: int) -> Any:
        return log[n, k, row + dy, column + dx]

    gradient = (0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1)))
    xy = np.stack([x, y], axis=-1).astype(np.float32)
    xy[n, k] -= _step(
        gradient,
        0.25 * (at(2, 0) - 2 * at(0, 0) + at(-2, 0)),
        0.25 * (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)),
        0.25 * (at(0, 2) - 2 * at(0, 0) + at(0, -2)),
    )
    return xy, score


def udp(maps: Maps, size: int) -> tuple[Any, Any]:
    """Whole maps blurred and logged, then one step for every joint at once."""
    x, y, score = argmax(maps)
    log = np.pad(_log_maps(maps, size, 1e-3, 50.0), ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    n, k = np.indices(x.shape)

    def at(dx: int, dy: int) -> Any:
        return log[n, k, y + 1 + dy, x + 1 + dx]

    tiny = np.finfo(np.float32).eps
    sides, ends, center = at(1, 0) + at(-1, 0), at(0, 1) + at(0, -1), 2 * at(0, 0)
    gradient = (0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1)))
    mixed = 0.5 * (at(1, 1) - sides - ends + center + at(-1, -1))
    xy = np.stack([x, y], axis=-1).astype(np.float32)
    xy -= _step(gradient, sides - center + tiny, mixed, ends - center + tiny)
    return xy, score


def mspn(maps: Maps, size: int) -> tuple[Any, Any]:
    """Whole maps blurred within a border, then all joints moved towards the second maximum."""
    height, width = maps.shape[2:]
    padded = np.pad(maps, ((0, 0), (0, 0), (10, 10), (10, 10)))
    for place in np.ndindex(*maps.shape[:2]):
        padded[place] = cv2.GaussianBlur(padded[place], (size, size), 0)
    x, y, _ = argmax(padded)
    n, k = np.indices(x.shape)
    padded[n, k, y, x] = 0
    next_x, next_y, _ = argmax(padded)
    xy = np.stack([x, y], axis=-1) - 10.0
    towards = np.stack([next_x, next_y], axis=-1) - 10.0 - xy
    length = np.linalg.norm(towards, axis=-1, keepdims=True)
    xy += np.where(length > 1e-3, 0.25 * towards / np.maximum(length, 1e-3), 0)
    xy = np.clip(xy, 0, (width - 1, height - 1))
    column, row = np.moveaxis(np.rint(xy).astype(np.int64), -1, 0)
    return xy, maps[n, k, row, column] / 255 + 0.5


def megvii(maps: Maps, size: int) -> tuple[Any, Any]:
    """Whole maps blurred, then a quarter of a cell towards the higher neighbour."""
    smooth = np.empty_like(maps)
    for place in np.ndindex(*maps.shape[:2]):
        smooth[place] = cv2.GaussianBlur(
            maps[place], (size, size), 0, borderType=cv2.BORDER_CONSTANT
        )
    return quarter(smooth)[0], maps.max(axis=(2, 3)) / 255 + 0.5


def integral(maps: Maps, beta: float) -> tuple[Any, Any]:
    """Mean place under the softmax."""
    score = maps.max(axis=(2, 3))
    weight = np.exp(np.float32(beta) * (maps - score[..., None, None]))
    across, down = weight.sum(axis=2), weight.sum(axis=3)
    total = across.sum(axis=-1)
    x = across @ np.arange(maps.shape[3], dtype=np.float32) / total
    y = down @ np.arange(maps.shape[2], dtype=np.float32) / total
    return np.stack([x, y], axis=-1), score


def simcc(x: Maps, y: Maps, *, softmax: bool) -> tuple[Any, Any]:
    """Highest bins at two bins a pixel."""
    xy = np.stack([x.argmax(axis=-1), y.argmax(axis=-1)], axis=-1) / 2.0
    scores = []
    for vectors in (x, y):
        highest = vectors.max(axis=-1)
        if softmax:
            highest = 1 / np.exp(vectors - highest[..., None]).sum(axis=-1)
        scores.append(highest)
    return xy, np.minimum(*scores)


def simcc_dark(x: Maps, y: Maps, size: int) -> Any:
    """Highest bins with a step on the log of the blurred vectors."""
    places = []
    for vectors in (x, y):
        smooth = np.empty_like(vectors)
        for person in range(len(vectors)):
            smooth[person] = cv2.GaussianBlur(
                vectors[person],
                (size, 1),
                (0.3 * ((size - 1) / 2 - 1) + 0.8),
                sigmaY=1e-6,
                borderType=cv2.BORDER_CONSTANT,
            )
        smooth *= vectors.max(axis=-1, keepdims=True) / smooth.max(axis=-1, keepdims=True)
        log = np.log(np.clip(smooth, 1e-3, 50.0))
        log = np.pad(log, ((0, 0), (0, 0), (2, 2)), mode="edge")
        best = vectors.argmax(axis=-1)
        at = [np.take_along_axis(log, best[..., None] + i, axis=-1)[..., 0] for i in range(5)]
        curve = 1e-9 + 0.25 * (at[4] - 2 * at[2] + at[0])
        places.append(best - 0.5 * (at[3] - at[1]) / curve)
    return np.stack(places, axis=-1) / 2.0


def merge_flip(maps: Maps, flipped: Maps, joint_of: Any, *, shift: bool) -> Any:
    """Mean of the maps and of the mirrored ones, swapped back."""
    back = flipped[:, joint_of, :, ::-1]
    if shift:
        back = np.concatenate([back[..., :1], back[..., :-1]], axis=-1)
    return (maps + back) * np.float32(0.5)


def oks_matrix(a: Any, b: Any, area: Any, sigmas: Any) -> Any:
    """[N, M]."""
    squared = ((a[:, None] - b[None]) ** 2).sum(axis=-1)
    return np.exp(-squared / (2 * sigmas) ** 2 / area[:, None, None] / 2).mean(axis=-1)


def centers(heatmap: Maps, size: Maps, offset: Maps, stride: float, threshold: float) -> Any:
    """Boxes [M, 4] and scores at the peaks of a centre map."""
    heat = heatmap[0]
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    y, x = np.nonzero((heat == highest) & (heat > threshold))
    order = np.argsort(-heat[y, x])
    y, x = y[order], x[order]
    center = stride * (np.stack([x, y]) + offset[:, y, x] + 0.5) - 0.5
    half = 0.5 * size[:, y, x]
    return np.concatenate([center - half, center + half]).T, heat[y, x]
