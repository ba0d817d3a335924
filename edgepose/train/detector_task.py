# SPDX-License-Identifier: Apache-2.0
"""Detector training: single pictures and mosaics, centre and box losses, a held-out check."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.detector import LOG_SIZE_RANGE, CenterDetector
from edgepose.nets.registry import build_detector
from edgepose.train import augment
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.detector_targets import encode
from edgepose.train.losses import focal_heatmap_loss, generalized_iou
from edgepose.train.person_store import PAD_VALUE
from edgepose.train.picture_store import open_picture_store
from edgepose.train.sampling import pass_order

HELD_OUT_EVERY = 25
STRIDE = CenterDetector.stride
Labelled = tuple[NDArray[np.uint8], NDArray[np.float32]]


class DetectorTask:
    """What the engine needs to know of detector training."""

    def __init__(self, config: TrainConfig, cache: Path) -> None:
        cv2.setNumThreads(0)  # batches are made in worker processes
        self.config = config
        self.store = open_picture_store(config, cache)
        source = np.array([row["source"] for row in self.store.rows])
        held_out = np.arange(len(source)) % HELD_OUT_EVERY == 0
        complete = np.array([row.boxes_are_complete for row in config.sources])
        self.outside = np.where(complete[source], 1.0, 0.3)
        self.held_out = np.flatnonzero(held_out & complete[source])
        self.members = [
            (np.flatnonzero(~held_out & (source == number)), row.passes_weight)
            for number, row in enumerate(config.sources)
        ]

    def build(self) -> nn.Module:
        """Build the network with random weights."""
        return build_detector(self.config.arch)

    def samples_per_pass(self) -> int:
        """Count the pictures in one pass."""
        return sum(int(round(len(index) * weight)) for index, weight in self.members)

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Make batch ``step`` of phase ``number``; a function of the seed alone."""
        index = pass_order(self.members, phase.batch_size, self.config.seed, number, step)
        rng = np.random.default_rng((self.config.seed, number, step, 11))
        rows = []
        for first in index:
            if rng.random() < 0.4:
                others = rng.choice(index, 3)
                picture, boxes = self._mosaic([int(first), *map(int, others)], phase, rng)
                outside = float(self.outside[[first, *others]].min())
            else:
                picture, boxes = self._single(int(first), phase, rng)
                outside = float(self.outside[first])
            picture = augment.random_colour(picture, rng, phase.augment)
            rows.append((picture, encode(boxes, phase.height, phase.width, STRIDE, outside)))
        return _collate(rows)

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:
        """Focal loss of the centre map plus GIoU of the boxes on the cells around centres."""
        logit, log_size, offset = (raw.float() for raw in net(batch["picture"]))
        center = focal_heatmap_loss(logit, batch["heatmap"], batch["weight"])
        chosen = batch["box_weight"] > 0
        if not bool(chosen.any()):
            return center + 0.0 * (log_size.sum() + offset.sum())
        boxes = decode_boxes(log_size, offset).permute(0, 2, 3, 1)[chosen]
        truth = batch["box"].permute(0, 2, 3, 1)[chosen]
        return center + 2.0 * (1 - generalized_iou(boxes, truth)).mean()

    @torch.no_grad()
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """Measure recall and precision at IoU 0.5 and score 0.3 on held-out training pictures."""
        found, people, good, given = 0, 0, 0, 0
        for start in range(0, len(self.held_out), 32):
            plain = [
                letterbox(self.store.picture(int(i)), self.store.boxes(int(i)), phase)
                for i in self.held_out[start : start + 32]
            ]
            pictures = torch.from_numpy(np.stack([row[0][:, :, ::-1] for row in plain]))
            device = next(net.parameters()).device
            logit, log_size, offset = (raw.float().cpu() for raw in net(pictures.to(device)))
            peak = logit.sigmoid()
            peak = peak * (functional.max_pool2d(peak, 3, 1, 1) == peak) * (peak > 0.3)
            boxes = decode_boxes(log_size, offset)
            for row, (_, truth) in enumerate(plain):
                predicted = boxes[row][:, peak[row, 0] > 0].T.numpy()
                sure = truth[(truth[:, 4] > 0) & (truth[:, 3] - truth[:, 1] >= 24), :4]
                overlap = iou_matrix(predicted, truth[:, :4]) > 0.5
                overlap_sure = iou_matrix(predicted, sure) > 0.5
                people, found = people + len(sure), found + int(overlap_sure.any(0).sum())
                given, good = given + len(predicted), good + int(overlap.any(1).sum())
        return {"recall": found / max(people, 1), "precision": good / max(given, 1)}

    def _single(self, index: int, phase: Phase, rng: np.random.Generator) -> Labelled:
        picture = self.store.picture(index)
        height, width = picture.shape[:2]
        fit = min(phase.width / width, phase.height / height)
        scale = fit * math.exp(rng.uniform(-0.6, 0.6))
        return self._placed(picture, index, scale, phase.width, phase.height, rng)

    def _mosaic(self, indices: list[int], phase: Phase, rng: np.random.Generator) -> Labelled:
        split_x = int(phase.width * rng.uniform(0.35, 0.65))
        split_y = int(phase.height * rng.uniform(0.35, 0.65))
        canvas = np.empty((phase.height, phase.width, 3), np.uint8)
        collected = []
        for number, index in enumerate(indices):
            x0, x1 = (0, split_x) if number % 2 == 0 else (split_x, phase.width)
            y0, y1 = (0, split_y) if number < 2 else (split_y, phase.height)
            picture = self.store.picture(index)
            fit = max((x1 - x0) / picture.shape[1], (y1 - y0) / picture.shape[0])
            scale = fit * math.exp(rng.uniform(-0.5, 0.4))
            tile, boxes = self._placed(picture, index, scale, x1 - x0, y1 - y0, rng)
            canvas[y0:y1, x0:x1] = tile
            boxes[:, [0, 2]] += x0
            boxes[:, [1, 3]] += y0
            collected.append(boxes)
        return canvas, np.concatenate(collected)

    def _placed(
        self, picture: NDArray[np.uint8], index: int, scale: float, width: int, height: int,
        rng: np.random.Generator,
    ) -> Labelled:
        spare = np.array([width - picture.shape[1] * scale, height - picture.shape[0] * scale])
        low, high = np.minimum(spare, 0), np.maximum(spare, 0)
        corner = rng.uniform(low - 1e-6, high + 1e-6)
        matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
        view = cv2.warpAffine(
            picture, matrix, (width, height), flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=(PAD_VALUE,) * 3,
        ).astype(np.uint8, copy=False)
        boxes = moved_boxes(self.store.boxes(index), scale, corner, width, height)
        if rng.random() < 0.5:
            view = view[:, ::-1].copy()
            boxes[:, [0, 2]] = width - 1 - boxes[:, [2, 0]]
        return view, boxes


def moved_boxes(
    boxes: NDArray[np.float32], scale: float, corner: NDArray[np.float64], width: int, height: int
) -> NDArray[np.float32]:
    """Scale, shift and clip boxes; one that loses 70 % of itself becomes unsure."""
    moved = boxes.copy()
    moved[:, :4] = boxes[:, :4] * scale + np.tile(corner, 2).astype(np.float32)
    area = (moved[:, 2] - moved[:, 0]) * (moved[:, 3] - moved[:, 1])
    limit = np.array([width - 0.5, height - 0.5] * 2, np.float32)
    moved[:, :4] = np.clip(moved[:, :4], -0.5, limit)
    kept = (moved[:, 2] - moved[:, 0]) * (moved[:, 3] - moved[:, 1])
    moved[kept < 0.3 * area, 4] = 0.0
    return moved[kept > 0]


def letterbox(
    picture: NDArray[np.uint8], boxes: NDArray[np.float32], phase: Phase
) -> Labelled:
    """Fit a picture centred into the input, as the runtime does."""
    height, width = picture.shape[:2]
    scale = min(phase.width / width, phase.height / height)
    corner = np.array([phase.width - width * scale, phase.height - height * scale]) / 2
    matrix = np.column_stack([np.eye(2) * scale, corner + 0.5 * scale - 0.5])
    view = cv2.warpAffine(
        picture, matrix, (phase.width, phase.height), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(PAD_VALUE,) * 3,
    ).astype(np.uint8, copy=False)
    return view, moved_boxes(boxes, scale, corner, phase.width, phase.height)


def decode_boxes(log_size: Tensor, offset: Tensor) -> Tensor:
    """Decode raw maps [N, 2, h, w] to boxes xyxy [N, 4, h, w] in input pixels."""
    rows, columns = log_size.shape[2:]
    y = (torch.arange(rows, device=offset.device) + 0.5) * STRIDE - 0.5
    x = (torch.arange(columns, device=offset.device) + 0.5) * STRIDE - 0.5
    center = torch.stack([x.expand(rows, columns), y[:, None].expand(rows, columns)])
    center = center + offset * STRIDE
    half = log_size.clamp(*LOG_SIZE_RANGE).exp() * (CenterDetector.size_unit / 2)
    return torch.cat([center - half, center + half], dim=1)


def iou_matrix(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return IoU [N, M] of boxes a [N, 4] and b [M, 4]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inside = np.clip(high - low, 0, None).prod(2)
    area_a = np.clip(a[:, 2:] - a[:, :2], 0, None).prod(1)[:, None]
    area_b = np.clip(b[:, 2:] - b[:, :2], 0, None).prod(1)[None]
    result: NDArray[np.float32] = inside / np.maximum(area_a + area_b - inside, 1e-9)
    return result


def _collate(rows: list[tuple[NDArray[np.uint8], dict[str, NDArray[np.float32]]]]) -> dict[str, Tensor]:
    batch = {
        name: torch.from_numpy(np.stack([targets[name] for _, targets in rows]))
        for name in rows[0][1]
    }
    pictures = np.stack([picture[:, :, ::-1] for picture, _ in rows])
    return {"picture": torch.from_numpy(np.ascontiguousarray(pictures)), **batch}
