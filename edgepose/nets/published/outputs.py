# SPDX-License-Identifier: Apache-2.0
"""Published networks with the outputs that a contract promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.published.registry import Architecture


class HeatmapOutput(nn.Module):
    """The heatmaps of K keypoints, peaks near one; a background map is dropped."""

    roles = ("heatmap",)

    def __init__(self, net: nn.Module, output: str, keypoints: int, gain: float) -> None:
        super().__init__()
        self.net = net
        self.index = cast(Sequence[str], net.outputs).index(output)
        self.keypoints, self.gain = keypoints, gain

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to [N, K, h, w]."""
        maps: Tensor = self.net(x)[self.index]
        if int(maps.shape[1]) > self.keypoints:
            maps = maps[:, : self.keypoints]
        return maps if self.gain == 1 else maps * self.gain


class PafOutput(nn.Module):
    """The last stage's heatmaps, the background last, and PAFs."""

    roles = ("heatmap", "paf")

    def __init__(self, net: nn.Module, keypoints: int) -> None:
        super().__init__()
        self.net, self.heat = net, keypoints + 1

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Map [N, 3, H, W] to [N, K + 1, h, w] and [N, 2L, h, w]."""
        maps = self.net(x)
        if len(maps) == 1:
            return maps[0][:, : self.heat], maps[0][:, self.heat :]
        return maps[-2], maps[-1]


class TagOutput(nn.Module):
    """Heatmaps averaged over both heads, and tags, at half of the input's resolution.

    The mean and the bilinear enlarging are those of HigherHRNet's own test code.
    """

    roles = ("heatmap", "tags")

    def __init__(self, net: nn.Module, keypoints: int) -> None:
        super().__init__()
        self.net, self.keypoints = net, keypoints

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Map [N, 3, H, W] to [N, K, H/2, W/2] twice."""
        quarter, half = self.net(x)
        enlarged = functional.interpolate(
            quarter, scale_factor=2.0, mode="bilinear", align_corners=False
        )
        heatmap = (enlarged[:, : self.keypoints] + half) / 2
        return heatmap, enlarged[:, self.keypoints :]


def with_outputs(
    net: nn.Module, kind: Architecture, codec: str, keypoints: int, gain: float
) -> HeatmapOutput | PafOutput | TagOutput:
    """The network with the outputs of a codec's type: heatmap, paf or tags."""
    if codec == "paf":
        return PafOutput(net, keypoints)
    if codec == "tags":
        return TagOutput(net, keypoints)
    return HeatmapOutput(net, kind.output, keypoints, gain)
