# SPDX-License-Identifier: Apache-2.0
"""What a contract says of a quantized model: the form of its integers and how it was proven."""

from __future__ import annotations

from dataclasses import dataclass

from edgepose.spec import check

ACTIVATIONS = ("uint8", "int8", "symmetric")
MAX_LAYERS = 10_000
MAX_CROPS = 1_000_000


@dataclass(frozen=True, slots=True)
class QuantizationSpec:
    """How a model was quantized. Runtimes need none of it; it is there to be looked up.

    Attributes:
        activations: "uint8" or "int8" with a zero point, or "symmetric" int8 without.
        weight_bits: Bits of the signed symmetric weights, 7 or 8.
        per_channel: Whether each output channel has a scale of its own.
        method: How the ranges were chosen.
        calibration_crops: Inputs that the ranges were seen on.
        calibration_sha256: Digest of those inputs, 64 hexadecimal digits.
        float_layers: Names of the layers that were kept in float, perhaps none.
        metric: What the accuracy is, and on which data.
        float_accuracy: Of the float model, points of 100.
        accuracy: Of this model, points of 100.

    Raises:
        SpecError: A value is of the wrong type or out of range.
    """

    activations: str
    weight_bits: int
    per_channel: bool
    method: str
    calibration_crops: int
    calibration_sha256: str
    float_layers: tuple[str, ...]
    metric: str
    float_accuracy: float
    accuracy: float

    def __post_init__(self) -> None:
        check.choice("quantization.activations", self.activations, ACTIVATIONS)
        check.integer("quantization.weight_bits", self.weight_bits, 7, 8)
        check.boolean("quantization.per_channel", self.per_channel)
        check.text("quantization.method", self.method)
        check.integer("quantization.calibration_crops", self.calibration_crops, 1, MAX_CROPS)
        check.sha256("quantization.calibration_sha256", self.calibration_sha256)
        layers = check.items("quantization.float_layers", self.float_layers, 0, MAX_LAYERS)
        for index, item in enumerate(layers):
            check.text(f"quantization.float_layers[{index}]", item)
        object.__setattr__(self, "float_layers", layers)
        check.text("quantization.metric", self.metric)
        for name in ("float_accuracy", "accuracy"):
            value = check.number(f"quantization.{name}", getattr(self, name), 0, 100)
            object.__setattr__(self, name, value)
