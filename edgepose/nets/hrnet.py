# SPDX-License-Identifier: Apache-2.0
"""A compact HRNet: parallel branches of falling resolution that exchange by sums.

The idea is Sun et al., "Deep High-Resolution Representation Learning for Human Pose
Estimation" (CVPR 2019): the stride-4 branch is never lost, lower branches are added one
stage at a time, and each module ends in a full exchange. Here the bottleneck stage is one
basic block, upsampling is a 1x1 convolution and a nearest-neighbour copy, and only the
branches that are read later are computed in the last exchange.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.blocks import basic_blocks, conv_bn

# What a list of lists of modules is; PyTorch's own types do not say it.
Rows: TypeAlias = Iterable[nn.ModuleList]


@dataclass(frozen=True)
class HRNetConfig:
    """Widths of the branches (stride 4, 8, 16, ...) and the blocks of each stage.

    ``modules[i]`` and ``blocks[i]`` belong to the stage with ``i + 2`` branches. ``outputs`` is how
    many branches the last exchange computes; 0 leaves it to a network that reads ``branches``.
    """

    widths: tuple[int, ...] = (16, 48, 96, 160)
    stem_width: int = 16
    stem_blocks: int = 0
    modules: tuple[int, ...] = (1, 1, 1)
    blocks: tuple[int, ...] = (1, 2, 2)
    outputs: int = 1


class Exchange(nn.Module):
    """Add every branch, brought to its resolution, to each branch of ``targets``."""

    def __init__(self, widths: tuple[int, ...], targets: Sequence[int]) -> None:
        super().__init__()
        self.targets = tuple(targets)
        self.paths = nn.ModuleList(
            nn.ModuleList(_path(widths, source, target) for source in range(len(widths)))
            for target in self.targets
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        """Map a list of branches to those of ``targets``, of the same sizes."""
        result = []
        for target, row in zip(self.targets, cast(Rows, self.paths), strict=True):
            total = branches[target]
            for source, path in enumerate(row):
                if source == target:
                    continue
                moved = path(branches[source])
                if source > target:
                    moved = functional.interpolate(
                        moved, scale_factor=float(2 ** (source - target)), mode="nearest"
                    )
                total = total + moved
            result.append(self.relu(total))
        return result


def _path(widths: tuple[int, ...], source: int, target: int) -> nn.Module:
    if source == target:
        return nn.Identity()
    if source > target:
        return conv_bn(widths[source], widths[target], 1, relu=False)
    steps: list[nn.Module] = []
    for level in range(source, target):
        last = level + 1 == target
        width_out = widths[target] if last else widths[source]
        steps.append(conv_bn(widths[source], width_out, 3, 2, relu=not last))
    return nn.Sequential(*steps)


class Module(nn.Module):
    """Residual blocks on each branch, then one exchange (HRNet, figure 2)."""

    def __init__(self, widths: tuple[int, ...], blocks: int, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(basic_blocks(width, blocks) for width in widths)
        self.exchange = Exchange(widths, range(outputs))

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        """Map a list of branches to the exchanged list."""
        exchanged: list[Tensor] = self.exchange(self.apart(branches))
        return exchanged

    def apart(self, branches: list[Tensor]) -> list[Tensor]:
        """Map each branch by its own blocks."""
        return [block(branch) for block, branch in zip(self.branches, branches, strict=True)]


class HRNet(nn.Module):
    """Backbone that maps a picture to its stride-4 features.

    Shapes: [N, 3, H, W] with H and W multiples of the coarsest stride to
    [N, widths[0], H/4, W/4].
    """

    def __init__(self, config: HRNetConfig) -> None:
        super().__init__()
        widths = config.widths
        self.config = config
        self.stem = nn.Sequential(
            conv_bn(3, config.stem_width, 3, 2),
            conv_bn(config.stem_width, widths[0], 3, 2),
            basic_blocks(widths[0], config.stem_blocks),
        )
        self.transitions = nn.ModuleList()
        self.stages = nn.ModuleList()
        last_stage = len(widths) - 2
        for stage in range(len(widths) - 1):
            count = stage + 2
            self.transitions.append(conv_bn(widths[stage], widths[stage + 1], 3, 2))
            chain = nn.ModuleList()
            for index in range(config.modules[stage]):
                is_end = stage == last_stage and index + 1 == config.modules[stage]
                outputs = config.outputs if is_end else count
                chain.append(Module(widths[:count], config.blocks[stage], outputs))
            self.stages.append(chain)

    @property
    def channels(self) -> int:
        """Channels of the output."""
        return self.config.widths[0]

    def forward(self, x: Tensor) -> Tensor:
        """Compute the stride-4 features."""
        features: Tensor = self._last.exchange(self.branches(x))[0]
        return features

    def branches(self, x: Tensor) -> list[Tensor]:
        """Compute every branch as it enters the last exchange, the finest first."""
        branches: list[Tensor] = [self.stem(x)]
        for transition, chain in zip(self.transitions, cast(Rows, self.stages), strict=True):
            branches.append(transition(branches[-1]))
            for module in chain:
                is_last = module is self._last
                branches = self._last.apart(branches) if is_last else module(branches)
        return branches

    @property
    def _last(self) -> Module:
        return cast(Module, cast(nn.ModuleList, self.stages[-1])[-1])
