# SPDX-License-Identifier: Apache-2.0
"""What ONNX operators compute, in PyTorch: those that exported pose networks and detectors have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from edgepose.errors import ModelError


@dataclass(frozen=True, eq=False)
class Step:
    """A node of a network.

    Attributes:
        name: Of the node.
        operator: Its kind.
        inputs: Names of the tensors it reads, "" where one is left out.
        outputs: Names of those it gives.
        options: Its attributes.
        constants: Inputs that are constant, by place.
    """

    name: str
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[int, NDArray[Any]] = field(default_factory=dict)

    def whole(self, place: int, option: str) -> list[int] | None:
        """Whole numbers given as an input or, before opset 13, as an attribute."""
        if place in self.constants:
            return [int(value) for value in self.constants[place].reshape(-1)]
        return None if option not in self.options else list(self.options[option])

    def refuse(self, reason: str) -> ModelError:
        """The error of a node that is not supported."""
        return ModelError(f"{self.name}: cannot be trained through {self.operator}{reason}")


Inputs = Sequence[Any]
Result: TypeAlias = "Tensor | tuple[Tensor, ...]"


def compute(step: Step, inputs: Inputs) -> Result:
    """Results of a node.

    Raises:
        ModelError: Its operator is not supported, or is so in another form only.
    """
    operation = OPERATORS.get(step.operator)
    if operation is None:
        raise step.refuse("")
    return operation(step, inputs)


def _pads(step: Step) -> tuple[int, ...]:
    """Left, right, top and bottom, as `functional.pad` takes them."""
    if step.options.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise step.refuse(" with auto_pad")
    pads = step.options.get("pads", [0, 0, 0, 0])
    if len(pads) != 4:
        raise step.refuse(" of other than two dimensions")
    top, left, bottom, right = pads
    return left, right, top, bottom


def _padded(step: Step, x: Tensor, value: float = 0.0) -> tuple[Tensor, list[int]]:
    """The input and what is left to pad on both sides of each axis."""
    left, right, top, bottom = _pads(step)
    if left == right and top == bottom:
        return x, [top, left]
    return functional.pad(x, (left, right, top, bottom), value=value), [0, 0]


def _conv(step: Step, inputs: Inputs) -> Tensor:
    x, pads = _padded(step, inputs[0])
    bias = inputs[2] if len(inputs) > 2 else None
    options = step.options
    strides, dilations = options.get("strides", [1, 1]), options.get("dilations", [1, 1])
    return functional.conv2d(x, inputs[1], bias, strides, pads, dilations, options.get("group", 1))


def _conv_transpose(step: Step, inputs: Inputs) -> Tensor:
    left, right, top, bottom = _pads(step)
    if (left, top) != (right, bottom) or "output_shape" in step.options:
        raise step.refuse(" padded unevenly")
    bias = inputs[2] if len(inputs) > 2 else None
    options = step.options
    return functional.conv_transpose2d(
        inputs[0],
        inputs[1],
        bias,
        options.get("strides", [1, 1]),
        [top, left],
        options.get("output_padding", [0, 0]),
        options.get("group", 1),
        options.get("dilations", [1, 1]),
    )


def _gemm(step: Step, inputs: Inputs) -> Tensor:
    options = step.options
    if options.get("transA", 0):
        raise step.refuse(" of a transposed input")
    weight = inputs[1].T if options.get("transB", 0) else inputs[1]
    result: Tensor = options.get("alpha", 1.0) * (inputs[0] @ weight)
    return result + options.get("beta", 1.0) * inputs[2] if len(inputs) > 2 else result


def _pool(step: Step, inputs: Inputs) -> Tensor:
    options = step.options
    if options.get("ceil_mode", 0) or any(one != 1 for one in options.get("dilations", [1, 1])):
        raise step.refuse(" with ceil_mode or dilations")
    kernel, strides = options["kernel_shape"], options.get("strides", [1, 1])
    if step.operator == "MaxPool":
        x, pads = _padded(step, inputs[0], -float("inf"))
        return functional.max_pool2d(x, kernel, strides, pads)
    left, right, top, bottom = _pads(step)
    if (left, top) != (right, bottom):
        raise step.refuse(" padded unevenly")
    whole = bool(options.get("count_include_pad", 0))
    return functional.avg_pool2d(inputs[0], kernel, strides, [top, left], count_include_pad=whole)


def _resize(step: Step, inputs: Inputs) -> Tensor:
    options, x = step.options, inputs[0]
    mode = options.get("mode", b"nearest").decode()
    place = options.get("coordinate_transformation_mode", b"half_pixel").decode()
    if 3 in step.constants and step.constants[3].size:
        size = [int(value) for value in step.constants[3]][2:]
    elif 2 in step.constants and step.constants[2].size == 4:
        size = [int(s * n) for s, n in zip(step.constants[2][2:], x.shape[2:], strict=True)]
    else:
        raise step.refuse(" of a computed size")
    rounding = options.get("nearest_mode", b"round_prefer_floor")
    if (mode, place, rounding) == ("nearest", "asymmetric", b"floor"):
        return functional.interpolate(x, size, mode="nearest")
    if mode == "linear" and place in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        aligned = place == "align_corners"
        return functional.interpolate(x, size, mode="bilinear", align_corners=aligned)
    raise step.refuse(f" by {mode}, {place}")


def _reshape(step: Step, inputs: Inputs) -> Tensor:
    shape = step.whole(1, "shape")
    if shape is None:
        raise step.refuse(" to a computed shape")
    x: Tensor = inputs[0]
    return x.reshape([x.shape[i] if side == 0 else side for i, side in enumerate(shape)])


def _slice(step: Step, inputs: Inputs) -> Tensor:
    starts, ends = step.whole(1, "starts"), step.whole(2, "ends")
    if starts is None or ends is None:
        raise step.refuse(" of computed places")
    axes = step.whole(3, "axes") or list(range(len(starts)))
    strides = step.whole(4, "steps") or [1] * len(starts)
    x: Tensor = inputs[0]
    for axis, start, end, stride in zip(axes, starts, ends, strides, strict=True):
        places = np.arange(x.shape[axis])[start:end:stride]
        x = x.index_select(axis, torch.from_numpy(places.copy()).to(x.device))
    return x


def _clip(step: Step, inputs: Inputs) -> Tensor:
    low = float(step.constants[1]) if step.constants.get(1) is not None else None
    high = float(step.constants[2]) if step.constants.get(2) is not None else None
    x: Tensor = inputs[0]
    return x if low is None and high is None else x.clamp(low, high)


def _mean(step: Step, inputs: Inputs) -> Tensor:
    x: Tensor = inputs[0]
    axes = step.whole(1, "axes") or list(range(x.ndim))
    return x.mean(axes, keepdim=bool(step.options.get("keepdims", 1)))


def _split(step: Step, inputs: Inputs) -> tuple[Tensor, ...]:
    x: Tensor = inputs[0]
    axis, sizes = step.options.get("axis", 0), step.whole(1, "split")
    each = x.shape[axis] // len(step.outputs)
    return tuple(torch.split(x, each if sizes is None else sizes, axis))  # type: ignore[no-untyped-call]


OPERATORS: dict[str, Callable[[Step, Inputs], Result]] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "MatMul": lambda step, x: x[0] @ x[1],  # noqa: ARG005
    "Gemm": _gemm,
    "Add": lambda step, x: x[0] + x[1],  # noqa: ARG005
    "Sub": lambda step, x: x[0] - x[1],  # noqa: ARG005
    "Mul": lambda step, x: x[0] * x[1],  # noqa: ARG005
    "Div": lambda step, x: x[0] / x[1],  # noqa: ARG005
    "Concat": lambda step, x: torch.cat(list(x), step.options["axis"]),
    "Identity": lambda step, x: x[0],  # noqa: ARG005
    "Relu": lambda step, x: x[0].relu(),  # noqa: ARG005
    "LeakyRelu": lambda step, x: functional.leaky_relu(x[0], step.options.get("alpha", 0.01)),
    "Clip": _clip,
    "Sigmoid": lambda step, x: x[0].sigmoid(),  # noqa: ARG005
    "Exp": lambda step, x: x[0].exp(),  # noqa: ARG005
    "Tanh": lambda step, x: x[0].tanh(),  # noqa: ARG005
    "Softmax": lambda step, x: x[0].softmax(step.options.get("axis", -1)),
    "MaxPool": _pool,
    "AveragePool": _pool,
    "GlobalAveragePool": lambda step, x: x[0].mean((2, 3), keepdim=True),  # noqa: ARG005
    "ReduceMean": _mean,
    "Resize": _resize,
    "Reshape": _reshape,
    "Flatten": lambda step, x: x[0].flatten(step.options.get("axis", 1)),
    "Transpose": lambda step, x: x[0].permute(*step.options["perm"]),
    "Slice": _slice,
    "Split": _split,
}
