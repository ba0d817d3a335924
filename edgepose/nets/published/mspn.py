# SPDX-License-Identifier: Apache-2.0
"""MSPN: stages of a ResNet and an upsampling path that hand features to the next stage.

Li et al., "Rethinking on Multi-Stage Networks for Human Pose Estimation" (2019): every stage
goes down and up again; the next stage adds the features of both ways at each resolution
(cross-stage aggregation), and each resolution predicts heatmaps with targets that grow finer
from stage to stage (coarse-to-fine supervision).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.published.resize import enlarge
from edgepose.nets.published.resnet import DEPTHS, WIDTHS

LEVELS = 4
Skips: TypeAlias = "tuple[list[Tensor], list[Tensor]] | None"


class ConvBn(nn.Module):
    """Convolution with bias, batch norm and, if asked, ReLU."""

    def __init__(
        self, channels: int, width: int, kernel: int, stride: int = 1, *, relu: bool = True
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, width, kernel, stride, kernel // 2)
        self.bn = nn.BatchNorm2d(width)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H / stride, W / stride]."""
        x = self.bn(self.conv(x))
        return functional.relu(x) if self.relu else x


class Bottleneck(nn.Module):
    """1x1, 3x3 (which strides) and 1x1 convolutions beside a shortcut."""

    expansion = 4

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        wide = width * self.expansion
        self.conv_bn_relu1 = ConvBn(channels, width, 1)
        self.conv_bn_relu2 = ConvBn(width, width, 3, stride)
        self.conv_bn_relu3 = ConvBn(width, wide, 1, relu=False)
        self.downsample = _shortcut(channels, wide, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width * 4, H / stride, W / stride]."""
        y = self.conv_bn_relu3(self.conv_bn_relu2(self.conv_bn_relu1(x)))
        return functional.relu(y + self.downsample(x))


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    expansion = 1

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv_bn_relu1 = ConvBn(channels, width, 3, stride)
        self.conv_bn_relu2 = ConvBn(width, width, 3, relu=False)
        self.downsample = _shortcut(channels, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H / stride, W / stride]."""
        y = self.conv_bn_relu2(self.conv_bn_relu1(x))
        return functional.relu(y + self.downsample(x))


def _shortcut(channels: int, wide: int, stride: int) -> nn.Module:
    if stride == 1 and channels == wide:
        return nn.Identity()
    return ConvBn(channels, wide, 1, stride, relu=False)


class Top(nn.Module):
    """7x7 convolution and pooling: pictures to 64 channels at stride 4."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = ConvBn(3, 64, 7, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to [N, 64, H/4, W/4]."""
        return functional.max_pool2d(self.conv(x), 3, 2, 1)


class Downsample(nn.Module):
    """The way down: four residual stages, each adding the features of the stage before."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        block = Bottleneck if depth >= 50 else BasicBlock
        channels = WIDTHS[0]
        for number, (width, count) in enumerate(zip(WIDTHS, DEPTHS[depth], strict=True), 1):
            chain = [block(channels, width, 1 if number == 1 else 2)]
            channels = width * block.expansion
            chain += [block(channels, width, 1) for _ in range(count - 1)]
            self.add_module(f"layer{number}", nn.Sequential(*chain))
        self.channels = tuple(width * block.expansion for width in WIDTHS)

    def forward(self, x: Tensor, skips: Skips) -> list[Tensor]:
        """Compute the four levels, finest first."""
        levels = []
        for number in range(LEVELS):
            x = self.get_submodule(f"layer{number + 1}")(x)
            if skips is not None:
                x = x + skips[0][number] + skips[1][number]
            levels.append(x)
        return levels


class UpsampleUnit(nn.Module):
    """One level of the way up: merges, predicts, and prepares what the next stage reads."""

    def __init__(
        self, channels: int, width: int, keypoints: int, *, first: bool, hand_over: bool, cross: int
    ) -> None:
        super().__init__()
        self.u_skip = ConvBn(channels, width, 1, relu=False)
        self.up_conv = None if first else ConvBn(width, width, 1, relu=False)
        self.skip1 = ConvBn(channels, channels, 1) if hand_over else None
        self.skip2 = ConvBn(width, channels, 1) if hand_over else None
        self.cross_conv = ConvBn(width, cross, 1) if cross else None
        self.res_conv1 = ConvBn(width, width, 1)
        self.res_conv2 = ConvBn(width, keypoints, 3, relu=False)

    def forward(self, x: Tensor, coarser: Tensor | None, factor: int) -> list[Tensor]:
        """Compute merged features, heatmaps ``factor`` times as large and perhaps both skips."""
        y = self.u_skip(x)
        if self.up_conv is not None and coarser is not None:
            y = y + self.up_conv(enlarge(coarser, 2))
        y = functional.relu(y)
        heatmap = enlarge(self.res_conv2(self.res_conv1(y)), factor)
        if self.skip1 is None or self.skip2 is None:
            return [y, heatmap]
        return [y, heatmap, self.skip1(x), self.skip2(y)]


class Upsample(nn.Module):
    """The way up: four units, coarsest first."""

    def __init__(
        self, channels: Sequence[int], width: int, keypoints: int, *, hand_over: bool
    ) -> None:
        super().__init__()
        for index, wide in enumerate(reversed(channels)):
            cross = WIDTHS[0] if hand_over and index + 1 == LEVELS else 0
            unit = UpsampleUnit(
                wide, width, keypoints, first=index == 0, hand_over=hand_over, cross=cross
            )
            self.add_module(f"up{index + 1}", unit)

    def forward(self, levels: list[Tensor]) -> tuple[list[Tensor], Skips, Tensor | None]:
        """Compute heatmaps (coarsest first), skips (finest first) and the next stage's input."""
        heatmaps: list[Tensor] = []
        skips: tuple[list[Tensor], list[Tensor]] = ([], [])
        merged: Tensor | None = None
        unit = self.get_submodule("up1")
        for index, x in enumerate(reversed(levels)):
            unit = self.get_submodule(f"up{index + 1}")
            merged, heatmap, *pair = unit(x, merged, 2 ** (LEVELS - 1 - index))
            heatmaps.append(heatmap)
            for kept, skip in zip(skips, pair, strict=False):
                kept.insert(0, skip)
        if unit.cross_conv is None:
            return heatmaps, None, None
        return heatmaps, skips, cast(nn.Module, unit.cross_conv)(merged)


class Stage(nn.Module):
    """Down and up."""

    def __init__(self, depth: int, width: int, keypoints: int, *, hand_over: bool) -> None:
        super().__init__()
        self.downsample = Downsample(depth)
        self.upsample = Upsample(self.downsample.channels, width, keypoints, hand_over=hand_over)

    def forward(self, x: Tensor, skips: Skips) -> tuple[list[Tensor], Skips, Tensor | None]:
        """Compute heatmaps, skips and the next stage's input."""
        found: tuple[list[Tensor], Skips, Tensor | None] = self.upsample(self.downsample(x, skips))
        return found


class MSPN(nn.Module):
    """Shapes: pictures [N, 3, H, W] to 4 heatmaps a stage, all [N, K, H/4, W/4], best last."""

    def __init__(self, keypoints: int, *, depth: int, stages: int, width: int = 256) -> None:
        super().__init__()
        self.stages = stages
        self.outputs = tuple(
            f"stage{stage}_up{level + 1}" for stage in range(stages) for level in range(LEVELS)
        )
        # How many steps wider than the last one's the targets of each output are.
        self.sigma_steps = tuple(
            stages - 1 - stage + LEVELS - 1 - level
            for stage in range(stages)
            for level in range(LEVELS)
        )
        self.top = Top()
        for number in range(stages):
            part = Stage(depth, width, keypoints, hand_over=number + 1 < stages)
            self.add_module(f"stage{number}", part)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute the heatmaps of every stage and level."""
        following: Tensor | None = self.top(x)
        skips: Skips = None
        every: list[Tensor] = []
        for number in range(self.stages):
            heatmaps, skips, following = self.get_submodule(f"stage{number}")(following, skips)
            every += heatmaps
        return tuple(every)
