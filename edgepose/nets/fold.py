# SPDX-License-Identifier: Apache-2.0
"""Folds batch norms into the convolutions before them: one pass over the data fewer."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from edgepose.errors import InputError

Net = TypeVar("Net", bound=nn.Module)
CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


def fold_batch_norm(net: Net) -> Net:
    """A copy of a network in evaluation mode without batch norms.

    Needs every batch norm to follow its convolution in an `nn.Sequential`, as `conv_bn` builds
    them; y = gamma (Wx - mean) / sqrt(var + eps) + beta becomes one convolution.

    Raises:
        InputError: A batch norm stands elsewhere.
    """
    folded = copy.deepcopy(net).eval()
    for parent in folded.modules():
        if not isinstance(parent, nn.Sequential):
            continue
        for index in range(len(parent) - 1):
            conv, norm = parent[index], parent[index + 1]
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                parent[index] = fuse_conv_bn_eval(conv, norm)
                parent[index + 1] = nn.Identity()
    if any(isinstance(module, nn.BatchNorm2d) for module in folded.modules()):
        raise InputError("expected each batch norm right after its convolution in a Sequential")
    return folded


def fold_by_running(net: Net, input_hw: tuple[int, int]) -> Net:
    """A copy in evaluation mode whose batch norms are folded wherever they read a convolution.

    One picture is run to see who reads whom, so that it does not matter how modules are nested
    and named; batch norms that read something else stay. The output of a convolution that is
    read by its batch norm must be read by nothing else, as in every published network.
    """
    folded = copy.deepcopy(net).eval()
    made: dict[
        int, tuple[nn.Module, Tensor]
    ] = {}  # the tensor is kept so that its id stays its own
    readers: dict[Any, set[Any]] = {}

    def watch(module: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        if isinstance(module, CONVOLUTIONS):
            made[id(output)] = (module, output)
        elif isinstance(module, nn.BatchNorm2d):
            maker = made.get(id(inputs[0]))
            readers.setdefault(module, set()).add(None if maker is None else maker[0])

    hooks = [module.register_forward_hook(watch) for module in folded.modules()]
    with torch.no_grad():
        folded(torch.zeros(1, 3, *input_hw))
    for hook in hooks:
        hook.remove()
    names = {module: name for name, module in folded.named_modules()}
    for norm, makers in readers.items():
        conv = next(iter(makers))
        if len(makers) != 1 or conv is None:
            continue
        transposed = isinstance(conv, nn.ConvTranspose2d)
        _replace(folded, names[conv], fuse_conv_bn_eval(conv, norm, transposed))
        _replace(folded, names[norm], nn.Identity())
    return folded


def _replace(net: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, module)
