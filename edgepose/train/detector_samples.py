# SPDX-License-Identifier: Apache-2.0
"""Batches of augmented pictures and mosaics with the detector's targets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from edgepose.geometry import letterbox_matrix
from edgepose.train.augment import random_colour
from edgepose.train.boxes import moved_boxes
from edgepose.train.config import Phase
from edgepose.train.detector_targets import encode
from edgepose.train.picture_store import PictureStore
from edgepose.train.pixels import inverse, warp, write_rgb

STRIDE = 8
MOSAIC_SHARE = 0.4
Choice: TypeAlias = Callable[[float, float], float]


class DetectorSamples:
    """Makes batches out of a store; every draw comes from the generator it is given."""

    def __init__(self, store: PictureStore, outside_weight: NDArray[np.float64]) -> None:
        self.store = store
        self.outside_weight = outside_weight

    def batch(
        self, index: NDArray[np.int64], phase: Phase, rng: np.random.Generator
    ) -> dict[str, NDArray[np.generic]]:
        """Pictures and mosaics: picture uint8 [B, H, W, 3] RGB and the arrays of `encode`."""
        height, width = phase.height, phase.width
        rows, columns = height // STRIDE, width // STRIDE
        pictures = np.empty((len(index), height, width, 3), np.uint8)
        targets = {
            "heatmap": np.empty((len(index), 1, rows, columns), np.float32),
            "weight": np.empty((len(index), 1, rows, columns), np.float32),
            "box": np.empty((len(index), 4, rows, columns), np.float32),
            "box_weight": np.empty((len(index), rows, columns), np.float32),
        }
        view = np.empty((height, width, 3), np.uint8)
        for row, first in enumerate(index.tolist()):
            shown = [first]
            if rng.random() < MOSAIC_SHARE:
                shown += rng.choice(index, 3).tolist()
                boxes = self._mosaic(shown, view, rng)
            else:
                scale = math.exp(rng.uniform(-0.6, 0.6)) * self._fit(first, width, height, min)
                boxes = self._placed(first, scale, view, rng)
            write_rgb(random_colour(view, rng, phase.augment), pictures[row])
            outside = float(self.outside_weight[shown].min())
            for name, target in encode(boxes, height, width, STRIDE, outside).items():
                targets[name][row] = target
        return {"picture": pictures, **targets}

    def letterboxed(
        self, index: NDArray[np.int64], phase: Phase
    ) -> tuple[NDArray[np.uint8], list[NDArray[np.float32]]]:
        """Pictures as the runtime shows them, RGB [B, H, W, 3], and their boxes in input px."""
        wh = (phase.width, phase.height)
        pictures = np.empty((len(index), phase.height, phase.width, 3), np.uint8)
        view = np.empty(pictures.shape[1:], np.uint8)
        boxes = []
        for row, number in enumerate(index.tolist()):
            picture = self.store.picture(number)
            size = (picture.shape[1], picture.shape[0])
            matrix = inverse(letterbox_matrix(size, wh, anchor="center")[0])
            write_rgb(warp(picture, matrix, view), pictures[row])
            found = self.store.boxes[number]
            boxes.append(moved_boxes(found, float(matrix[0, 0]), matrix[:, 2], wh))
        return pictures, boxes

    def _fit(self, index: int, width: int, height: int, choose: Choice) -> float:
        """Scale that makes a picture as wide or as high as a view: the smaller or the larger."""
        rows, columns = self.store.hw[index].tolist()
        return float(choose(width / columns, height / rows))

    def _mosaic(
        self, indices: list[int], view: NDArray[np.uint8], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Fills the four corners of a view by a picture each; returns all boxes."""
        height, width = view.shape[:2]
        split_x = int(width * rng.uniform(0.35, 0.65))
        split_y = int(height * rng.uniform(0.35, 0.65))
        collected = []
        for number, index in enumerate(indices):
            x0, x1 = (0, split_x) if number % 2 == 0 else (split_x, width)
            y0, y1 = (0, split_y) if number < 2 else (split_y, height)
            scale = self._fit(index, x1 - x0, y1 - y0, max) * math.exp(rng.uniform(-0.5, 0.4))
            boxes = self._placed(index, scale, view[y0:y1, x0:x1], rng)
            boxes[:, :4] += np.array([x0, y0, x0, y0], np.float32)
            collected.append(boxes)
        return np.concatenate(collected)

    def _placed(
        self, index: int, scale: float, view: NDArray[np.uint8], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Warps a picture to a random place of a view, perhaps mirrored; returns its boxes."""
        height, width = view.shape[:2]
        picture = self.store.picture(index)
        spare = np.array([width - picture.shape[1] * scale, height - picture.shape[0] * scale])
        corner = rng.uniform(np.minimum(spare, 0) - 1e-6, np.maximum(spare, 0) + 1e-6)
        shift = corner + 0.5 * scale - 0.5  # the picture's outer edge meets the corner
        boxes = moved_boxes(self.store.boxes[index], scale, shift, (width, height))
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        if rng.random() < 0.5:
            matrix[0] = [-scale, 0, width - 1 - shift[0]]
            boxes[:, [0, 2]] = width - 1 - boxes[:, [2, 0]]
        warp(picture, matrix, view)
        return boxes
