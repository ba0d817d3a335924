# SPDX-License-Identifier: Apache-2.0
"""Bottom-up networks: the compact HRNet, its branches gathered at one stride, two heads.

The heads are those of Cao et al., "Realtime Multi-Person 2D Pose Estimation using Part Affinity
Fields" (CVPR 2017) or of Newell et al., "Associative Embedding" (NIPS 2017). The backbone's
parameters have the names and shapes of the top-down network's, which can therefore start it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from torch import Tensor, nn

from edgepose.nets.blocks import basic_blocks, conv_bn
from edgepose.nets.hrnet import Exchange, HRNet, HRNetConfig

LEVELS = {4: 0, 8: 1}
HEAD_DEVIATION = 1e-3


@dataclass(frozen=True)
class BottomUpConfig:
    """The backbone, the stride of the maps (4 or 8), and width and residual blocks of the head."""

    backbone: HRNetConfig
    stride: int
    head_width: int
    head_blocks: int


class BottomUpNet(nn.Module):
    """Heatmaps of K keypoints, and fields along limbs or tags.

    Shapes: pictures [N, 3, H, W], H and W multiples of 32, to two raw maps at H/stride x W/stride:
    heatmaps [N, K] and fields [N, C]. They are never concatenated, so that each keeps a range of
    its own under INT8.
    """

    def __init__(self, config: BottomUpConfig, keypoints: int, fields: int) -> None:
        super().__init__()
        widths, level, width = config.backbone.widths, LEVELS[config.stride], config.head_width
        self.stride = config.stride
        self.backbone = HRNet(replace(config.backbone, outputs=0))
        self.gather = Exchange(widths, (level,))
        self.neck = nn.Sequential(
            conv_bn(widths[level], width), basic_blocks(width, config.head_blocks)
        )
        self.head_heatmap = nn.Conv2d(width, keypoints, 1)
        self.head_fields = nn.Conv2d(width, fields, 1)
        for head in (self.head_heatmap, self.head_fields):  # nearly all cells are background
            nn.init.normal_(head.weight, std=HEAD_DEVIATION)
            nn.init.zeros_(cast(Tensor, head.bias))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute heatmaps and fields."""
        features = self.neck(self.gather(self.backbone.branches(x))[0])
        return self.head_heatmap(features), self.head_fields(features)
