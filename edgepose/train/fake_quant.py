# SPDX-License-Identifier: Apache-2.0
"""Rounding to integer codes as the INT8 model does it, with gradients to train through it.

The numbers are those of `edgepose.quantize`, bit for bit: scales are computed in float64 and kept
as float32, ties go to the even code. Rounding itself has no useful gradient, so it counts as if it
were not there (the straight-through estimator of Bengio et al., 2013). The gradients of scale and
zero point are those of Esser et al., "Learned Step Size Quantization" (ICLR 2020), and Bhalgat et
al., "LSQ+" (CVPR Workshops 2020).
"""

from __future__ import annotations

import math
from typing import Any, cast

import torch
from torch import Tensor

# As in quantize/qdq.py; the tests compare every number.
SMALLEST_SCALE = 1e-12
LARGEST_BIAS = 2.0**30


class _Straight(torch.autograd.Function):
    """A value with the gradient of another."""

    @staticmethod
    def forward(ctx: Any, source: Tensor, value: Tensor) -> Tensor:  # noqa: ARG004
        return value.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ARG004
        return gradient, None


class _Codes(torch.autograd.Function):
    """Activations rounded to the codes least..most of a scale and a zero point."""

    @staticmethod
    def forward(
        ctx: Any, value: Tensor, scale: Tensor, zero: Tensor, least: int, most: int
    ) -> Tensor:
        steps = value / scale
        ctx.save_for_backward(steps, scale, zero)
        ctx.codes = least, most
        result: Tensor = torch.round(steps).add_(zero).clamp_(least, most).sub_(zero).mul_(scale)
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        steps, scale, zero = ctx.saved_tensors
        least, most = ctx.codes
        code = torch.round(steps)
        kept = code.clamp(least - zero, most - zero)
        inside = code == kept
        through = gradient * inside
        if not (ctx.needs_input_grad[1] or ctx.needs_input_grad[2]):
            return through, None, None, None, None
        # Inside, the scale moves a value by its rounding error; outside, by the code it is cut to.
        by_scale = (gradient * (kept - torch.where(inside, steps, 0.0))).sum()
        by_zero = -scale * (gradient.sum() - through.sum())
        # The sums grow with the tensor; the paper's factor keeps them beside those of the weights.
        share = 1 / math.sqrt(max(steps.numel(), 1) * max(most, -least))
        return through, by_scale * share, by_zero * share, None, None


def straight(source: Tensor, value: Tensor) -> Tensor:
    """`value`, bit for bit, with the gradient of `source`."""
    return cast(Tensor, _Straight.apply(source, value))  # type: ignore[no-untyped-call]


def round_activation(value: Tensor, scale: Tensor, zero: Tensor, codes: tuple[int, int]) -> Tensor:
    """What QuantizeLinear and DequantizeLinear make of a tensor.

    Args:
        value: float32, any shape.
        scale: float32 [].
        zero: float32 [], a whole number.
        codes: Least and largest code.
    """
    rounded = _Codes.apply(value, scale, zero, *codes)  # type: ignore[no-untyped-call]
    return cast(Tensor, rounded)


def scales_and_zeros(
    low: Tensor, high: Tensor, codes: tuple[int, int], *, symmetric: bool
) -> tuple[Tensor, Tensor]:
    """Scales and zero points, float32 [R], of ranges, float64 [R], that hold zero."""
    least, most = codes
    if symmetric:
        scale = torch.maximum(-low, high) / most
        return scale.clamp_min(SMALLEST_SCALE).float(), torch.zeros_like(scale).float()
    scale = ((high - low) / (most - least)).clamp_min(SMALLEST_SCALE).float()
    zero = least - low / scale.double()
    return scale, straight(zero, zero.round().clamp(least, most)).float()


def round_layer(
    weight: Tensor,
    bias: Tensor | None,
    scale_in: Tensor,
    axis: int,
    limit: int,
    *,
    per_channel: bool,
) -> tuple[Tensor, Tensor | None]:
    """Weights -limit..limit and int32 bias of a layer, as floats.

    Args:
        weight: float32 weights.
        bias: float32 [channels], or none.
        scale_in: float32 [], scale of the layer's input.
        axis: Axis of the output channels.
        limit: Largest weight code.
        per_channel: Whether each output channel has a scale of its own.
    """
    others = [i for i in range(weight.ndim) if i != axis]
    step = scale_in.detach().double()
    scale = weight.detach().abs().amax(others).double() / limit
    if bias is not None:
        scale = torch.maximum(scale, bias.detach().abs().double() / (step * LARGEST_BIAS))
    scale = scale.clamp_min(SMALLEST_SCALE)
    if not per_channel:
        scale = scale.max().expand_as(scale)
    scale = scale.float()
    shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
    steps = scale.reshape(shape)
    with torch.no_grad():
        rounded = torch.round(weight / steps).clamp_(-limit, limit).mul_(steps)
    weight = straight(weight, rounded)
    if bias is None:
        return weight, None
    with torch.no_grad():
        whole = (step * scale.double()).float()
        rounded = torch.round(bias.double() / whole.double()).float() * whole
    return weight, straight(bias, rounded)
