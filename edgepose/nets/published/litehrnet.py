# SPDX-License-Identifier: Apache-2.0
"""Lite-HRNet as published (Yu et al., "Lite-HRNet: A Lightweight High-Resolution Network", 2021).

The authors' code adds the first branch to every sum twice, and to the finest sum in place, so
that the coarser sums read the result; their weights were trained with it, so this is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.published.hrnet import Rows
from edgepose.nets.published.litehrnet_blocks import ConditionalChannelWeighting, Conv, Stem
from edgepose.nets.published.resize import enlarge

BLOCKS = 2
STEM = 32


def _separable(channels: int, width: int, stride: int, *, relu: bool) -> nn.Sequential:
    """Depthwise 3x3 and 1x1 convolutions with batch norms, and ReLU if asked."""
    layers: list[nn.Module] = [
        nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.Conv2d(channels, width, 1, bias=False),
        nn.BatchNorm2d(width),
    ]
    return nn.Sequential(*layers, nn.ReLU()) if relu else nn.Sequential(*layers)


def _path(widths: Sequence[int], source: int, target: int) -> nn.Module:
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(
            nn.Conv2d(widths[source], widths[target], 1, bias=False),
            nn.BatchNorm2d(widths[target]),
            nn.Upsample(scale_factor=float(2 ** (source - target)), mode="nearest"),
        )
    width = widths[source]
    steps = [_separable(width, width, 2, relu=True) for _ in range(target - source - 1)]
    return nn.Sequential(*steps, _separable(width, widths[target], 2, relu=False))


class LiteModule(nn.Module):
    """Weighting blocks over all branches, then the exchange."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(ConditionalChannelWeighting(widths) for _ in range(BLOCKS)))
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_path(widths, source, target) for source in range(len(widths)))
            for target in range(len(widths))
        )

    def forward(self, branches: Sequence[Tensor]) -> list[Tensor]:
        """Map one map a branch to maps of the same shapes."""
        moved: list[Tensor] = self.layers(branches)
        result = []
        for target, row in enumerate(cast(Rows, self.fuse_layers)):
            paths = list(row)
            first = paths[0](moved[0])
            total = first + first
            for path, x in zip(paths[1:], moved[1:], strict=True):
                total = total + path(x)
            if target == 0:
                moved = [total, *moved[1:]]
            result.append(functional.relu(total))
        return result


def _transition(before: Sequence[int], after: Sequence[int]) -> nn.ModuleList:
    moves: list[nn.Module] = []
    for index, width in enumerate(after):
        if index >= len(before):
            moves.append(nn.Sequential(_separable(before[-1], width, 2, relu=True)))
        elif width == before[index]:
            moves.append(nn.Identity())
        else:
            moves.append(_separable(before[index], width, 1, relu=True))
    return nn.ModuleList(moves)


class Project(nn.Module):
    """A separable convolution of the head."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.depthwise_conv = Conv(channels, channels, 3, depthwise=True)
        self.pointwise_conv = Conv(channels, width, activation=nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H, W]."""
        result: Tensor = self.pointwise_conv(self.depthwise_conv(x))
        return result


class Head(nn.Module):
    """From the coarsest branch to the finest: add, project, enlarge."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        coarsest_first = list(reversed(widths))
        ends = [*coarsest_first[1:], coarsest_first[-1]]
        self.projects = nn.ModuleList(
            Project(width, end) for width, end in zip(coarsest_first, ends, strict=True)
        )

    def forward(self, branches: Sequence[Tensor]) -> Tensor:
        """Map the branches, finest first, to the finest map."""
        moved: Tensor | None = None
        for x, project in zip(reversed(branches), self.projects, strict=True):
            if moved is not None:
                x = x + enlarge(moved, 2)
            moved = project(x)
        return cast(Tensor, moved)


class LiteTrunk(nn.Module):
    """Shapes: pictures [N, 3, H, W], multiples of 32, to [N, widths[0], H/4, W/4]."""

    def __init__(self, widths: Sequence[int], modules: Sequence[int]) -> None:
        super().__init__()
        self.stem = Stem(STEM)
        before: Sequence[int] = (STEM,)
        for index, count in enumerate(modules):
            after = widths[: index + 2]
            self.add_module(f"transition{index}", _transition(before, after))
            chain = nn.Sequential(*(LiteModule(after) for _ in range(count)))
            self.add_module(f"stage{index}", chain)
            before = after
        self.count = len(modules)
        self.head_layer = Head(widths)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the stride-4 features."""
        branches: list[Tensor] = [self.stem(x)]
        for index in range(self.count):
            moves = cast(nn.ModuleList, self.get_submodule(f"transition{index}"))
            sources = branches + [branches[-1]] * (len(moves) - len(branches))
            branches = [move(y) for move, y in zip(moves, sources, strict=True)]
            branches = self.get_submodule(f"stage{index}")(branches)
        result: Tensor = self.head_layer(branches)
        return result


class KeypointHead(nn.Module):
    """A 1x1 convolution to heatmaps."""

    def __init__(self, channels: int, keypoints: int) -> None:
        super().__init__()
        self.final_layer = nn.Conv2d(channels, keypoints, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to [N, K, H, W]."""
        result: Tensor = self.final_layer(x)
        return result


class LiteHRNet(nn.Module):
    """Shapes: pictures [N, 3, H, W], multiples of 32, to one heatmap [N, K, H/4, W/4]."""

    outputs = ("heatmap",)

    def __init__(self, keypoints: int, *, widths: Sequence[int], modules: Sequence[int]) -> None:
        super().__init__()
        self.backbone = LiteTrunk(widths, modules)
        self.keypoint_head = KeypointHead(widths[0], keypoints)

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """Compute the heatmaps."""
        return (self.keypoint_head(self.backbone(x)),)
