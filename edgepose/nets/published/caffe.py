# SPDX-License-Identifier: Apache-2.0
"""Networks whose layers lie flat under the names of a Caffe prototxt."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional


class CaffeNet(nn.Module):
    """A flat table of convolutions, each perhaps with a PReLU of its own."""

    def add_conv(
        self, name: str, channels: int, width: int, kernel: int, *, prelu: str = ""
    ) -> int:
        """Add a convolution that keeps the size, and a PReLU if named; return its width."""
        self.add_module(name, nn.Conv2d(channels, width, kernel, 1, kernel // 2))
        if prelu:
            self.add_module(prelu, nn.PReLU(width))
        return width

    def conv(self, x: Tensor, name: str) -> Tensor:
        """Run a convolution."""
        y: Tensor = self.get_submodule(name)(x)
        return y

    def relu(self, x: Tensor, names: Sequence[str]) -> Tensor:
        """Run convolutions with a ReLU after each."""
        for name in names:
            x = functional.relu(self.conv(x, name))
        return x


def pool(x: Tensor, kernel: int = 2) -> Tensor:
    """Max-pool with stride 2; like Caffe, a last incomplete window counts."""
    return functional.max_pool2d(x, kernel, 2, ceil_mode=True)
