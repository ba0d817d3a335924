# SPDX-License-Identifier: Apache-2.0
"""Top-down pose network: backbone, one 1x1 convolution to keypoint maps."""

from __future__ import annotations

import math
from typing import cast

from torch import Tensor, nn

from edgepose.nets.hrnet import HRNet, HRNetConfig
from edgepose.nets.mspn import SIGMA_STEP


class PoseNet(nn.Module):
    """Score maps of K keypoints at stride 4; the maps are logits of a softmax over cells.

    Shapes: pictures [N, 3, H, W] to [N, K, H/4, W/4].
    """

    stride = 4

    def __init__(self, config: HRNetConfig, keypoints: int) -> None:
        super().__init__()
        self.keypoints = keypoints
        self.backbone = HRNet(config)
        self.head = nn.Conv2d(self.backbone.channels, keypoints, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits."""
        logits: Tensor = self.head(self.backbone(x))
        return logits


class PublishedPose(nn.Module):
    """A published network trained as ours are: its heatmaps taken as logits.

    Shapes: pictures [N, 3, H, W] to [N, K, H/stride, W/stride]; in training mode a tuple of all
    heatmaps of the network, the one that counts last.
    """

    def __init__(self, net: nn.Module, output: str, keypoints: int, stride: int) -> None:
        super().__init__()
        self.net = net
        self.keypoints, self.stride = keypoints, stride
        names = cast(tuple[str, ...], net.outputs)
        self.last = names.index(output)
        steps = list(getattr(net, "sigma_steps", [0] * len(names)))
        steps.append(steps.pop(self.last))  # the output that counts comes last
        self.sigma_factors = tuple(SIGMA_STEP**step for step in steps)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Compute the logits."""
        maps = [item[:, : self.keypoints] for item in self.net(x)]
        if not self.training:
            return maps[self.last]
        rest = [item for index, item in enumerate(maps) if index != self.last]
        return (*rest, maps[self.last])


class PoseExport(nn.Module):
    """Wrap a pose network so that its output is a heatmap whose peak is near one.

    The softmax over the cells of a map trained towards a Gaussian of `sigma` cells peaks
    at 1 / (2 pi sigma^2); the constant undoes that, and a confident keypoint scores about 1.
    The size is fixed, so that the exported graph has constant shapes. Needs a network with
    ``keypoints`` and ``stride`` that gives one map in evaluation mode.
    """

    def __init__(self, net: nn.Module, sigma: float, input_hw: tuple[int, int]) -> None:
        super().__init__()
        self.net = net
        self.gain = 2.0 * math.pi * sigma * sigma
        stride = cast(int, net.stride)
        self.shape = (cast(int, net.keypoints), *(side // stride for side in input_hw))

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to heatmaps [N, K, H/4, W/4]."""
        keypoints, rows, columns = self.shape
        flat = self.net(x).reshape(-1, keypoints, rows * columns)
        heatmap: Tensor = flat.softmax(dim=2) * self.gain
        return heatmap.reshape(-1, keypoints, rows, columns)
