# SPDX-License-Identifier: Apache-2.0
"""Top-down pose network: backbone, one 1x1 convolution to keypoint maps."""

from __future__ import annotations

import math

from torch import Tensor, nn

from edgepose.nets.hrnet import HRNet, HRNetConfig


class PoseNet(nn.Module):
    """Score maps of K keypoints at stride 4; the maps are logits of a softmax over cells.

    Shapes: pictures [N, 3, H, W] to [N, K, H/4, W/4].
    """

    stride = 4

    def __init__(self, config: HRNetConfig, keypoints: int) -> None:
        super().__init__()
        self.backbone = HRNet(config)
        self.head = nn.Conv2d(self.backbone.channels, keypoints, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits."""
        logits: Tensor = self.head(self.backbone(x))
        return logits


class PoseExport(nn.Module):
    """Wrap a `PoseNet` so that its output is a heatmap whose peak is near one.

    The softmax over the cells of a map trained towards a Gaussian of `sigma` cells peaks
    at 1 / (2 pi sigma^2); the constant undoes that, and a confident keypoint scores about 1.
    The size is fixed, so that the exported graph has constant shapes.
    """

    def __init__(self, net: PoseNet, sigma: float, input_hw: tuple[int, int]) -> None:
        super().__init__()
        self.net = net
        self.gain = 2.0 * math.pi * sigma * sigma
        self.shape = (net.head.out_channels, *(side // net.stride for side in input_hw))

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to heatmaps [N, K, H/4, W/4]."""
        keypoints, rows, columns = self.shape
        flat = self.net(x).reshape(-1, keypoints, rows * columns)
        heatmap: Tensor = flat.softmax(dim=2) * self.gain
        return heatmap.reshape(-1, keypoints, rows, columns)
