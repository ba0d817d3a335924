# SPDX-License-Identifier: Apache-2.0
"""Feeds a network with pictures of bytes; the contract of an exported model says the same."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgepose.nets.constants import MEAN, STD


class Normalized(nn.Module):
    """Feeds uint8 RGB pictures [N, H, W, 3] to a network, normalised on its device."""

    mean: Tensor
    std: Tensor

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, picture: Tensor) -> Any:
        """Runs the network."""
        x = picture.permute(0, 3, 1, 2).float()
        x = ((x - self.mean) / self.std).contiguous(memory_format=torch.channels_last)
        return self.net(x)
