# SPDX-License-Identifier: Apache-2.0
"""Providers that an operating system brings along: Windows and those of Apple."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgepose.backends.checks import choice, whole
from edgepose.backends.providers.render import Folder, Options, digit, given, path_text


@dataclass(frozen=True, slots=True)
class DirectMlProvider:
    """Any GPU of Windows by DirectX 12.

    Attributes:
        device: Number of the adapter.
    """

    name: ClassVar[str] = "DmlExecutionProvider"
    device: int = 0

    def __post_init__(self) -> None:
        whole("device", self.device, 0)

    def render(self) -> Options:
        """The runtime's own options."""
        return given(device_id=self.device)


@dataclass(frozen=True, slots=True)
class CoreMlProvider:
    """Apple's Core ML: GPU and Neural Engine of Macs and iPhones.

    Attributes:
        units: "ALL", "CPUOnly", "CPUAndGPU" or "CPUAndNeuralEngine".
        format: "MLProgram" (newer, more operators) or "NeuralNetwork".
        static_shapes: Take only nodes of fixed shapes; the Neural Engine needs it.
        low_precision: Let the GPU add up in float16.
        cache: Folder for compiled models; None keeps none.
    """

    name: ClassVar[str] = "CoreMLExecutionProvider"
    units: str = "ALL"
    format: str = "MLProgram"
    static_shapes: bool = False
    low_precision: bool = False
    cache: Folder = None

    def __post_init__(self) -> None:
        choice("units", self.units, ("ALL", "CPUOnly", "CPUAndGPU", "CPUAndNeuralEngine"))
        choice("format", self.format, ("MLProgram", "NeuralNetwork"))

    def render(self) -> Options:
        """The runtime's own options."""
        return given(
            MLComputeUnits=self.units,
            ModelFormat=self.format,
            RequireStaticInputShapes=digit(self.static_shapes),
            AllowLowPrecisionAccumulationOnGPU=digit(self.low_precision),
            ModelCacheDirectory=path_text(self.cache),
        )
