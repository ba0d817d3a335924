# SPDX-License-Identifier: Apache-2.0
"""Convolutional Pose Machines, named as in the prototxt of their authors.

Wei et al., "Convolutional Pose Machines" (CVPR 2016): a first stage predicts from the picture,
the later ones from the picture, the maps of the stage before and a map of the person's centre.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from edgepose.nets.published.caffe import CaffeNet, pool

STAGES = 6
STRIDE = 8
CENTER_SIGMA = 21.0  # px of the input
PICTURE = 32  # channels of the picture's features that the later stages read
WIDTH = 128


def _convs(stage: int, numbers: range) -> list[str]:
    return [f"conv{number}_stage{stage}" for number in numbers]


class CPM(CaffeNet):
    """Shapes: pictures [N, 3, H, W], multiples of 8, to maps [N, K + 1, H/8, W/8], one a stage.

    The last map is the background. The person is at the centre of the picture, so that the map
    of the centre, an input of the original, is a constant here. Pictures are BGR, x / 256 - 0.5.
    """

    outputs = tuple(f"stage{number}" for number in range(1, STAGES + 1))

    def __init__(self, keypoints: int) -> None:
        super().__init__()
        end = keypoints + 1
        for stage in (1, 2):
            channels = 3
            for name in _convs(stage, range(1, 4)):
                channels = self.add_conv(name, channels, WIDTH, 9)
            self.add_conv(f"conv4_stage{stage}", WIDTH, PICTURE, 5)
            if stage == 1:
                self.add_conv("conv5_stage1", PICTURE, 512, 9)
                self.add_conv("conv6_stage1", 512, 512, 1)
                self.add_conv("conv7_stage1", 512, end, 1)
            else:
                self._later(stage, end)
        for stage in range(3, STAGES + 1):
            self.add_conv(f"conv1_stage{stage}", WIDTH, PICTURE, 5)
            self._later(stage, end)

    def _later(self, stage: int, end: int) -> None:
        channels = PICTURE + end + 1
        for number, kernel in enumerate((11, 11, 11, 1), 1):
            channels = self.add_conv(f"Mconv{number}_stage{stage}", channels, WIDTH, kernel)
        self.add_conv(f"Mconv5_stage{stage}", WIDTH, end, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute the maps of every stage."""
        y = self.relu(self._pooled(x, 1), _convs(1, range(4, 7)))
        maps = [self.conv(y, "conv7_stage1")]
        shared = self._pooled(x, 2)  # read by every later stage
        # Added to zeros of the batch's shape, so that an exported graph knows the map itself.
        center = center_map(int(x.shape[2]), int(x.shape[3])).to(x) + 0 * shared[:, :1]
        for stage in range(2, STAGES + 1):
            name = "conv4_stage2" if stage == 2 else f"conv1_stage{stage}"
            y = torch.cat((self.relu(shared, [name]), maps[-1], center), 1)
            chain = [f"Mconv{number}_stage{stage}" for number in range(1, 6)]
            maps.append(self.conv(self.relu(y, chain[:-1]), chain[-1]))
        return tuple(maps)

    def _pooled(self, x: Tensor, stage: int) -> Tensor:
        for name in _convs(stage, range(1, 4)):
            x = pool(self.relu(x, [name]), 3)
        return x


def center_map(height: int, width: int) -> Tensor:
    """A Gaussian at the middle of the input, averaged to cells: [1, 1, H/8, W/8]."""
    axes = []
    for size in (height, width):
        axes.append(torch.exp(-((torch.arange(size) - size / 2) ** 2) / (2 * CENTER_SIGMA**2)))
    full = (axes[0][:, None] * axes[1][None, :])[None, None]
    return functional.avg_pool2d(full, 9, STRIDE, ceil_mode=True)
