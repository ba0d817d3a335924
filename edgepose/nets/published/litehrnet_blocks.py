# SPDX-License-Identifier: Apache-2.0
"""The blocks of Lite-HRNet: weights from all resolutions take the place of 1x1 convolutions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from edgepose.nets.published.resize import height


class Conv(nn.Module):
    """Convolution, batch norm (else a bias) and an activation."""

    def __init__(
        self,
        channels: int,
        width: int,
        kernel: int = 1,
        stride: int = 1,
        *,
        depthwise: bool = False,
        norm: bool = True,
        activation: nn.Module | None = None,
    ) -> None:
        super().__init__()
        groups = channels if depthwise else 1
        self.conv = nn.Conv2d(
            channels, width, kernel, stride, kernel // 2, groups=groups, bias=not norm
        )
        self.bn = nn.BatchNorm2d(width) if norm else None
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H / stride, W / stride]."""
        x = self.conv(x)
        if self.bn is not None:
            x = self.bn(x)
        return x if self.activation is None else self.activation(x)


def shuffle(x: Tensor, groups: int = 2) -> Tensor:
    """Interleave groups of channels (ShuffleNet)."""
    channels, rows, columns = (int(side) for side in x.shape[1:])
    x = x.view(-1, groups, channels // groups, rows, columns).transpose(1, 2)
    return x.reshape(-1, channels, rows, columns)


def halves(x: Tensor) -> tuple[Tensor, Tensor]:
    """The first and the second half of the channels."""
    half = int(x.shape[1]) // 2
    return x[:, :half], x[:, half:]


class Stem(nn.Module):
    """Pictures to ``width`` channels at stride 4, the second halving as in ShuffleNet."""

    def __init__(self, width: int) -> None:
        super().__init__()
        half = width // 2
        self.conv1 = Conv(3, width, 3, 2, activation=nn.ReLU())
        self.branch1 = nn.Sequential(
            Conv(half, half, 3, 2, depthwise=True), Conv(half, half, activation=nn.ReLU())
        )
        self.expand_conv = Conv(half, width, activation=nn.ReLU())
        self.depthwise_conv = Conv(width, width, 3, 2, depthwise=True)
        self.linear_conv = Conv(width, half, activation=nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, 3, H, W] to [N, width, H/4, W/4]."""
        left, right = halves(self.conv1(x))
        right = self.linear_conv(self.depthwise_conv(self.expand_conv(right)))
        return shuffle(torch.cat((self.branch1(left), right), 1))


class SpatialWeighting(nn.Module):
    """Weigh channels by their means (squeeze and excitation)."""

    def __init__(self, channels: int, ratio: int) -> None:
        super().__init__()
        self.conv1 = Conv(channels, channels // ratio, norm=False, activation=nn.ReLU())
        self.conv2 = Conv(channels // ratio, channels, norm=False, activation=nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, C, H, W] to the same shape."""
        result: Tensor = x * self.conv2(self.conv1(x.mean((2, 3), keepdim=True)))
        return result


class CrossResolutionWeighting(nn.Module):
    """Weigh channels and cells of every branch from all branches, at the coarsest size."""

    def __init__(self, channels: Sequence[int], ratio: int) -> None:
        super().__init__()
        self.channels = tuple(channels)
        total = sum(channels)
        self.conv1 = Conv(total, total // ratio, activation=nn.ReLU())
        self.conv2 = Conv(total // ratio, total, activation=nn.Sigmoid())

    def forward(self, branches: Sequence[Tensor]) -> list[Tensor]:
        """Map one map a branch to maps of the same shapes."""
        factors = [height(x) // height(branches[-1]) for x in branches]
        # Each branch is a power of two times the coarsest: plain pooling is adaptive pooling.
        pairs = zip(branches, factors, strict=True)
        small = [functional.avg_pool2d(x, n) if n > 1 else x for x, n in pairs]
        weights = self.conv2(self.conv1(torch.cat(small, 1)))
        parts = weights.split(self.channels, 1)
        return [
            x * functional.interpolate(part, scale_factor=float(n), mode="nearest")
            for x, part, n in zip(branches, parts, factors, strict=True)
        ]


class ConditionalChannelWeighting(nn.Module):
    """Half of the channels pass, the other half is weighed and filtered; then both mix."""

    def __init__(self, widths: Sequence[int], ratio: int = 8) -> None:
        super().__init__()
        narrow = [width // 2 for width in widths]
        self.cross_resolution_weighting = CrossResolutionWeighting(narrow, ratio)
        self.depthwise_convs = nn.ModuleList(Conv(w, w, 3, depthwise=True) for w in narrow)
        self.spatial_weighting = nn.ModuleList(SpatialWeighting(w, 4) for w in narrow)

    def forward(self, branches: Sequence[Tensor]) -> list[Tensor]:
        """Map one map a branch to maps of the same shapes."""
        pairs = [halves(x) for x in branches]
        right = self.cross_resolution_weighting([pair[1] for pair in pairs])
        result = []
        for index, (left, _) in enumerate(pairs):
            y = self.spatial_weighting[index](self.depthwise_convs[index](right[index]))
            result.append(shuffle(torch.cat((left, y), 1)))
        return result
