# SPDX-License-Identifier: Apache-2.0
"""Lightweight OpenPose: a dilated MobileNet, one first stage, refinement stages.

Osokin, "Real-time 2D Multi-Person Pose Estimation on CPU: Lightweight OpenPose" (2018).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

# Width, stride and dilation of the separable convolutions after the first one.
MOBILENET = (
    (64, 1, 1),
    (128, 2, 1),
    (128, 1, 1),
    (256, 2, 1),
    (256, 1, 1),
    (512, 1, 1),
    (512, 1, 2),
    (512, 1, 1),
    (512, 1, 1),
    (512, 1, 1),
    (512, 1, 1),
)
WIDTH = 128
FIRST_WIDTH = 512
REFINE_BLOCKS = 5


def _conv(
    channels: int,
    width: int,
    kernel: int = 3,
    *,
    bn: bool = False,
    relu: bool = True,
    dilation: int = 1,
) -> nn.Sequential:
    """Convolution with bias and, if asked, batch norm and ReLU; the size stays."""
    padding = dilation * (kernel // 2)
    layers: list[nn.Module] = [nn.Conv2d(channels, width, kernel, 1, padding, dilation)]
    if bn:
        layers.append(nn.BatchNorm2d(width))
    if relu:
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def _depthwise(channels: int, stride: int, dilation: int) -> nn.Conv2d:
    return nn.Conv2d(channels, channels, 3, stride, dilation, dilation, groups=channels, bias=False)


def _separable(channels: int, width: int, stride: int, dilation: int) -> nn.Sequential:
    return nn.Sequential(
        _depthwise(channels, stride, dilation),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, width, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
    )


class Reduce(nn.Module):
    """Narrow the features and add a chain of separable convolutions with ELU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.align = _conv(channels, WIDTH, 1)
        links = (
            nn.Sequential(
                _depthwise(WIDTH, 1, 1), nn.ELU(), nn.Conv2d(WIDTH, WIDTH, 1, bias=False), nn.ELU()
            )
            for _ in range(3)
        )
        self.trunk = nn.Sequential(*links)
        self.conv = _conv(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to [N, 128, H, W]."""
        x = self.align(x)
        result: Tensor = self.conv(x + self.trunk(x))
        return result


class Heads(nn.Module):
    """A trunk, then heatmaps and PAFs from it."""

    def __init__(self, trunk: nn.Sequential, width: int, heat: int, paf: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.heatmaps = nn.Sequential(_conv(WIDTH, width, 1), _conv(width, heat, 1, relu=False))
        self.pafs = nn.Sequential(_conv(WIDTH, width, 1), _conv(width, paf, 1, relu=False))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute heatmaps and PAFs."""
        x = self.trunk(x)
        return self.heatmaps(x), self.pafs(x)


class RefineBlock(nn.Module):
    """A 1x1 convolution and, added to it, two 3x3 ones, the second dilated."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.initial = _conv(channels, WIDTH, 1)
        self.trunk = nn.Sequential(
            _conv(WIDTH, WIDTH, bn=True), _conv(WIDTH, WIDTH, bn=True, dilation=2)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to [N, 128, H, W]."""
        x = self.initial(x)
        result: Tensor = x + self.trunk(x)
        return result


class LightweightOpenPose(nn.Module):
    """Shapes: pictures [N, 3, H, W], multiples of 8, to maps at H/8 x W/8, the best last.

    Each stage gives heatmaps [N, K + 1], the last one the background, and PAFs [N, 2L].
    Pictures are BGR, (x - 128) / 256.
    """

    def __init__(self, keypoints: int, *, limbs: int, refinements: int = 1) -> None:
        super().__init__()
        stages = ["init", *(f"refine{number}" for number in range(refinements))]
        self.outputs = tuple(f"{stage}_{kind}" for stage in stages for kind in ("heat", "paf"))
        first = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU())
        chain, channels = [first], 32
        for width, stride, dilation in MOBILENET:
            chain.append(_separable(channels, width, stride, dilation))
            channels = width
        self.model = nn.Sequential(*chain)
        self.cpm = Reduce(channels)
        heat, paf = keypoints + 1, 2 * limbs
        trunk = nn.Sequential(*(_conv(WIDTH, WIDTH) for _ in range(3)))
        self.initial_stage = Heads(trunk, FIRST_WIDTH, heat, paf)
        self.refinement_stages = nn.ModuleList(
            Heads(_refine_trunk(WIDTH + heat + paf), WIDTH, heat, paf) for _ in range(refinements)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute heatmaps and PAFs of every stage."""
        features = self.cpm(self.model(x))
        maps = [*self.initial_stage(features)]
        for stage in self.refinement_stages:
            maps += stage(torch.cat((features, *maps[-2:]), 1))
        return tuple(maps)


def _refine_trunk(channels: int) -> nn.Sequential:
    widths = [channels, *[WIDTH] * (REFINE_BLOCKS - 1)]
    return nn.Sequential(*(RefineBlock(width) for width in widths))
