# SPDX-License-Identifier: Apache-2.0
"""Heads that give coordinates instead of heatmaps: soft-argmax in 2D and 3D, and SimCC.

Sun et al., "Integral Human Pose Regression" (ECCV 2018); Li et al., "SimCC: a Simple Coordinate
Classification Perspective for Human Pose Estimation" (ECCV 2022). `edgepose.decode` reads the
same outputs in the runtime.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def expectation(probability: Tensor, axis: int) -> Tensor:
    """Mean cell index along an axis of maps whose cells sum to one: [N, K, ...] to [N, K]."""
    others = [other for other in range(2, probability.ndim) if other != axis]
    marginal = probability.sum(others) if others else probability
    cells = torch.arange(marginal.shape[2], dtype=probability.dtype, device=probability.device)
    return (marginal * cells).sum(2)


class IntegralHead2d(nn.Module):
    """A 1x1 convolution to maps, and the mean place of their softmax.

    Shapes: features [N, C, H, W] to places [N, K, 2], x and y in cells. ``beta`` sharpens the
    softmax.
    """

    def __init__(self, channels: int, keypoints: int, beta: float = 1.0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, keypoints, 1)
        self.beta = beta

    def forward(self, x: Tensor) -> Tensor:
        """Compute the places."""
        maps = self.beta * self.conv(x).float()
        probability = maps.flatten(2).softmax(2).reshape(maps.shape)
        return torch.stack([expectation(probability, axis) for axis in (3, 2)], 2)


class IntegralHead3d(nn.Module):
    """A 1x1 convolution to volumes of ``depth`` slices, and the mean place of their softmax.

    Shapes: features [N, C, H, W] to places [N, K, 3], x, y and z in cells.
    """

    def __init__(self, channels: int, keypoints: int, depth: int, beta: float = 1.0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, keypoints * depth, 1)
        self.keypoints, self.depth, self.beta = keypoints, depth, beta

    def forward(self, x: Tensor) -> Tensor:
        """Compute the places."""
        rows, columns = int(x.shape[2]), int(x.shape[3])
        shape = (-1, self.keypoints, self.depth, rows, columns)
        maps = self.beta * self.conv(x).float().reshape(shape)
        probability = maps.flatten(2).softmax(2).reshape(shape)
        return torch.stack([expectation(probability, axis) for axis in (4, 3, 2)], 2)


class SimccAxes(nn.Module):
    """A linear layer from each map to the bins of each axis.

    Shapes: maps [N, K, H, W] of a fixed size ``map_hw`` to logits [N, K, width * split_ratio] and
    [N, K, height * split_ratio], for an input of ``input_hw``. The logits are those of a softmax
    over the bins.
    """

    def __init__(
        self, map_hw: tuple[int, int], input_hw: tuple[int, int], split_ratio: float = 2.0
    ) -> None:
        super().__init__()
        cells = map_hw[0] * map_hw[1]
        height, width = input_hw
        self.to_x = nn.Linear(cells, round(width * split_ratio))
        self.to_y = nn.Linear(cells, round(height * split_ratio))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the logits of x and y."""
        flat = x.flatten(2)
        return self.to_x(flat), self.to_y(flat)


class SimccHead(SimccAxes):
    """A 1x1 convolution to one map a keypoint, then `SimccAxes`.

    Shapes: features [N, C, H, W] of a fixed size ``map_hw`` to logits as there.
    """

    def __init__(
        self,
        channels: int,
        keypoints: int,
        map_hw: tuple[int, int],
        input_hw: tuple[int, int],
        split_ratio: float = 2.0,
    ) -> None:
        super().__init__(map_hw, input_hw, split_ratio)
        self.conv = nn.Conv2d(channels, keypoints, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the logits of x and y."""
        return super().forward(self.conv(x))
