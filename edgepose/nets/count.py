# SPDX-License-Identifier: Apache-2.0
"""What a network costs: parameters, and multiply-adds of its convolutions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Attributes:
        parameters: Numbers that training changes.
        macs: Multiply-adds of convolutions and matrix products for one picture; transposed
            convolutions are counted on their input.
    """

    parameters: int
    macs: int


def cost(net: nn.Module, input_hw: tuple[int, int]) -> Cost:
    """Run a network on one empty picture [1, 3, H, W] and count."""
    total = [0]

    def count(module: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        if isinstance(module, nn.ConvTranspose2d):
            cells = inputs[0].numel()
        elif isinstance(module, nn.Conv2d | nn.Linear):
            cells = output.numel()
        else:
            return
        total[0] += cells * math.prod(module.weight.shape[1:])

    hooks = [module.register_forward_hook(count) for module in net.modules()]
    training = net.training
    try:
        with torch.no_grad():
            net.eval()(torch.zeros(1, 3, *input_hw))
    finally:
        net.train(training)
        for hook in hooks:
            hook.remove()
    return Cost(sum(p.numel() for p in net.parameters()), total[0])
