# SPDX-License-Identifier: Apache-2.0
"""Training of SimCC heads: labels along each axis, and the divergence from them.

Li et al., "SimCC: a Simple Coordinate Classification Perspective for Human Pose Estimation"
(ECCV 2022).
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgepose.train.heatmap_losses import hardest_mean


def simcc_labels(
    xy: Tensor, input_wh: tuple[int, int], split_ratio: float, sigma: float
) -> tuple[Tensor, Tensor]:
    """Gaussian labels, each with sum one.

    Args:
        xy: [N, K, 2], true places in input pixels.
        input_wh: Width and height of the input, px.
        split_ratio: Bins per input pixel.
        sigma: Standard deviation in bins.

    Returns:
        [N, K, width * split_ratio] and [N, K, height * split_ratio]; all zero far outside.
    """
    labels = []
    for axis, side in enumerate(input_wh):
        bins = torch.arange(round(side * split_ratio), dtype=xy.dtype, device=xy.device)
        distance = bins - xy[..., axis : axis + 1] * split_ratio
        label = torch.exp(-(distance**2) / (2 * sigma * sigma))
        labels.append(label / label.sum(-1, keepdim=True).clamp_min(1e-6))
    return labels[0], labels[1]


def simcc_loss(
    logits: tuple[Tensor, Tensor],
    labels: tuple[Tensor, Tensor],
    mask: Tensor,
    *,
    beta: float = 10.0,
    hardest: int = 0,
) -> Tensor:
    """Kullback-Leibler divergence of softmax(beta * logits) from the labels, over both axes.

    Args:
        logits: [N, K, bins] of each axis.
        labels: The same shapes, from `simcc_labels`.
        mask: [N, K], 0 where a keypoint is unlabelled.
        beta: Factor on the logits, 10 in RTMPose.
        hardest: see `hardest_mean`.
    """
    total = torch.zeros_like(mask)
    for scores, label in zip(logits, labels, strict=True):
        log_probability = (beta * scores.float()).log_softmax(-1)
        total = total + (torch.xlogy(label, label) - label * log_probability).sum(-1)
    return hardest_mean(total, mask, hardest)
