# SPDX-License-Identifier: Apache-2.0
"""What a quantization came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgepose.spec import Spec

from .agreement import Agreement
from .calibration import Crops
from .convert import Observed
from .guard import Guarded
from .judge import Judge, Score
from .latency import Latency, speedup
from .observe import Floats
from .processor import Processor
from .rules import Verdict
from .scheme import Scheme


@dataclass(frozen=True, eq=False)
class Source:
    """The float model and everything that was learnt of it before rounding."""

    path: Path
    spec: Spec
    observed: Observed
    crops: Crops


@dataclass(frozen=True, eq=False)
class Quantized:
    """What came out.

    Attributes:
        path: The INT8 model; not written if None was asked for.
        spec: Its contract, with the record of its quantization.
        source: The float model.
        scheme: How it was made.
        tried: Merit of each method that was compared, points.
        guarded: The method, the network, the layers in float, the tries.
        judge: What measured the accuracy.
        float_score: Accuracy of the float model.
        inspected: Crops that neither calibration nor, where there are labels, ranges came from.
        outputs: Of the float network and of the quantized one for those crops.
        agreement: Of those.
        latency: Of the float network and of the quantized one, on one thread; empty if not timed.
        bytes_: Of the given file, of the network with float32 weights, of the INT8 file.
        verdicts: What runtimes say to it.
        processor: Of this machine.
    """

    path: Path | None
    spec: Spec
    source: Source
    scheme: Scheme
    tried: Mapping[str, float]
    guarded: Guarded
    judge: Judge
    float_score: Score
    inspected: Crops
    outputs: tuple[Mapping[str, Floats], Mapping[str, Floats]]
    agreement: Agreement
    latency: tuple[Latency, ...]
    bytes_: tuple[int, int, int]
    verdicts: tuple[Verdict, ...]
    processor: Processor

    @property
    def method(self) -> str:
        """How the ranges were chosen, with "+equalized" where that helped."""
        return self.guarded.attempt.name

    @property
    def score(self) -> Score:
        """Accuracy of the INT8 model."""
        return self.guarded.steps[-1].score

    @property
    def speedup(self) -> float | None:
        """How many times faster INT8 is here, on one thread; None if it was not timed."""
        return speedup(*self.latency) if self.latency else None
