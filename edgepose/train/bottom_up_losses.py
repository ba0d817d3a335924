# SPDX-License-Identifier: Apache-2.0
"""Losses of bottom-up networks: masked squares of maps, pull and push of tags."""

from __future__ import annotations

from torch import Tensor

FOREGROUND = 4.0


def map_squares(maps: Tensor, target: Tensor, weight: Tensor, known: Tensor) -> Tensor:
    """Squared differences of maps where they count (Cao et al. 2017, eq. 5).

    Cells where the target is not zero are few and count up to five times.

    Args:
        maps: [N, C, H, W].
        target: [N, C, H, W] in -1..1.
        weight: [N, 1, H, W], 0 where nobody labelled.
        known: [N, C], 0 where the data set does not label what the map shows.

    Returns:
        Over that of maps of zeros: 0 is perfect, 1 is as good as nothing. Where there is nothing to
        be found, over 1.
    """
    counts = (1 + FOREGROUND * target.abs()) * weight * known[:, :, None, None]
    nothing = (target**2 * counts).sum()
    return ((maps - target) ** 2 * counts).sum() / nothing.clamp_min(1.0)


def pull_push(tags: Tensor, place: Tensor, labelled: Tensor) -> tuple[Tensor, Tensor]:
    """Associative embedding (Newell et al. 2017, eq. 1).

    Args:
        tags: [N, K, H, W], one number per keypoint and cell.
        place: [N, P, K], row * W + column of each person's keypoints.
        labelled: [N, P, K], 0 where there is no keypoint.

    Returns:
        How far a person's tags lie from their mean, squared, and how near the means of two people
        lie, exp(-difference^2); means over people and over pairs, then over the pictures. 0
        without people.
    """
    count, people, keypoints = place.shape
    flat = tags.flatten(2)[:, None].expand(count, people, keypoints, -1)
    found = flat.gather(3, place[..., None])[..., 0]
    number = labelled.sum(2)
    mean = (found * labelled).sum(2) / number.clamp_min(1.0)
    spread = ((found - mean[..., None]) ** 2 * labelled).sum(2) / number.clamp_min(1.0)
    there = (number > 0).to(tags.dtype)
    present = there.sum(1)
    pull = (spread * there).sum(1) / present.clamp_min(1.0)
    near = (-((mean[:, :, None] - mean[:, None, :]) ** 2)).exp()
    near = near * there[:, :, None] * there[:, None, :]
    pairs = present * (present - 1)
    push = (near.sum((1, 2)) - present) / pairs.clamp_min(1.0)  # less each one with itself
    return pull.mean(), push.mean()
