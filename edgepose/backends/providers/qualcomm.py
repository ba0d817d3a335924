# SPDX-License-Identifier: Apache-2.0
"""The provider for NPUs and GPUs of Qualcomm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from edgepose.backends.checks import choice, whole
from edgepose.backends.providers.render import Options, digit, given

QNN_PERFORMANCE = (
    "burst",
    "balanced",
    "default",
    "high_performance",
    "sustained_high_performance",
    "low_balanced",
    "power_saver",
)


@dataclass(frozen=True, slots=True)
class QnnProvider:
    """Qualcomm's NPU and GPU.

    Attributes:
        backend: "htp" (NPU), "gpu" or "cpu".
        performance: The NPU's clocking: "burst", "balanced", "default", "high_performance",
            "sustained_high_performance", "low_balanced" or "power_saver".
        finalization: 0..3, how long the NPU's graph is optimised when it is made.
        fp16: Run float32 nodes in float16 on the NPU.
        extra: Further options in the runtime's own words.
    """

    name: ClassVar[str] = "QNNExecutionProvider"
    backend: str = "htp"
    performance: str = "default"
    finalization: int = 3
    fp16: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        choice("backend", self.backend, ("htp", "gpu", "cpu"))
        choice("performance", self.performance, QNN_PERFORMANCE)
        whole("finalization", self.finalization, 0)
        choice("finalization", str(self.finalization), ("0", "1", "2", "3"))

    def render(self) -> Options:
        """The runtime's own options."""
        own = given(backend_type=self.backend)
        if self.backend == "htp":
            own |= given(
                htp_performance_mode=self.performance,
                htp_graph_finalization_optimization_mode=self.finalization,
                enable_htp_fp16_precision=digit(self.fp16),
            )
        return {**own, **self.extra}
