# SPDX-License-Identifier: Apache-2.0
"""How to quantize."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from edgepose.errors import InputError

from .qdq import CODES, Activations
from .ranges import METHODS

# Runtime -> its ways to choose the ranges.
BACKENDS = {"onnxruntime": tuple(METHODS), "openvino": ("mean", "minmax", "percentile", "mse")}
# Runtime -> what its files end in.
SUFFIXES = {"onnxruntime": ".onnx", "openvino": ".xml"}


@dataclass(frozen=True)
class Options:
    """How to quantize.

    Attributes:
        backend: Runtime to quantize for, which then also judges and times both networks:
            "onnxruntime", or "openvino" for its INT8 IR.
        method: Of `BACKENDS[backend]`, or "auto": the one whose answers are nearest to the float
            network's on the calibration crops.
        activations: "uint8", "int8", "symmetric" or "auto": what suits this processor.
        weight_bits: 7 or 8; None is what suits this processor.
        per_channel: Whether each output channel has a scale of its own.
        max_drop: Points that may be lost, of AP with labels, of agreement without.
        crops: Most calibration crops.
        runs: Timed runs of each network; 0 times none.

    Raises:
        InputError: A value is out of range.
    """

    backend: str = "onnxruntime"
    method: str = "auto"
    activations: Literal["auto"] | Activations = "auto"
    weight_bits: int | None = None
    per_channel: bool = True
    max_drop: float = 0.5
    crops: int = 128
    runs: int = 60

    def __post_init__(self) -> None:
        _one_of("backend", self.backend, BACKENDS)
        _one_of("method", self.method, ("auto", *BACKENDS[self.backend]))
        _one_of("activations", self.activations, ("auto", *CODES))
        if self.weight_bits not in (None, 7, 8):
            raise InputError(f"weight_bits must be 7 or 8; got {self.weight_bits!r}")
        if not 0 <= self.max_drop <= 100:  # a NaN fails too
            raise InputError(f"max_drop must be 0..100 points; got {self.max_drop!r}")


def _one_of(name: str, value: str, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        raise InputError(f"{name} must be one of {', '.join(names)}; got {value!r}")
