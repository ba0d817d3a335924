# SPDX-License-Identifier: Apache-2.0
"""HRNet as published: branches of falling resolution that exchange by sums.

Sun et al., "Deep High-Resolution Representation Learning for Human Pose Estimation" (CVPR 2019).
The compact networks of `edgepose.nets.hrnet` are built from cheaper parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, cast

from torch import Tensor, nn

from edgepose.nets.published.resnet import BasicBlock, Bottleneck, stage

Rows: TypeAlias = Iterable[nn.ModuleList]


def strided(channels: int, width: int) -> nn.Sequential:
    """Halve the resolution: 3x3 convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
    )


class HighResolutionModule(nn.Module):
    """Basic blocks on every branch, then a sum of all branches at each of ``outputs`` sizes."""

    def __init__(self, widths: Sequence[int], blocks: int, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(stage(BasicBlock, w, w, blocks) for w in widths)
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_path(widths, source, target) for source in range(len(widths)))
            for target in range(outputs)
        )
        self.relu = nn.ReLU()

    def forward(self, branches: Sequence[Tensor]) -> list[Tensor]:
        """Map one map a branch to ``outputs`` maps."""
        moved = [block(x) for block, x in zip(self.branches, branches, strict=True)]
        result = []
        for row in cast(Rows, self.fuse_layers):
            paths = list(row)
            total = paths[0](moved[0])
            for path, x in zip(paths[1:], moved[1:], strict=True):
                total = total + path(x)
            result.append(self.relu(total))
        return result


def _path(widths: Sequence[int], source: int, target: int) -> nn.Module:
    """What brings a branch to another's resolution and width."""
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(
            nn.Conv2d(widths[source], widths[target], 1, bias=False),
            nn.BatchNorm2d(widths[target]),
            nn.Upsample(scale_factor=float(2 ** (source - target)), mode="nearest"),
        )
    steps = [strided(widths[source], widths[source]) for _ in range(target - source - 1)]
    last = nn.Sequential(
        nn.Conv2d(widths[source], widths[target], 3, 2, 1, bias=False),
        nn.BatchNorm2d(widths[target]),
    )
    return nn.Sequential(*steps, last)


def _transition(before: Sequence[int], after: Sequence[int]) -> nn.ModuleList:
    """Fits the old branches to their new widths and starts new branches from the coarsest."""
    moves: list[nn.Module] = []
    for index, width in enumerate(after):
        if index >= len(before):
            moves.append(nn.Sequential(strided(before[-1], width)))
        elif width == before[index]:
            moves.append(nn.Identity())
        else:
            moves.append(
                nn.Sequential(
                    nn.Conv2d(before[index], width, 3, 1, 1, bias=False),
                    nn.BatchNorm2d(width),
                    nn.ReLU(),
                )
            )
    return nn.ModuleList(moves)


class HRNetTrunk(nn.Module):
    """Shapes: pictures [N, 3, H, W], H and W multiples of 32, to [N, widths[0], H/4, W/4].

    ``first`` is (blocks, width) of the bottlenecks, ``stages`` tables of modules, blocks, widths.
    """

    def __init__(self, first: Sequence[int], stages: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(64, 64, 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        blocks, width = first
        self.layer1 = stage(Bottleneck, 64, width, blocks)
        before: Sequence[int] = (width * Bottleneck.expansion,)
        for number, table in enumerate(stages, 2):
            widths, count = table["widths"], table["modules"]
            self.add_module(f"transition{number - 1}", _transition(before, widths))
            single = number == len(stages) + 1  # only the finest map is read after the last one
            ends = [1 if single and index + 1 == count else len(widths) for index in range(count)]
            modules = (HighResolutionModule(widths, table["blocks"], end) for end in ends)
            self.add_module(f"stage{number}", nn.Sequential(*modules))
            before = widths
        self.last = len(stages) + 1
        self.channels = before[0]

    def features(self, x: Tensor) -> Tensor:
        """Compute the stride-4 features."""
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        branches: list[Tensor] = [self.layer1(x)]
        for number in range(2, self.last + 1):
            moves = cast(nn.ModuleList, self.get_submodule(f"transition{number - 1}"))
            sources = branches + [branches[-1]] * (len(moves) - len(branches))
            branches = [move(y) for move, y in zip(moves, sources, strict=True)]
            branches = self.get_submodule(f"stage{number}")(branches)
        return branches[0]


class HRNet(HRNetTrunk):
    """Shapes: pictures [N, 3, H, W] to one heatmap [N, K, H/4, W/4]."""

    outputs = ("heatmap",)

    def __init__(
        self, keypoints: int, *, first: Sequence[int], stages: Sequence[dict[str, Any]]
    ) -> None:
        super().__init__(first, stages)
        self.final_layer = nn.Conv2d(self.channels, keypoints, 1)

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """Compute the heatmaps."""
        return (self.final_layer(self.features(x)),)
