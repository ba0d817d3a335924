# SPDX-License-Identifier: Apache-2.0
"""Holds a contract against the network it is said to describe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from edgepose.errors import SpecError
from edgepose.spec.codec_parts import Axis, Shape
from edgepose.spec.contract import Spec


class Tensor(Protocol):
    """What a backend says about an input or output."""

    @property
    def name(self) -> str:
        """Name of the tensor."""
        ...

    @property
    def shape(self) -> tuple[int | None, ...] | None:
        """Lengths of the axes; None is a free axis, or the whole is unknown."""
        ...

    @property
    def dtype(self) -> str:
        """NumPy's name of the type, such as "float32"."""
        ...


def validate_model(spec: Spec, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    """Checks a contract against the declared inputs and outputs of a model.

    Axes that the model leaves free are checked by `validate_output` once there is an output.

    Raises:
        SpecError: A tensor is missing, the model has further inputs, or a type or shape differs.
    """
    if [tensor.name for tensor in inputs] != [spec.input.name]:
        raise SpecError(
            f"input.name: the model must have the one input {spec.input.name!r}; "
            f"it has {_names(inputs)}"
        )
    _check("input", spec.input.name, inputs[0], spec.input.shape)
    declared = {tensor.name: tensor for tensor in outputs}
    for role, name in spec.outputs.items():
        if name not in declared:
            raise SpecError(
                f"outputs.{role}: the model must have the output {name!r}; it has {_names(outputs)}"
            )
        _check(f"outputs.{role}", name, declared[name], expected_shape(spec, role))


def validate_output(spec: Spec, role: str, array: NDArray[Any], batch: int | None = None) -> None:
    """Checks a real output of the model.

    Args:
        spec: Contract of the model.
        role: Role of the output, a key of `spec.outputs`.
        array: The output.
        batch: Pictures that went in; None does not check the first axis.

    Raises:
        SpecError: Type or shape are not what the contract says.
    """
    expected = expected_shape(spec, role)
    if batch is not None:
        expected = (batch, *expected[1:])
    if array.dtype.name != "float32" or not _fits(expected, array.shape):
        raise SpecError(
            f"outputs.{role}: {spec.outputs[role]!r} must be float32 {_shown(expected)} by the "
            f"contract; the model gives {array.dtype.name} {_shown(array.shape)}"
        )


def expected_shape(spec: Spec, role: str) -> Shape:
    """Shape of an output by the contract, in its layout.

    None is any length, a range one of several.

    Raises:
        SpecError: The codec has no such role.
    """
    if role not in spec.outputs:
        raise SpecError(f"role must be one of {', '.join(spec.outputs)}; got {role!r}")
    shape = spec.codec.shape(role, spec.input, spec.keypoints)
    if spec.input.layout == "NHWC" and len(shape) == 4:
        shape = (shape[0], *shape[2:], shape[1])
    return shape


def _check(field: str, name: str, tensor: Tensor, expected: Shape) -> None:
    fits = tensor.shape is None or _fits(expected, tensor.shape)
    if tensor.dtype != "float32" or not fits:
        declared = "of any shape" if tensor.shape is None else _shown(tensor.shape)
        raise SpecError(
            f"{field}: {name!r} must be float32 {_shown(expected)} by the contract; "
            f"the model declares {tensor.dtype} {declared}"
        )


def _fits(expected: Shape, got: tuple[int | None, ...]) -> bool:
    if len(expected) != len(got):
        return False
    return all(_axis_fits(want, have) for want, have in zip(expected, got, strict=True))


def _axis_fits(want: Axis, have: int | None) -> bool:
    if want is None or have is None:
        return True
    return have in want if isinstance(want, range) else have == want


def _shown(shape: Shape) -> str:
    parts = []
    for axis in shape:
        if isinstance(axis, range):
            parts.append(f"{axis.start}..{axis.stop - 1}")
        else:
            parts.append("N" if axis is None else str(axis))
    return f"[{', '.join(parts)}]"


def _names(tensors: Sequence[Tensor]) -> str:
    return ", ".join(repr(tensor.name) for tensor in tensors[:8]) or "none"
