# SPDX-License-Identifier: Apache-2.0
"""Top-down training: batches of augmented crops, the masked map loss, a held-out check."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.nets.registry import build_pose
from edgepose.train import augment
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.losses import map_cross_entropy
from edgepose.train.person_store import CANVAS_WH, MARGIN, PAD_VALUE, open_person_store
from edgepose.train.sampling import pass_order

HELD_OUT_EVERY = 40
STRIDE = 4


class PoseTask:
    """What the engine needs to know of top-down training."""

    def __init__(self, config: TrainConfig, cache: Path) -> None:
        self.config = config
        cv2.setNumThreads(0)  # batches are made in worker processes
        self.store = open_person_store(config, cache)
        self.flip = augment.flip_order(config.keypoint_names)
        held_out = self.store.picture % HELD_OUT_EVERY == 0
        self.held_out = np.flatnonzero(held_out)
        weights = [source.passes_weight for source in config.sources]
        self.members = [
            (np.flatnonzero(~held_out & (self.store.source == number)), weight)
            for number, weight in enumerate(weights)
        ]

    def build(self) -> nn.Module:
        """Build the network with random weights."""
        return build_pose(self.config.arch, len(self.config.keypoint_names))

    def samples_per_pass(self) -> int:
        """Count the people in one pass."""
        return sum(int(round(len(index) * weight)) for index, weight in self.members)

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Make batch ``step`` of phase ``number``; a function of the seed alone."""
        index = pass_order(self.members, phase.batch_size, self.config.seed, number, step)
        rng = np.random.default_rng((self.config.seed, number, step, 7))
        return self._collate([self._sample(int(i), phase, rng) for i in index])

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:
        """Softmax cross-entropy of each labelled map, hard keypoints first if asked."""
        logits = net(batch["picture"])
        return map_cross_entropy(
            logits.float(), batch["xy"], batch["mask"], sigma=phase.sigma, hardest=phase.ohkm
        )

    @torch.no_grad()
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """Measure PCK@0.1 of the crop's person size on held-out training people."""
        hits, total = 0.0, 0.0
        rng = np.random.default_rng(0)
        plain = _without_augmentation(phase)
        for start in range(0, len(self.held_out), 64):
            rows = self.held_out[start : start + 64]
            batch = self._collate([self._sample(int(i), plain, rng) for i in rows])
            logits = net(batch["picture"]).float()
            width = logits.shape[3]
            best = logits.flatten(2).argmax(2)
            xy = torch.stack([best % width, best // width], dim=2).float()
            distance = (xy - batch["xy"]).norm(dim=2)
            limit = 0.1 * phase.height / STRIDE / 1.25
            hits += float(((distance <= limit) * batch["mask"]).sum())
            total += float(batch["mask"].sum())
        return {"held_out_pck": hits / max(total, 1.0)}

    def _collate(
        self, rows: list[tuple[NDArray[np.uint8], NDArray[np.float32]]]
    ) -> dict[str, Tensor]:
        pictures = torch.from_numpy(np.stack([row[0] for row in rows]))
        points = torch.from_numpy(np.stack([row[1] for row in rows]))
        return {"picture": pictures, "xy": points[..., :2], "mask": points[..., 2]}

    def _sample(
        self, index: int, phase: Phase, rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        keypoints = self.store.keypoints[index].copy()
        strength = phase.augment
        center = np.array([CANVAS_WH[0] / 2 - 0.5, CANVAS_WH[1] / 2 - 0.5])
        middle = np.array([phase.width / 2 - 0.5, phase.height / 2 - 0.5])
        scale, degrees, flip = phase.height / CANVAS_WH[1] * MARGIN, 0.0, False
        if strength > 0:
            part = None
            if rng.random() < 0.25 * strength:
                part = augment.half_body(keypoints, self.config.keypoint_names, rng)
            if part is not None:
                center = part[0]
                scale *= float(np.clip(CANVAS_WH[1] / MARGIN / 1.25 / (part[1] * 1.4), 0.8, 2.0))
            scale *= math.exp(float(np.clip(rng.normal(0, 0.2 * strength), -0.45, 0.4)))
            center = center + rng.normal(0, 0.04 * strength, 2) * CANVAS_WH
            degrees = augment.random_rotation(rng, strength)
            flip = bool(rng.random() < 0.5)
        matrix = augment.similarity(center, middle, scale, degrees, flip)
        picture = cv2.warpAffine(
            self.store.canvases[index], matrix, (phase.width, phase.height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(PAD_VALUE,) * 3,
        ).astype(np.uint8, copy=False)
        if strength > 0:
            picture = augment.random_colour(picture, rng, strength)
            picture = augment.random_occlusion(picture, rng, strength)
        keypoints[:, :2] = keypoints[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        if flip:
            keypoints = keypoints[self.flip]
        return picture[:, :, ::-1].copy(), _cells(keypoints, phase)


def _cells(keypoints: NDArray[np.float32], phase: Phase) -> NDArray[np.float32]:
    cells = keypoints.astype(np.float32)
    cells[:, :2] = (cells[:, :2] + 0.5) / STRIDE - 0.5
    inside = (cells[:, :2] >= -0.5).all(1)
    inside &= cells[:, 0] <= phase.width / STRIDE - 0.5
    inside &= cells[:, 1] <= phase.height / STRIDE - 0.5
    cells[:, 2] = (cells[:, 2] > 0) & inside
    return cells


def _without_augmentation(phase: Phase) -> Phase:
    return Phase(phase.height, phase.width, 1.0, 1.0, augment=0.0)
