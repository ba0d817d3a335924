# SPDX-License-Identifier: Apache-2.0
"""HigherHRNet: HRNet with a second, finer head for bottom-up pose.

Cheng et al., "HigherHRNet: Scale-Aware Representation Learning for Bottom-Up Human Pose
Estimation" (CVPR 2020): a transposed convolution doubles the resolution of the features, and
both sizes predict heatmaps; the tags of associative embedding come from the coarser one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgepose.nets.published.hrnet import HRNetTrunk
from edgepose.nets.published.resnet import BasicBlock

BLOCKS = 4


class HigherHRNet(HRNetTrunk):
    """Shapes: pictures [N, 3, H, W] to [N, 2K, H/4, W/4] (heatmaps, tags) and [N, K, H/2, W/2]."""

    outputs = ("quarter", "half")

    def __init__(
        self, keypoints: int, *, first: Sequence[int], stages: Sequence[dict[str, Any]]
    ) -> None:
        super().__init__(first, stages)
        width, coarse = self.channels, 2 * keypoints
        self.final_layers = nn.ModuleList(
            [nn.Conv2d(width, coarse, 1), nn.Conv2d(width, keypoints, 1)]
        )
        enlarge = nn.Sequential(
            nn.ConvTranspose2d(width + coarse, width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        blocks = (nn.Sequential(BasicBlock(width, width)) for _ in range(BLOCKS))
        self.deconv_layers = nn.ModuleList([nn.Sequential(enlarge, *blocks)])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Compute both maps."""
        x = self.features(x)
        quarter = self.final_layers[0](x)
        half = self.final_layers[1](self.deconv_layers[0](torch.cat((x, quarter), 1)))
        return quarter, half
