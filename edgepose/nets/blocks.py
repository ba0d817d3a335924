# SPDX-License-Identifier: Apache-2.0
"""Convolution blocks shared by every network: plain 3x3 and 1x1 convolutions with ReLU.

No squeeze, shuffle or adaptive pooling: those cost few multiply-adds and much time on
CPUs and NPUs. Channel counts are multiples of 8 so that they fill SIMD lanes.
"""

from __future__ import annotations

from torch import Tensor, nn


def conv_bn(
    channels_in: int, channels_out: int, kernel: int = 3, stride: int = 1, *, relu: bool = True
) -> nn.Sequential:
    """Build convolution, batch norm and, if asked, ReLU; the size is kept at stride 1."""
    layers: list[nn.Module] = [
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
    ]
    if relu:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with an identity shortcut (He et al., CVPR 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = conv_bn(channels, channels)
        self.conv2 = conv_bn(channels, channels, relu=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to the same shape."""
        result: Tensor = self.relu(self.conv2(self.conv1(x)) + x)
        return result


def basic_blocks(channels: int, count: int) -> nn.Sequential:
    """Chain ``count`` basic blocks."""
    return nn.Sequential(*(BasicBlock(channels) for _ in range(count)))
