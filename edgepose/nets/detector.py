# SPDX-License-Identifier: Apache-2.0
"""A small person detector that finds box centres on a stride-8 heatmap.

The idea is Zhou et al., "Objects as Points" (2019): one heatmap peak a person, with the box
size and the sub-cell offset read at the peak. Here size and offset are learnt with an
overlap loss on the cells around the centre, which converges in few passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.blocks import basic_blocks, conv_bn

LOG_SIZE_RANGE = (-5.0, 4.0)
# Bias of the centre logit at the start: almost every cell is no centre.
PRIOR_LOGIT = -4.0


@dataclass(frozen=True)
class DetectorConfig:
    """Widths and residual blocks at strides 2, 4, 8, 16 and 32."""

    widths: tuple[int, int, int, int, int] = (16, 32, 48, 96, 160)
    blocks: tuple[int, int, int, int, int] = (0, 0, 1, 2, 2)


class CenterDetector(nn.Module):
    """Residual backbone, top-down sums to stride 8, heads for centre, size and offset.

    Shapes: pictures [N, 3, H, W], H and W multiples of 32, to three raw maps at H/8 x W/8:
    centre logit [N, 1], log of width and height over ``size_unit`` input pixels [N, 2], offset
    of the centre from the cell's centre (x, y) in cells [N, 2]. They are never concatenated,
    so that each keeps a range of its own under INT8.
    """

    stride = 8
    size_unit = 64.0

    def __init__(self, config: DetectorConfig) -> None:
        super().__init__()
        channels = 3
        self.levels = nn.ModuleList()
        for width, blocks in zip(config.widths, config.blocks, strict=True):
            self.levels.append(
                nn.Sequential(conv_bn(channels, width, 3, 2), basic_blocks(width, blocks))
            )
            channels = width
        _, _, fine, middle, coarse = config.widths
        self.coarse_to_middle = conv_bn(coarse, middle, 1, relu=False)
        self.middle_to_fine = conv_bn(middle, fine, 1, relu=False)
        self.merge_middle = conv_bn(middle, middle)
        self.merge_fine = nn.Sequential(conv_bn(fine, fine), conv_bn(fine, fine))
        self.head_heatmap = nn.Conv2d(fine, 1, 1)
        self.head_size = nn.Conv2d(fine, 2, 1)
        self.head_offset = nn.Conv2d(fine, 2, 1)
        nn.init.constant_(cast(Tensor, self.head_heatmap.bias), PRIOR_LOGIT)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compute the raw maps: centre logit, log size, offset."""
        pyramid = []
        for level in self.levels:
            x = level(x)
            pyramid.append(x)
        fine, middle, coarse = pyramid[2:]
        middle = self.merge_middle(functional.relu(middle + _up(self.coarse_to_middle(coarse))))
        fine = self.merge_fine(functional.relu(fine + _up(self.middle_to_fine(middle))))
        return self.head_heatmap(fine), self.head_size(fine), self.head_offset(fine)


def _up(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


class DetectorExport(nn.Module):
    """Wrap a detector: probabilities, sizes in input pixels and offsets as three outputs."""

    def __init__(self, net: CenterDetector) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map [N, 3, H, W] to heatmap [N, 1, h, w], size and offset [N, 2, h, w]."""
        logit, log_size, offset = self.net(x)
        size = log_size.clamp(*LOG_SIZE_RANGE).exp() * self.net.size_unit
        return logit.sigmoid(), size, offset
