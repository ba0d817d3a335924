# SPDX-License-Identifier: Apache-2.0
"""Losses on keypoint maps of one or several sizes; every term takes a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from edgepose.nets.coordinates import mean_places
from edgepose.train.losses import gaussian_rows, map_cross_entropy


def hardest_mean(loss: Tensor, mask: Tensor, hardest: int = 0) -> Tensor:
    """Mean loss of the labelled keypoints.

    Args:
        loss: [N, K].
        mask: [N, K], 0 where a keypoint is unlabelled.
        hardest: if positive, only that many keypoints of a person with the largest loss count
            (online hard keypoint mining, Chen et al., "Cascaded Pyramid Network", CVPR 2018).

    Returns:
        The mean; 0 where nothing is labelled.
    """
    loss = loss * mask
    if hardest > 0:
        kept = loss.topk(min(hardest, loss.shape[1]), dim=1)
        loss, mask = kept.values, mask.gather(1, kept.indices)
    return loss.sum() / mask.sum().clamp_min(1.0)


def heatmap_mse(
    maps: Tensor, xy: Tensor, mask: Tensor, *, sigma: float, hardest: int = 0
) -> Tensor:
    """Squared difference between maps and Gaussians whose peak is one.

    The squares of a map are summed, not averaged, and divided by the target's own sum of squares,
    so that the empty map has a loss of about one at every resolution.

    Args:
        maps: [N, K, H, W].
        xy: [N, K, 2], true places in cells.
        mask: [N, K], 0 where a keypoint is unlabelled.
        sigma: the Gaussian's standard deviation in cells.
        hardest: see `hardest_mean`.
    """
    rows, columns = maps.shape[2:]
    with torch.autocast(maps.device.type, enabled=False):
        table_x, table_y = gaussian_rows(xy, columns, rows, sigma)
        gain = 2 * torch.pi * sigma * sigma
        target = gain * table_y[..., :, None] * table_x[..., None, :]
        square = (maps.float() - target).square().sum((2, 3)) / (gain / 2)
    return hardest_mean(square, mask, hardest)


def integral_l1(
    maps: Tensor, xy: Tensor, mask: Tensor, *, sigma: float, hardest: int = 0
) -> Tensor:
    """L1 distance of the mean place of each map's softmax from the keypoint, over the map's size.

    Sun et al., "Integral Human Pose Regression" (ECCV 2018), equations 2 and 3.

    Args:
        maps: [N, K, H, W], logits over cells.
        xy: [N, K, 2], true places in cells.
        mask: [N, K], 0 where a keypoint is unlabelled.
        sigma: Not used: nothing says how wide the map must be.
        hardest: see `hardest_mean`.
    """
    del sigma
    size = torch.tensor([maps.shape[3], maps.shape[2]], dtype=torch.float32, device=maps.device)
    with torch.autocast(maps.device.type, enabled=False):
        apart = ((mean_places(maps) - xy) / size).abs().sum(2)
    return hardest_mean(apart, mask, hardest)


LOSSES: dict[str, Callable[..., Tensor]] = {
    "cross_entropy": map_cross_entropy,
    "mse": heatmap_mse,
    "integral": integral_l1,
}


def map_loss(
    maps: Tensor, xy: Tensor, mask: Tensor, *, sigma: float, hardest: int, objective: str
) -> Tensor:
    """The loss `cross_entropy`, `mse` or `integral` of one map."""
    return LOSSES[objective](maps, xy, mask, sigma=sigma, hardest=hardest)


def coarse_to_fine(
    outputs: Sequence[Tensor],
    xy: Tensor,
    mask: Tensor,
    *,
    sigma: float,
    factors: Sequence[float] = (),
    hardest: int = 0,
    objective: str = "cross_entropy",
) -> Tensor:
    """Mean loss of several maps of one picture (Li et al., MSPN, 2019, section 3.4).

    Args:
        outputs: Maps [N, K, h, w]; the last one is the finest and the one that counts. A smaller
            map has the same target in its own, larger cells.
        xy: [N, K, 2], true places in cells of the last map.
        mask: [N, K], 0 where a keypoint is unlabelled.
        sigma: Standard deviation of the last map's targets, in cells.
        factors: How much wider the targets of each output are; none for one each.
        hardest: Keypoints that count for the last map, see `hardest_mean`; all count for the rest.
        objective: A key of `LOSSES`.
    """
    finest = outputs[-1].shape[2]
    losses = []
    for index, maps in enumerate(outputs):
        scale = finest / maps.shape[2]
        last = index + 1 == len(outputs)
        losses.append(
            map_loss(
                maps,
                xy if scale == 1 else (xy + 0.5) / scale - 0.5,
                mask,
                sigma=sigma * (factors[index] if factors else 1.0),
                hardest=hardest if last else 0,
                objective=objective,
            )
        )
    return torch.stack(losses).mean()
