# SPDX-License-Identifier: Apache-2.0
"""INT8 with a guard: quantization that is shown to keep the accuracy, or refused.

>>> from edgepose.quantize import Options, quantize_model
>>> done = quantize_model("hrnet-s", "photos", "hrnet-s-int8.onnx")  # doctest: +SKIP
>>> done.score.value, done.speedup  # doctest: +SKIP
(99.1, 2.4)

Needs the extra `quantize`. The folder lies at the top of the source tree and is installed as
`edgepose.quantize`; `pip install -e .` makes it importable from a source tree.
"""

from __future__ import annotations

try:
    import onnx as _onnx  # noqa: F401
except ImportError as error:
    from edgepose.errors import MissingDependencyError

    raise MissingDependencyError(
        "quantization needs onnx; pip install 'edgepose[quantize]'"
    ) from error

from .options import Options
from .result import Quantized
from .run import quantize_model

__all__ = ["Options", "Quantized", "quantize_model"]
