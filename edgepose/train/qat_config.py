# SPDX-License-Identifier: Apache-2.0
"""How weights are fine-tuned for INT8: the table `[qat]` of a recipe."""

from __future__ import annotations

from dataclasses import dataclass

from edgepose.train.checks import require, require_range

METHODS = ("minmax", "percentile", "entropy", "mse")
ACTIVATIONS = ("auto", "uint8", "int8", "symmetric")
# Of a recipe's table; 0 is what suits the processor.
WEIGHT_BITS = (0, 7, 8)


@dataclass(frozen=True)
class Qat:
    """Quantization-aware fine-tuning.

    Attributes:
        steps: Updates.
        learning_rate: Its peak, as a share of a range: weights are counted in the largest of their
            channel, biases in the range of their layer's result, so it does not depend on the
            network.
        batch_size: Samples per update.
        augment: Strength of the augmentation, 0 for none.
        distillation: Share of the loss that is the distance to the float network, 0..1. At 1 labels
            do not count, and what agreement the rounding has left is not trained away.
        method: How the ranges of activations are chosen before they are trained.
        train_ranges: Whether those ranges are trained as well.
        equalize: Whether channels are equalised first.
        activations: "uint8", "int8", "symmetric", or "auto": what suits this processor.
        weight_bits: 7, 8, or 0: what suits this processor.
        per_channel: Whether each output channel has a scale of its own.
        crops: Samples that the first ranges are seen on.
        start: SHA-256 of the weights that it starts from; filled in by the run.
    """

    steps: int = 200
    learning_rate: float = 1e-4
    batch_size: int = 16
    augment: float = 0.5
    distillation: float = 1.0
    method: str = "mse"
    train_ranges: bool = True
    equalize: bool = False
    activations: str = "auto"
    weight_bits: int = 0
    per_channel: bool = True
    crops: int = 64
    start: str = ""

    def check(self) -> None:
        """Checks the values' ranges."""
        require_range("qat.steps", self.steps, 1, 1e6)
        require_range("qat.learning_rate", self.learning_rate, 0, 1, above=True)
        require_range("qat.batch_size", self.batch_size, 1, 65536)
        require_range("qat.augment", self.augment, 0, 2)
        require_range("qat.distillation", self.distillation, 0, 1)
        for name, values in (("method", METHODS), ("activations", ACTIVATIONS)):
            value = getattr(self, name)
            require(value in values, f"qat.{name}", f"one of {', '.join(values)}", value)
        require(self.weight_bits in WEIGHT_BITS, "qat.weight_bits", "7, 8 or 0", self.weight_bits)
        require_range("qat.crops", self.crops, 8, 65536)
        require(not self.start, "qat.start", "left out, it is found out", self.start)
