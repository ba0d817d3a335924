# SPDX-License-Identifier: Apache-2.0
"""Batches of augmented person crops with their keypoints in heatmap cells."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edgepose.train import augment
from edgepose.train.config import Phase
from edgepose.train.person_store import BOX_PADDING, CANVAS_WH, MARGIN, PersonStore
from edgepose.train.pixels import moved, warp, write_rgb

STRIDE = 4
HALF_BODY_PADDING = 1.4


class PoseArrays(NamedTuple):
    """A batch: picture uint8 [B, H, W, 3] RGB, xy float32 [B, K, 2] in cells, mask [B, K]."""

    picture: NDArray[np.uint8]
    xy: NDArray[np.float32]
    mask: NDArray[np.float32]


class PoseSamples:
    """Makes batches out of a store; every draw comes from the generator it is given."""

    def __init__(self, store: PersonStore, names: tuple[str, ...]) -> None:
        self.store = store
        self.flip = augment.flip_order(names)
        self.upper = augment.upper_body(names)

    def batch(self, index: NDArray[np.int64], phase: Phase, rng: np.random.Generator) -> PoseArrays:
        """The people `index` [B], augmented as strongly as the phase says."""
        height, width = phase.height, phase.width
        result = PoseArrays(
            np.empty((len(index), height, width, 3), np.uint8),
            np.empty((len(index), len(self.flip), 2), np.float32),
            np.empty((len(index), len(self.flip)), np.float32),
        )
        crop = np.empty((height, width, 3), np.uint8)
        for row, person in enumerate(index.tolist()):
            keypoints = self.store.keypoints[person]
            matrix, flip = self.matrix(keypoints, phase, rng)
            picture = warp(self.store.canvases[person], matrix, crop)
            picture = augment.random_colour(picture, rng, phase.augment)
            picture = augment.random_occlusion(picture, rng, phase.augment)
            write_rgb(picture, result.picture[row])
            if flip:
                keypoints = keypoints[self.flip]
            result.xy[row] = input_to_cells(moved(keypoints[:, :2].astype(np.float64), matrix))
            result.mask[row] = (keypoints[:, 2] > 0) & inside(result.xy[row], phase)
        return result

    def plain(self, index: NDArray[np.int64], phase: Phase) -> PoseArrays:
        """The people `index` without augmentation, cropped as the runtime crops them."""
        return self.batch(index, replace(phase, augment=0.0), np.random.default_rng(0))

    def matrix(
        self, keypoints: NDArray[np.float32], phase: Phase, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], bool]:
        """The matrix from a canvas to the network's input, and whether it mirrors."""
        strength = phase.augment
        center = np.array([CANVAS_WH[0] / 2 - 0.5, CANVAS_WH[1] / 2 - 0.5])
        middle = np.array([phase.width / 2 - 0.5, phase.height / 2 - 0.5])
        scale, degrees, flip = phase.height / CANVAS_WH[1] * MARGIN, 0.0, False
        if strength > 0:
            part = None
            if rng.random() < 0.25 * strength:
                part = augment.half_body(keypoints, self.upper, rng)
            if part is not None:
                center = part[0]
                person = CANVAS_WH[1] / MARGIN / BOX_PADDING
                closer = person / max(part[1] * HALF_BODY_PADDING, 1.0)
                scale *= min(max(closer, 0.8), 2.0)
            scale *= math.exp(min(max(rng.normal(0, 0.2 * strength), -0.45), 0.4))
            center = center + rng.normal(0, 0.04 * strength, 2) * CANVAS_WH
            degrees = augment.random_rotation(rng, strength)
            flip = bool(rng.random() < 0.5)
        return augment.similarity(center, middle, scale, degrees, flip), flip


def input_to_cells(xy_in: NDArray[np.float64]) -> NDArray[np.float64]:
    """Input px to heatmap cells, the inverse of the runtime's `half_pixel`."""
    return (xy_in + 0.5) / STRIDE - 0.5


def inside(xy_cell: NDArray[np.float32], phase: Phase) -> NDArray[np.bool_]:
    """Which points [..., 2] lie on the map, which spans -0.5 to its size - 0.5."""
    limit = np.array([phase.width, phase.height]) / STRIDE - 0.5
    return np.asarray(((xy_cell >= -0.5) & (xy_cell <= limit)).all(-1), np.bool_)
