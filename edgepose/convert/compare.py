# SPDX-License-Identifier: Apache-2.0
"""Whether a converted model still computes the same, on noise and on smooth pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import ModelError
from edgepose.spec import Spec

LARGEST_DIFFERENCE = 1e-4
# What rounding the weights to float16 may cost, measured against the model before.
LARGEST_ROUNDING = 1e-2
BATCHES = (1, 3)
Differences = dict[str, float]
Batch = NDArray[np.float32]
Outputs = Callable[[Batch], Sequence[NDArray[Any]]]


def check_inputs(spec: Spec, counts: Sequence[int] = BATCHES) -> list[Batch]:
    """Normalised batches, two of each size: noise, and smooth shapes like a photo's.

    Args:
        spec: The contract of the input.
        counts: Sizes of the batches.
    """
    rng = np.random.default_rng(0)
    mean, std = (np.array(part, np.float32) for part in (spec.input.mean, spec.input.std))
    batches = []
    for count in counts:
        shape = (count, spec.input.height, spec.input.width, 3)
        small = rng.uniform(0, 255, (count, 8, 6, 3)).astype(np.float32)
        smooth = np.stack([cv2.resize(picture, spec.input.wh) for picture in small])
        for batch in (rng.standard_normal(shape, np.float32), (smooth - mean) / std):
            if spec.input.layout == "NCHW":
                batch = batch.transpose(0, 3, 1, 2)
            batches.append(np.ascontiguousarray(batch, np.float32))
    return batches


def differences(
    batches: Sequence[Batch],
    names: Sequence[str],
    expected: Outputs,
    found: Outputs,
    largest: float = np.inf,
    other: str = "the model before",
) -> Differences:
    """Largest difference between two models over the output's range, by output.

    Args:
        batches: What both are run on.
        names: Of the outputs, in the order in which both give them.
        expected: The model before.
        found: The model after.
        largest: Above this the conversion has failed.
        other: What the model before is called in messages.

    Raises:
        ModelError: A difference is above `largest`, or an output is not finite or of another shape.
    """
    worst = dict.fromkeys(names, 0.0)
    for batch in batches:
        for name, truth, ours in zip(names, expected(batch), found(batch), strict=True):
            if ours.shape != truth.shape or not np.isfinite(ours).all():
                raise ModelError(f"output {name}: expected finite {truth.shape}; got {ours.shape}")
            span = float(np.ptp(truth)) or 1.0
            worst[name] = max(worst[name], float(np.abs(ours - truth).max()) / span)
    for name, value in worst.items():
        if value > largest:
            raise ModelError(
                f"output {name} differs from {other} by {value:.2g} of its range; "
                f"at most {largest:g} is allowed"
            )
    return worst
