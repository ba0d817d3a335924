# SPDX-License-Identifier: Apache-2.0
"""INT8 for OpenVINO, made by NNCF's post-training quantization and judged by our guard.

NNCF has an accuracy control of its own. The guard is kept instead: it looks at the answers
(keypoints), not at a number per sample; it tells which layers are left in float, why, and what was
tried, as for every other form; and it ranks layers on our integer form, which is made at once, so
that NNCF works once per try and not once per layer. Layers left in float are NNCF's ignored scope.

NNCF would report its use through the package openvino-telemetry; see `edgepose.backends.telemetry`.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any, ClassVar

from edgepose.backends.telemetry import without_telemetry
from edgepose.errors import InputError, MissingDependencyError, ModelError
from edgepose.spec import Spec

from .convert import Observed
from .graph import Graph
from .integers import Integers
from .network import Network
from .observe import Floats
from .openvino_ir import IrNetwork
from .qdq import Numbers
from .ranges import OUTSIDE
from .rules import Verdict
from .scheme import Attempt, Say, Scheme, best_first, compared

# The percentiles take NNCF several times as long as all the others.
COMPARED = ("mean", "minmax", "mse")
PRESETS = {"uint8": "MIXED", "symmetric": "PERFORMANCE"}


def import_nncf() -> Any:
    """The package, which sends nothing.

    Raises:
        MissingDependencyError: It is not installed.
    """
    try:
        with without_telemetry():
            import nncf
    except ImportError as error:
        raise MissingDependencyError(
            "backend openvino quantizes with nncf; pip install 'edgepose[quantize-openvino]'"
        ) from error
    nncf.set_log_level(logging.ERROR)
    return nncf


@dataclass(frozen=True, eq=False)
class OpenVinoIntegers(Scheme):
    """INT8 in OpenVINO's form.

    Attributes:
        numbers: Form of the integers; activations are "uint8" or "symmetric".
        method: One of `METHODS`, or "auto".
        inputs: Calibration crops.

    Raises:
        InputError: OpenVINO does not have these activations.
        MissingDependencyError: NNCF is not installed.
    """

    title: ClassVar[str] = "INT8"
    mark: ClassVar[str] = "int8"
    suffix: ClassVar[str] = ".xml"

    numbers: Numbers
    method: str
    inputs: Floats

    def __post_init__(self) -> None:
        if self.numbers.activations not in PRESETS:
            raise InputError(
                f"activations for backend openvino must be {' or '.join(PRESETS)}; "
                f"got {self.numbers.activations!r}"
            )
        import_nncf()

    @property
    def form(self) -> dict[str, Any]:
        """What the record says of the numbers."""
        return Integers(self.numbers).form

    def attempts(
        self, spec: Spec, observed: Observed, inputs: Floats, say: Say
    ) -> tuple[list[Attempt], dict[str, float]]:
        """NNCF's ways to choose the ranges."""
        mark = (f"nncf-{import_nncf().__version__}",)
        if self.method != "auto":
            return [Attempt(self.method, observed, mark)], {}
        attempts = [Attempt(name, observed, mark) for name in COMPARED]
        merits = compared(self, spec, attempts, observed.graph, inputs)
        return best_first(attempts, merits, say)

    def make(self, attempt: Attempt, keep_float: Collection[str] = ()) -> IrNetwork:
        """The network as NNCF quantizes it."""
        return quantized(
            attempt.observed.graph, self.inputs, attempt.method, self.numbers, keep_float
        )

    def stand_in(self, attempt: Attempt, keep_float: Collection[str] = ()) -> Network:
        """Our own integer form, run by OpenVINO."""
        return Integers(self.numbers).make(_own(attempt), keep_float)

    def noise(self, attempt: Attempt, inputs: Floats) -> dict[str, float]:
        """As our own integer form has it."""
        return Integers(self.numbers).noise(_own(attempt), inputs)

    def ends(self, observed: Observed) -> set[str]:
        """As our own integer form has it."""
        return Integers(self.numbers).ends(observed)

    def verdicts(self, network: Network) -> tuple[Verdict, ...]:  # noqa: ARG002
        """None but OpenVINO reads IR."""
        return ()


def quantized(
    graph: Graph, inputs: Floats, method: str, numbers: Numbers, keep_float: Collection[str] = ()
) -> IrNetwork:
    """A network quantized by NNCF.

    Args:
        graph: The simplified float network.
        inputs: Calibration crops, [N, 3, H, W].
        method: One of `METHODS`.
        numbers: Form of the integers.
        keep_float: Names of nodes that stay float.

    Raises:
        ModelError: NNCF cannot quantize it.
    """
    nncf = import_nncf()
    network = IrNetwork.of(graph)
    # OpenVINO splits a layer from its bias; the layer is then called so.
    names = {name for each in keep_float for name in (each, f"{each}/WithoutBiases")}
    ignored = sorted(names & network.operators())
    kinds = nncf.quantization.advanced_parameters
    fix = kinds.OverflowFix.ENABLE if numbers.weight_bits == 7 else kinds.OverflowFix.DISABLE
    try:
        with redirect_stdout(io.StringIO()):  # its bar of progress
            model = nncf.quantize(
                network.model,
                nncf.Dataset([crop[None] for crop in inputs]),
                preset=nncf.QuantizationPreset[PRESETS[numbers.activations]],
                target_device=nncf.TargetDevice.CPU,
                subset_size=len(inputs),
                ignored_scope=nncf.IgnoredScope(names=ignored) if ignored else None,
                advanced_parameters=nncf.AdvancedQuantizationParameters(
                    overflow_fix=fix,
                    weights_quantization_params=kinds.QuantizationParameters(
                        per_channel=numbers.per_channel
                    ),
                    activations_range_estimator_params=_estimator(nncf, method),
                ),
            )
    except Exception as error:  # NNCF's errors have no common base
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(f"nncf cannot quantize the network: {lines[0]}") from error
    return IrNetwork(model)


def _estimator(nncf: Any, method: str) -> Any:
    kinds = nncf.quantization.range_estimator
    named = {"mean": "MEAN_MINMAX", "minmax": "MINMAX", "mse": "HISTOGRAM"}
    if method in named:
        return getattr(kinds.RangeEstimatorParametersSet, named[method])

    def end(aggregator: str) -> Any:
        return kinds.StatisticsCollectorParameters(
            statistics_type=kinds.StatisticsType.QUANTILE,
            aggregator_type=kinds.AggregatorType[aggregator],
            quantile_outlier_prob=OUTSIDE,
        )

    return kinds.RangeEstimatorParameters(min=end("MIN"), max=end("MAX"))


def _own(attempt: Attempt) -> Attempt:
    method = attempt.method if attempt.method in ("percentile", "mse") else "minmax"
    return Attempt(method, attempt.observed)
