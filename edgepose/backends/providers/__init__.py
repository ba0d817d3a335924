# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime's execution providers, each with the options that matter for pose, typed.

A provider renders to the runtime's own name and dictionary of texts. Folders and files are used
only if they are named here; without a cache folder nothing is kept between runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgepose.backends.providers.nvidia import CudaProvider, TensorRtProvider
from edgepose.backends.providers.processors import CpuProvider, OpenVinoProvider, XnnpackProvider
from edgepose.backends.providers.qualcomm import QnnProvider
from edgepose.backends.providers.render import Options, Provider
from edgepose.backends.providers.systems import CoreMlProvider, DirectMlProvider

__all__ = [
    "PROVIDERS",
    "CoreMlProvider",
    "CpuProvider",
    "CudaProvider",
    "DirectMlProvider",
    "OpenVinoProvider",
    "Options",
    "Provider",
    "QnnProvider",
    "TensorRtProvider",
    "XnnpackProvider",
]

# Short name, as `device` takes it -> the provider with its defaults.
PROVIDERS: Mapping[str, Provider] = {
    "cpu": CpuProvider(),
    "xnnpack": XnnpackProvider(),
    "cuda": CudaProvider(),
    "tensorrt": TensorRtProvider(),
    "openvino": OpenVinoProvider(),
    "directml": DirectMlProvider(),
    "coreml": CoreMlProvider(),
    "qnn": QnnProvider(),
}
