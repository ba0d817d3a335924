# SPDX-License-Identifier: Apache-2.0
"""Detector training: pictures and mosaics, centre and box losses, a held-out check."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.detector import LOG_SIZE_RANGE, CenterDetector
from edgepose.nets.registry import build_detector
from edgepose.train.boxes import iou
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.detector_samples import STRIDE, DetectorSamples
from edgepose.train.losses import focal_heatmap_loss, generalized_iou
from edgepose.train.picture_store import open_picture_store
from edgepose.train.sampling import Sampler

HELD_OUT_EVERY = 25
CHECK_BATCH = 32
CHECK_SCORE = 0.3
CHECK_HEIGHT = 24  # people lower than this, in input px, need not be found
INCOMPLETE_WEIGHT = 0.3
BOX_WEIGHT = 2.0
DRAWS = 11


class DetectorTask:
    """What the engine needs to know of detector training."""

    def __init__(self, config: TrainConfig, cache: Path) -> None:
        self.config = config
        store = open_picture_store(config, cache)
        held_out = np.arange(len(store.source)) % HELD_OUT_EVERY == 0
        complete = np.array([row.boxes_are_complete for row in config.sources])[store.source]
        self.samples = DetectorSamples(store, np.where(complete, 1.0, INCOMPLETE_WEIGHT))
        self.held_out = np.flatnonzero(held_out & complete)
        members = [
            (np.flatnonzero(~held_out & (store.source == number)), row.passes_weight)
            for number, row in enumerate(config.sources)
        ]
        self.sampler = Sampler(members, config.seed)

    def build(self) -> nn.Module:
        """A network with random weights."""
        return build_detector(self.config.arch)

    def samples_per_pass(self) -> int:
        """Pictures in one pass."""
        return self.sampler.samples_per_pass

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Batch `step` of phase `number`; a function of the seed alone."""
        index = self.sampler.batch(phase.batch_size, number, step)
        rng = np.random.default_rng((self.config.seed, number, step, DRAWS))
        arrays = self.samples.batch(index, phase, rng)
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:  # noqa: ARG002
        """Focal loss of the centre map plus GIoU of the boxes on the cells around centres."""
        logit, log_size, offset = (raw.float() for raw in net(batch["picture"]))
        center = focal_heatmap_loss(logit, batch["heatmap"], batch["weight"])
        chosen = batch["box_weight"] > 0
        boxes = decode_boxes(log_size, offset).permute(0, 2, 3, 1)[chosen]
        truth = batch["box"].permute(0, 2, 3, 1)[chosen]
        distance = (1 - generalized_iou(boxes, truth)).sum() / max(len(truth), 1)
        return center + BOX_WEIGHT * distance

    @torch.no_grad()
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """Recall and precision at IoU 0.5 and score 0.3 on held-out training pictures."""
        found, people, good, given = 0, 0, 0, 0
        device = next(net.parameters()).device
        for start in range(0, len(self.held_out), CHECK_BATCH):
            rows = self.held_out[start : start + CHECK_BATCH]
            pictures, labels = self.samples.letterboxed(rows, phase)
            raw = net(torch.from_numpy(pictures).to(device))
            logit, log_size, offset = (tensor.float().cpu() for tensor in raw)
            peak = logit.sigmoid()
            peak = peak * (functional.max_pool2d(peak, 3, 1, 1) == peak) * (peak > CHECK_SCORE)
            boxes = decode_boxes(log_size, offset)
            for row, truth in enumerate(labels):
                predicted = boxes[row][:, peak[row, 0] > 0].T.numpy()
                sure = truth[(truth[:, 4] > 0) & (truth[:, 3] - truth[:, 1] >= CHECK_HEIGHT), :4]
                people, given = people + len(sure), given + len(predicted)
                found += int((iou(predicted, sure) > 0.5).any(0).sum())
                good += int((iou(predicted, truth[:, :4]) > 0.5).any(1).sum())
        return {"recall": found / max(people, 1), "precision": good / max(given, 1)}


def decode_boxes(log_size: Tensor, offset: Tensor) -> Tensor:
    """Decodes raw maps [N, 2, h, w] to boxes xyxy [N, 4, h, w] in input px."""
    rows, columns = log_size.shape[2:]
    y = (torch.arange(rows, device=offset.device) + 0.5) * STRIDE - 0.5
    x = (torch.arange(columns, device=offset.device) + 0.5) * STRIDE - 0.5
    center = torch.stack([x.expand(rows, columns), y[:, None].expand(rows, columns)])
    center = center + offset * STRIDE
    half = log_size.clamp(*LOG_SIZE_RANGE).exp() * (CenterDetector.size_unit / 2)
    return torch.cat([center - half, center + half], dim=1)
