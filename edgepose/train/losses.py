# SPDX-License-Identifier: Apache-2.0
"""Losses on keypoint maps and on detector maps; every term takes a mask."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def gaussian_rows(xy: Tensor, columns: int, rows: int, sigma: float) -> tuple[Tensor, Tensor]:
    """Sample normalised Gaussians: xy [N, K, 2] in cells to [N, K, columns] and [N, K, rows]."""
    tables = []
    for axis, size in enumerate((columns, rows)):
        cells = torch.arange(size, dtype=xy.dtype, device=xy.device)
        table = torch.exp(-((cells - xy[..., axis : axis + 1]) ** 2) / (2 * sigma * sigma))
        tables.append(table / table.sum(-1, keepdim=True).clamp_min(1e-6))
    return tables[0], tables[1]


def map_cross_entropy(
    logits: Tensor, xy: Tensor, mask: Tensor, *, sigma: float, hardest: int = 0
) -> Tensor:
    """Cross-entropy between the softmax over a map's cells and a Gaussian.

    Args:
        logits: [N, K, H, W].
        xy: [N, K, 2], true places in cells.
        mask: [N, K], 0 where a keypoint is unlabelled.
        sigma: the Gaussian's standard deviation in cells.
        hardest: if positive, only that many keypoints of a person with the largest loss count
            (online hard keypoint mining, Chen et al., "Cascaded Pyramid Network", CVPR 2018).

    Returns:
        The mean over the labelled keypoints that count, less the target's own entropy, so that 0
        is perfect; 0 where nothing is labelled.
    """
    rows, columns = logits.shape[2:]
    table_x, table_y = gaussian_rows(xy, columns, rows, sigma)
    # Autocast would round the Gaussians and the logits to bfloat16's eight bits here.
    with torch.autocast(logits.device.type, enabled=False):
        scores = logits.float()
        within = torch.einsum("nky,nkyx,nkx->nk", table_y, scores, table_x)
        mass = table_y.sum(-1) * table_x.sum(-1)
        expected = within - scores.flatten(2).logsumexp(2) * mass
    entropy = sum(-(t * t.clamp_min(1e-12).log()).sum(-1) for t in (table_x, table_y))
    loss = (-expected - entropy) * mask
    if hardest > 0:
        kept = loss.topk(min(hardest, loss.shape[1]), dim=1)
        loss, mask = kept.values, mask.gather(1, kept.indices)
    return loss.sum() / mask.sum().clamp_min(1.0)


def focal_heatmap_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Penalty-reduced focal loss of a centre map (Zhou et al. 2019, equation 1).

    Args:
        logits: [N, 1, H, W].
        target: [N, 1, H, W] in 0..1, exactly 1 at centres.
        weight: [N, 1, H, W], 0 where the picture is not fully labelled.

    Returns:
        The sum over cells divided by the number of centres.
    """
    positive = (target >= 1.0).to(logits.dtype)
    log_yes, log_no = functional.logsigmoid(logits), functional.logsigmoid(-logits)
    yes = log_yes.exp()
    gain = (1 - yes) ** 2 * log_yes * positive
    cost = (1 - target) ** 4 * yes**2 * log_no * (1 - positive)
    total = ((gain + cost) * weight).sum()
    return -total / (positive * weight).sum().clamp_min(1.0)


def generalized_iou(a: Tensor, b: Tensor) -> Tensor:
    """GIoU of boxes a and b [M, 4] xyxy (Rezatofighi et al., CVPR 2019)."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    inside = (high - low).clamp_min(0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inside
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    return inside / union.clamp_min(1e-6) - (hull - union) / hull.clamp_min(1e-6)
