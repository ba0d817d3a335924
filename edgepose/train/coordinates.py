# SPDX-License-Identifier: Apache-2.0
"""Keypoints in cells and in bins: the loss of a batch, and where a network puts its keypoints."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from edgepose.nets.coordinates import mean_places
from edgepose.train.pose_samples import STRIDE
from edgepose.train.simcc_losses import simcc_labels, simcc_loss


def simcc_divergence(
    logits: Sequence[Tensor],
    xy: Tensor,
    mask: Tensor,
    *,
    input_wh: tuple[int, int],
    split_ratio: float,
    sigma: float,
    hardest: int = 0,
) -> Tensor:
    """`simcc_loss` of keypoints in cells.

    Args:
        logits: [N, K, bins] of x and of y.
        xy: [N, K, 2], true places in cells of stride 4.
        mask: [N, K], 0 where a keypoint is unlabelled.
        input_wh: Width and height of the input, px.
        split_ratio: Bins per input px.
        sigma: Standard deviation of the labels, in bins.
        hardest: see `edgepose.train.heatmap_losses.hardest_mean`.
    """
    with torch.autocast(xy.device.type, enabled=False):
        xy_in = (xy + 0.5) * STRIDE - 0.5
        labels = simcc_labels(xy_in, input_wh, split_ratio, sigma)
        pair = (logits[0].float(), logits[1].float())
        # RTMPose's factor of 10 goes with its normalised features; a linear layer needs none.
        return simcc_loss(pair, labels, mask, beta=1.0, hardest=hardest)


def places(outputs: Tensor | Sequence[Tensor], objective: str, split_ratio: float) -> Tensor:
    """Keypoints [N, K, 2] in cells of stride 4, without refinement, on the outputs' device.

    Args:
        outputs: Of a network in evaluation mode: maps [N, K, h, w], or logits of x and y.
        objective: As in `edgepose.train.config.TrainConfig`.
        split_ratio: Bins per input px, of `simcc`.
    """
    if not isinstance(outputs, Tensor):
        bins = torch.stack([logits.argmax(2) for logits in outputs], dim=2)
        return (bins.float() / split_ratio + 0.5) / STRIDE - 0.5
    if objective == "integral":
        return mean_places(outputs)
    width = outputs.shape[3]
    best = outputs.flatten(2).argmax(2)
    return torch.stack([best % width, best // width], dim=2).float()
