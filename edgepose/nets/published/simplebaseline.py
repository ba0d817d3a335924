# SPDX-License-Identifier: Apache-2.0
"""SimpleBaseline: a ResNet and three transposed convolutions.

Xiao et al., "Simple Baselines for Human Pose Estimation and Tracking" (ECCV 2018).
"""

from __future__ import annotations

from torch import Tensor, nn

from edgepose.nets.published.resnet import ResNet


class SimpleBaseline(ResNet):
    """Shapes: pictures [N, 3, H, W] to one heatmap [N, K, H/4, W/4]."""

    outputs = ("heatmap",)

    def __init__(self, keypoints: int, *, depth: int, width: int = 256, deconvs: int = 3) -> None:
        super().__init__(depth)
        layers: list[nn.Module] = []
        channels = self.channels[-1]
        for _ in range(deconvs):
            layers += [
                nn.ConvTranspose2d(channels, width, 4, 2, 1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            channels = width
        self.deconv_layers = nn.Sequential(*layers)
        self.final_layer = nn.Conv2d(channels, keypoints, 1)

    def forward(self, x: Tensor) -> tuple[Tensor]:  # type: ignore[override]
        """Compute the heatmaps."""
        return (self.final_layer(self.deconv_layers(self.levels(x)[-1])),)
