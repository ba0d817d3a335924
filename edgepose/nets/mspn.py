# SPDX-License-Identifier: Apache-2.0
"""A compact MSPN: down and up again, once or twice, each resolution supervised.

The ideas are Li et al., "Rethinking on Multi-Stage Networks for Human Pose Estimation" (2019):
a second stage adds what the first one knew at each resolution, on its way down and up
(cross-stage aggregation), and every resolution predicts (coarse-to-fine supervision). Here all
is plain 3x3 and 1x1 convolutions with sums, and each level predicts at its own resolution, where
a target of the same cells is coarser by itself; those heads run in training only.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.blocks import basic_blocks, conv_bn

# Ratio of the targets' widths from stage to stage; the paper's kernels 15, 11, 9, 7, 5 differ so.
SIGMA_STEP = 1.3


@dataclass(frozen=True)
class MSPNConfig:
    """Widths and residual blocks at strides 4, 8, 16, ..., of every stage.

    ``up_width`` is the width of the way up, ``stages`` how often to go down and up.
    """

    widths: tuple[int, ...] = (16, 48, 96, 160)
    blocks: tuple[int, ...] = (1, 1, 2, 2)
    stem_width: int = 16
    up_width: int = 32
    stages: int = 1


class Down(nn.Module):
    """Residual blocks at each resolution; adds what the stage before hands over."""

    def __init__(self, config: MSPNConfig) -> None:
        super().__init__()
        widths = config.widths
        self.entries = nn.ModuleList(
            conv_bn(above, width, 3, 2) for above, width in itertools.pairwise(widths)
        )
        self.blocks = nn.ModuleList(
            basic_blocks(width, count) for width, count in zip(widths, config.blocks, strict=True)
        )

    def forward(self, x: Tensor, handed: list[Tensor] | None) -> list[Tensor]:
        """Compute one map a level, finest first."""
        levels = []
        for index, block in enumerate(self.blocks):
            x = block(self.entries[index - 1](x) if index else x)
            if handed is not None:
                x = x + handed[index]
            levels.append(x)
        return levels


class Up(nn.Module):
    """From the coarsest level to the finest: a sum of this level and the enlarged coarser one."""

    def __init__(self, config: MSPNConfig) -> None:
        super().__init__()
        width, count = config.up_width, len(config.widths)
        self.laterals = nn.ModuleList(conv_bn(w, width, 1, relu=False) for w in config.widths)
        self.merges = nn.ModuleList(conv_bn(width, width) for _ in range(count))

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        """Map levels to merged levels, both finest first."""
        merged: list[Tensor] = []
        above: Tensor | None = None
        for index in reversed(range(len(levels))):
            x = self.laterals[index](levels[index])
            if above is not None:
                x = x + functional.interpolate(above, scale_factor=2.0, mode="nearest")
            above = self.merges[index](functional.relu(x))
            merged.insert(0, cast(Tensor, above))
        return merged


class HandOver(nn.Module):
    """What a stage gives to the next: a 1x1 convolution of both ways at each resolution."""

    def __init__(self, config: MSPNConfig) -> None:
        super().__init__()
        self.down = nn.ModuleList(conv_bn(w, w, 1, relu=False) for w in config.widths)
        self.up = nn.ModuleList(conv_bn(config.up_width, w, 1, relu=False) for w in config.widths)
        self.start = conv_bn(config.up_width, config.widths[0], 1)

    def forward(self, down: list[Tensor], up: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Compute the next stage's input and what it adds at each level."""
        handed = [
            functional.relu(a(x) + b(y))
            for a, x, b, y in zip(self.down, down, self.up, up, strict=True)
        ]
        return self.start(up[0]), handed


class MSPN(nn.Module):
    """Score maps of K keypoints; logits of a softmax over cells.

    Shapes: pictures [N, 3, H, W], multiples of the coarsest stride, to [N, K, H/4, W/4]. In
    training mode a tuple of the maps of every stage and level, coarsest first, the last of which
    is that output.
    """

    stride = 4

    def __init__(self, config: MSPNConfig, keypoints: int) -> None:
        super().__init__()
        self.keypoints = keypoints
        self.stem = nn.Sequential(
            conv_bn(3, config.stem_width, 3, 2), conv_bn(config.stem_width, config.widths[0], 3, 2)
        )
        count, levels = config.stages, len(config.widths)
        # Targets of an earlier stage are a step wider; a coarser level's are wider by its cells.
        self.sigma_factors = tuple(
            SIGMA_STEP ** (count - 1 - stage) for stage in range(count) for _ in range(levels)
        )
        self.down = nn.ModuleList(Down(config) for _ in range(count))
        self.up = nn.ModuleList(Up(config) for _ in range(count))
        self.hand_over = nn.ModuleList(HandOver(config) for _ in range(count - 1))
        self.heads = nn.ModuleList(
            nn.ModuleList(nn.Conv2d(config.up_width, keypoints, 1) for _ in config.widths)
            for _ in range(count)
        )

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Compute the logits."""
        x = self.stem(x)
        handed: list[Tensor] | None = None
        maps: list[Tensor] = []
        merged: list[Tensor] = []
        for stage, (down, up) in enumerate(zip(self.down, self.up, strict=True)):
            levels = down(x, handed)
            merged = up(levels)
            if self.training:
                heads = list(cast(nn.ModuleList, self.heads[stage]))
                maps += [head(y) for head, y in zip(heads[::-1], merged[::-1], strict=True)]
            if stage < len(self.hand_over):
                x, handed = self.hand_over[stage](levels, merged)
        if self.training:
            return tuple(maps)
        logits: Tensor = cast(nn.ModuleList, self.heads[-1])[0](merged[0])
        return logits
