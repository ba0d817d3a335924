# SPDX-License-Identifier: Apache-2.0
"""CPN: GlobalNet finds the easy keypoints, RefineNet the hard ones.

Chen et al., "Cascaded Pyramid Network for Multi-Person Pose Estimation" (CVPR 2018).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from edgepose.nets.published.resize import enlarge
from edgepose.nets.published.resnet import Bottleneck, ResNet

WIDTH = 256
REFINE_WIDTH = 128
REFINE_EXPANSION = 2


class Enlarge(nn.Module):
    """Bilinear resizing, corner cells on corner cells, by a factor."""

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to [N, C, factor * H, factor * W]."""
        return enlarge(x, self.factor)


class GlobalNet(nn.Module):
    """A feature pyramid, coarsest level first, that predicts heatmaps at each level."""

    def __init__(self, channels: Sequence[int], keypoints: int) -> None:
        super().__init__()
        coarsest_first = list(reversed(channels))
        self.laterals = nn.ModuleList(
            nn.Sequential(nn.Conv2d(wide, WIDTH, 1, bias=False), nn.BatchNorm2d(WIDTH), nn.ReLU())
            for wide in coarsest_first
        )
        self.upsamples = nn.ModuleList(
            nn.Sequential(Enlarge(2), nn.Conv2d(WIDTH, WIDTH, 1, bias=False), nn.BatchNorm2d(WIDTH))
            for _ in coarsest_first[1:]
        )
        self.predict = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(WIDTH, WIDTH, 1, bias=False),
                nn.BatchNorm2d(WIDTH),
                nn.ReLU(),
                nn.Conv2d(WIDTH, keypoints, 3, 1, 1, bias=False),
                Enlarge(2 ** (len(coarsest_first) - 1 - level)),
                nn.BatchNorm2d(keypoints),
            )
            for level in range(len(coarsest_first))
        )

    def forward(self, levels: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Map levels, finest first, to features and heatmaps, coarsest first."""
        features: list[Tensor] = []
        heatmaps: list[Tensor] = []
        for index, x in enumerate(reversed(levels)):
            feature = self.laterals[index](x)
            if index:
                feature = feature + self.upsamples[index - 1](features[-1])
            features.append(feature)
            heatmaps.append(self.predict[index](feature))
        return features, heatmaps


class RefineNet(nn.Module):
    """Bottlenecks on each level, more on the coarser ones, then all levels side by side."""

    def __init__(self, levels: int, keypoints: int) -> None:
        super().__init__()
        self.cascade = nn.ModuleList(
            nn.Sequential(
                *(_bottleneck(WIDTH) for _ in range(levels - 1 - level)),
                Enlarge(2 ** (levels - 1 - level)),
            )
            for level in range(levels)
        )
        self.final_predict = nn.Sequential(
            _bottleneck(levels * WIDTH),
            nn.Conv2d(WIDTH, keypoints, 3, 1, 1, bias=False),
            nn.BatchNorm2d(keypoints),
        )

    def forward(self, features: Sequence[Tensor]) -> Tensor:
        """Map features, coarsest first, to the refined heatmaps."""
        moved = [path(x) for path, x in zip(self.cascade, features, strict=True)]
        heatmap: Tensor = self.final_predict(torch.cat(moved, 1))
        return heatmap


def _bottleneck(channels: int) -> Bottleneck:
    return Bottleneck(channels, REFINE_WIDTH, expansion=REFINE_EXPANSION, project=True)


class CPN(nn.Module):
    """Shapes: pictures [N, 3, H, W] to five heatmaps [N, K, H/4, W/4], the refined one last."""

    outputs = ("global0", "global1", "global2", "global3", "refine")
    sigma_steps = (3, 2, 1, 0, 0)  # how many steps wider the targets of each output are

    def __init__(self, keypoints: int, *, depth: int) -> None:
        super().__init__()
        self.resnet = ResNet(depth)
        self.global_net = GlobalNet(self.resnet.channels, keypoints)
        self.refine_net = RefineNet(len(self.resnet.channels), keypoints)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute the heatmaps of GlobalNet, coarsest level first, and of RefineNet."""
        features, heatmaps = self.global_net(self.resnet(x))
        return (*heatmaps, self.refine_net(features))
