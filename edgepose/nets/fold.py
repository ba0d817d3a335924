# SPDX-License-Identifier: Apache-2.0
"""Folds batch norms into the convolutions before them: one pass over the data fewer."""

from __future__ import annotations

import copy
from typing import TypeVar

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from edgepose.errors import InputError

Net = TypeVar("Net", bound=nn.Module)


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
