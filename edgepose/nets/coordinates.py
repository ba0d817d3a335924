# SPDX-License-Identifier: Apache-2.0
"""Top-down networks trained on coordinates: bins along each axis, or the mean place of a map.

Li et al., "SimCC" (ECCV 2022); Sun et al., "Integral Human Pose Regression" (ECCV 2018). Both
stand on a network of maps, any of `edgepose.nets.registry.build_pose`.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn

from edgepose.nets.heads import SimccAxes, expectation
from edgepose.nets.sharpness import integral_beta


class SimccPose(nn.Module):
    """A network of one map a keypoint, and a linear layer from the map to the bins of each axis.

    Shapes: pictures [N, 3, H, W] of ``input_hw`` to logits [N, K, W * split_ratio] and
    [N, K, H * split_ratio].
    """

    def __init__(self, net: nn.Module, input_hw: tuple[int, int], split_ratio: float) -> None:
        super().__init__()
        self.net = net
        self.keypoints, self.stride = cast(int, net.keypoints), cast(int, net.stride)
        map_hw = (input_hw[0] // self.stride, input_hw[1] // self.stride)
        self.axes = SimccAxes(map_hw, input_hw, split_ratio)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the logits of x and y."""
        maps = self.net(x)
        logits: tuple[Tensor, Tensor] = self.axes(maps if isinstance(maps, Tensor) else maps[-1])
        return logits


class SimccExport(nn.Module):
    """Wrap a `SimccPose` so that its outputs are vectors whose peak is near one.

    The softmax over bins trained towards a Gaussian of ``sigma`` bins peaks at
    1 / (sigma sqrt(2 pi)); the constant undoes that, and a sure keypoint scores about 1.
    """

    def __init__(self, net: nn.Module, sigma: float) -> None:
        super().__init__()
        self.net = net
        self.gain = sigma * math.sqrt(2 * math.pi)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Map [N, 3, H, W] to vectors along x and y."""
        along_x, along_y = self.net(x)
        return along_x.softmax(2) * self.gain, along_y.softmax(2) * self.gain


class IntegralExport(nn.Module):
    """Wrap a network whose maps were trained by their mean place, so that peaks are scores.

    With p the softmax over cells, the output is 1 + log(p / peak) / beta, where ``peak`` is that of
    a Gaussian of ``sigma`` cells: about 1 at such a peak, 0 in a map that knows nothing. The
    runtime's softmax(beta * output) is p again, up to a factor that its sum takes out.
    """

    def __init__(self, net: nn.Module, sigma: float, input_hw: tuple[int, int]) -> None:
        super().__init__()
        self.net = net
        stride = cast(int, net.stride)
        self.shape = (cast(int, net.keypoints), *(side // stride for side in input_hw))
        self.beta = integral_beta(sigma, self.shape[1] * self.shape[2])
        self.log_peak = -math.log(2 * math.pi * sigma * sigma)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to maps [N, K, h, w]."""
        keypoints, rows, columns = self.shape
        flat = self.net(x).reshape(-1, keypoints, rows * columns).log_softmax(2)
        maps: Tensor = 1 + (flat - self.log_peak) / self.beta
        return maps.reshape(-1, keypoints, rows, columns)


def mean_places(maps: Tensor) -> Tensor:
    """Mean places [N, K, 2], x and y in cells, of the softmax of maps [N, K, H, W]."""
    probability = maps.float().flatten(2).softmax(2).reshape(maps.shape)
    return torch.stack([expectation(probability, axis) for axis in (3, 2)], 2)
