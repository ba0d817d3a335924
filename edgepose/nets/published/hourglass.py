# SPDX-License-Identifier: Apache-2.0
"""Stacked Hourglass: networks that go down and up again, one after the other.

Newell et al., "Stacked Hourglass Networks for Human Pose Estimation" (ECCV 2016).
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

DEPTH = 4


class Conv(nn.Module):
    """Convolution with bias and, if asked, batch norm and ReLU."""

    def __init__(
        self, channels: int, width: int, kernel: int, stride: int = 1, *, bn_relu: bool = False
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, width, kernel, stride, kernel // 2)
        self.bn = nn.BatchNorm2d(width) if bn_relu else None

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H / stride, W / stride]."""
        x = self.conv(x)
        return x if self.bn is None else functional.relu(self.bn(x))


class Residual(nn.Module):
    """A bottleneck whose batch norms and ReLUs come before its convolutions.

    The released checkpoints hold a ``skip_layer`` even where the width stays; there it is not
    used.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        half = width // 2
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = Conv(channels, half, 1)
        self.bn2 = nn.BatchNorm2d(half)
        self.conv2 = Conv(half, half, 3)
        self.bn3 = nn.BatchNorm2d(half)
        self.conv3 = Conv(half, width, 1)
        self.skip_layer = Conv(channels, width, 1)
        self.project = channels != width
        if not self.project:
            self.skip_layer.requires_grad_(requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H, W]."""
        y = self.conv1(functional.relu(self.bn1(x)))
        y = self.conv2(functional.relu(self.bn2(y)))
        y = self.conv3(functional.relu(self.bn3(y)))
        result: Tensor = y + (self.skip_layer(x) if self.project else x)
        return result


class Hourglass(nn.Module):
    """One residual at this resolution, beside the same idea at half of it."""

    def __init__(self, depth: int, width: int) -> None:
        super().__init__()
        self.up1 = Residual(width, width)
        self.low1 = Residual(width, width)
        self.low2 = Hourglass(depth - 1, width) if depth > 1 else Residual(width, width)
        self.low3 = Residual(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to the same shape; H and W are multiples of 2 ** depth."""
        low = self.low3(self.low2(self.low1(functional.max_pool2d(x, 2))))
        result: Tensor = self.up1(x) + functional.interpolate(low, scale_factor=2.0)
        return result


class Merge(nn.Module):
    """A 1x1 convolution that brings a prediction back into the features."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.conv = Conv(channels, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H, W]."""
        result: Tensor = self.conv(x)
        return result


class StackedHourglass(nn.Module):
    """Shapes: pictures [N, 3, H, W], multiples of 64, to heatmaps [N, K, H/4, W/4], one a stack."""

    def __init__(self, keypoints: int, *, stacks: int, width: int = 256) -> None:
        super().__init__()
        self.outputs = tuple(f"stack{number}" for number in range(stacks))
        self.pre = nn.Sequential(
            Conv(3, 64, 7, 2, bn_relu=True),
            Residual(64, 128),
            nn.MaxPool2d(2),
            Residual(128, 128),
            Residual(128, width),
        )
        self.hgs = nn.ModuleList(nn.Sequential(Hourglass(DEPTH, width)) for _ in range(stacks))
        self.features = nn.ModuleList(
            nn.Sequential(Residual(width, width), Conv(width, width, 1, bn_relu=True))
            for _ in range(stacks)
        )
        self.outs = nn.ModuleList(Conv(width, keypoints, 1) for _ in range(stacks))
        self.merge_features = nn.ModuleList(Merge(width, width) for _ in range(stacks - 1))
        self.merge_preds = nn.ModuleList(Merge(keypoints, width) for _ in range(stacks - 1))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute the heatmaps of every stack."""
        x = self.pre(x)
        heatmaps: list[Tensor] = []
        for number, hourglass in enumerate(self.hgs):
            feature = self.features[number](hourglass(x))
            heatmaps.append(self.outs[number](feature))
            if number < len(self.merge_preds):
                x = (
                    x
                    + self.merge_preds[number](heatmaps[-1])
                    + self.merge_features[number](feature)
                )
        return tuple(heatmaps)
