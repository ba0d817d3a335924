# SPDX-License-Identifier: Apache-2.0
"""OpenPose's network for the 18 keypoints of COCO, named as in its prototxt.

Cao et al., "Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields" (CVPR 2017):
VGG features, then stages of two branches, PAFs (L1) and heatmaps (L2), each stage reading the
features and both maps of the stage before.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgepose.nets.published.caffe import CaffeNet, pool

# Convolutions of VGG before each pooling: names, and width.
VGG = (
    (("conv1_1", "conv1_2"), 64),
    (("conv2_1", "conv2_2"), 128),
    (("conv3_1", "conv3_2", "conv3_3", "conv3_4"), 256),
)
FEATURES = ("conv4_1", "conv4_2", "conv4_3_CPM", "conv4_4_CPM")
FEATURE_WIDTHS = (512, 512, 256, 128)
BRANCHES = ("L1", "L2")
STAGES = 6


def _first(branch: str) -> list[str]:
    return [f"conv5_{number}_CPM_{branch}" for number in range(1, 6)]


def _later(stage: int, branch: str) -> list[str]:
    return [f"Mconv{number}_stage{stage}_{branch}" for number in range(1, 8)]


class OpenPose(CaffeNet):
    """Shapes: pictures [N, 3, H, W] to heatmaps and PAFs [N, K + 1 + 2L, H/8, W/8], rounded up.

    The last heatmap is the background. Pictures are BGR, x / 256 - 0.5.
    """

    outputs = ("maps",)

    def __init__(self, keypoints: int, *, limbs: int) -> None:
        super().__init__()
        channels = 3
        for names, width in VGG:
            for name in names:
                channels = self.add_conv(name, channels, width, 3)
        for name, width in zip(FEATURES, FEATURE_WIDTHS, strict=True):
            channels = self.add_conv(name, channels, width, 3)
        ends = {"L1": 2 * limbs, "L2": keypoints + 1}
        wide = channels + sum(ends.values())
        self._chains(channels, {b: _first(b) for b in BRANCHES}, (3, 3, 3, 1, 1), 512, ends)
        for number in range(2, STAGES + 1):
            names_of = {b: _later(number, b) for b in BRANCHES}
            self._chains(wide, names_of, (7, 7, 7, 7, 7, 1, 1), 128, ends)

    def _chains(
        self,
        channels: int,
        names_of: dict[str, list[str]],
        kernels: tuple[int, ...],
        narrow: int,
        ends: dict[str, int],
    ) -> None:
        """Both branches of a stage, layer by layer; ``narrow`` is the width before the last."""
        widths = [*[128] * (len(kernels) - 2), narrow]
        for index, kernel in enumerate(kernels):
            before = widths[index - 1] if index else channels
            for branch, names in names_of.items():
                width = widths[index] if index < len(widths) else ends[branch]
                self.add_conv(names[index], before, width, kernel)

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """Compute heatmaps, then PAFs, of the last stage side by side."""
        for names, _ in VGG:
            x = pool(self.relu(x, names))
        features = self.relu(x, FEATURES)
        x = features
        maps: list[Tensor] = []
        for number in range(1, STAGES + 1):
            chains = [_first(b) if number == 1 else _later(number, b) for b in BRANCHES]
            maps = [self.conv(self.relu(x, chain[:-1]), chain[-1]) for chain in chains]
            x = torch.cat((*maps, features), 1)
        paf, heat = maps
        return (torch.cat((heat, paf), 1),)
