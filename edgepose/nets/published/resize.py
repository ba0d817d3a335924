# SPDX-License-Identifier: Apache-2.0
"""Resizing by whole factors, so that an exported graph holds no arithmetic on shapes."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def enlarge(x: Tensor, factor: int) -> Tensor:
    """Resize bilinearly by a factor, corner cells on corner cells."""
    if factor == 1:
        return x
    return functional.interpolate(
        x, scale_factor=float(factor), mode="bilinear", align_corners=True
    )


def height(x: Tensor) -> int:
    """Rows of [N, C, H, W] as a plain number, also while a graph is traced."""
    return int(x.shape[2])
