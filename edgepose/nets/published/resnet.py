# SPDX-License-Identifier: Apache-2.0
"""Residual blocks and the ResNet trunk (He et al., CVPR 2016), named as torchvision names them."""

from __future__ import annotations

from torch import Tensor, nn

# Depth -> blocks of the four stages; 50 and deeper are made of bottlenecks.
DEPTHS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
WIDTHS = (64, 128, 256, 512)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    expansion = 1

    def __init__(self, channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.downsample = shortcut(channels, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width, H / stride, W / stride]."""
        y = self.relu(self.bn1(self.conv1(x)))
        result: Tensor = self.relu(self.bn2(self.conv2(y)) + self.downsample(x))
        return result


class Bottleneck(nn.Module):
    """1x1, 3x3 (which strides) and 1x1 convolutions beside a shortcut.

    With ``project`` the shortcut is a 1x1 convolution whether the shape changes or not.
    """

    expansion = 4

    def __init__(
        self,
        channels: int,
        width: int,
        stride: int = 1,
        *,
        expansion: int = 4,
        project: bool = False,
    ) -> None:
        super().__init__()
        wide = width * expansion
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, wide, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(wide)
        self.relu = nn.ReLU()
        self.downsample = shortcut(channels, wide, stride, project=project)

    def forward(self, x: Tensor) -> Tensor:
        """Map [N, channels, H, W] to [N, width * expansion, H / stride, W / stride]."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        result: Tensor = self.relu(self.bn3(self.conv3(y)) + self.downsample(x))
        return result


Block = type[BasicBlock] | type[Bottleneck]


def shortcut(channels: int, wide: int, stride: int, *, project: bool = False) -> nn.Module:
    """Build the identity where the shape stays, else (or if told) a strided 1x1 convolution."""
    if stride == 1 and channels == wide and not project:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(channels, wide, 1, stride, bias=False), nn.BatchNorm2d(wide))


def stage(block: Block, channels: int, width: int, blocks: int, stride: int = 1) -> nn.Sequential:
    """Chain residual blocks; the first one strides and widens."""
    chain = [block(channels, width, stride)]
    chain += [block(width * block.expansion, width) for _ in range(blocks - 1)]
    return nn.Sequential(*chain)


class ResNet(nn.Module):
    """The trunk of a ResNet: maps at strides 4, 8, 16 and 32."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        block: Block = Bottleneck if depth >= 50 else BasicBlock
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = 64
        for number, (width, blocks) in enumerate(zip(WIDTHS, DEPTHS[depth], strict=True), 1):
            stride = 1 if number == 1 else 2
            self.add_module(f"layer{number}", stage(block, channels, width, blocks, stride))
            channels = width * block.expansion
        self.channels = tuple(width * block.expansion for width in WIDTHS)

    def levels(self, x: Tensor) -> list[Tensor]:
        """Map pictures [N, 3, H, W] to four maps, finest first."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        found = []
        for number in range(1, 5):
            x = self.get_submodule(f"layer{number}")(x)
            found.append(x)
        return found

    def forward(self, x: Tensor) -> list[Tensor]:
        """Compute the four levels."""
        return self.levels(x)
