# SPDX-License-Identifier: Apache-2.0
"""OpenPose's network for its 25 keypoints (BODY_25), named as in its prototxt.

Cao et al., "OpenPose: Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields" (2019):
four stages find PAFs (L2), then two find heatmaps (L1); a 7x7 convolution became three 3x3 ones
whose outputs lie side by side, and each ReLU learns its slope.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from edgepose.nets.published.caffe import CaffeNet, pool
from edgepose.nets.published.openpose import FEATURE_WIDTHS, FEATURES, VGG

# Stage, branch, width of the dense blocks, width of the 1x1 convolution after them.
STAGES = (
    (0, "L2", 96, 256),
    (1, "L2", 128, 512),
    (2, "L2", 128, 512),
    (3, "L2", 128, 512),
    (0, "L1", 96, 256),
    (1, "L1", 128, 512),
)
BLOCKS = 5
CONVS = 3


class OpenPoseBody25(CaffeNet):
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
            prelu = name.replace("conv", "prelu") if name != FEATURES[0] else ""
            channels = self.add_conv(name, channels, width, 3, prelu=prelu)
        paf, heat = 2 * limbs, keypoints + 1
        for stage, branch, width, narrow in STAGES:
            extra = 0 if (stage, branch) == (0, "L2") else paf
            extra += heat if (stage, branch) == (1, "L1") else 0
            end = paf if branch == "L2" else heat
            self._stage(f"stage{stage}_{branch}", channels + extra, width, narrow, end)

    def _stage(self, suffix: str, channels: int, width: int, narrow: int, end: int) -> None:
        for block in range(1, BLOCKS + 1):
            for conv in range(CONVS):
                name = f"conv{block}_{suffix}_{conv}"
                channels = self.add_conv(f"M{name}", channels, width, 3, prelu=f"M{_prelu(name)}")
            channels = CONVS * width
        self.add_conv(f"Mconv6_{suffix}", channels, narrow, 1, prelu=f"Mprelu6_{suffix}")
        self.add_conv(f"Mconv7_{suffix}", narrow, end, 1)

    def _prelu_conv(self, x: Tensor, name: str) -> Tensor:
        y: Tensor = self.get_submodule(_prelu(name))(self.conv(x, name))
        return y

    def _run(self, inputs: Sequence[Tensor], suffix: str) -> Tensor:
        """One stage on its inputs side by side."""
        x = torch.cat(tuple(inputs), 1)
        for block in range(1, BLOCKS + 1):
            outputs = []
            for conv in range(CONVS):
                x = self._prelu_conv(x, f"Mconv{block}_{suffix}_{conv}")
                outputs.append(x)
            x = torch.cat(outputs, 1)
        return self.conv(self._prelu_conv(x, f"Mconv6_{suffix}"), f"Mconv7_{suffix}")

    def forward(self, x: Tensor) -> tuple[Tensor]:
        """Compute heatmaps, then PAFs, of the last stages side by side."""
        for names, _ in VGG:
            x = pool(self.relu(x, names))
        x = self.relu(x, FEATURES[:1])
        for name in FEATURES[1:]:
            x = self._prelu_conv(x, name)
        found: dict[str, Tensor] = {}  # the last maps of each branch
        for stage, branch, _, _ in STAGES:
            before = [found[b] for b in ("L1", "L2") if b in found]
            found[branch] = self._run([x, *before], f"stage{stage}_{branch}")
        return (torch.cat((found["L1"], found["L2"]), 1),)


def _prelu(name: str) -> str:
    return name.replace("conv", "prelu")
