# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime's execution providers, each with the options that matter for pose, typed.

A provider renders to the runtime's own name and dictionary of texts. Folders and files are used
only if they are named here; without a cache folder nothing is kept between runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from typing import Any, ClassVar, Protocol, TypeAlias

from edgepose.backends.checks import choice, whole, whole_or_none

Options: TypeAlias = dict[str, str]
Folder: TypeAlias = "str | PathLike[str] | None"


class Provider(Protocol):
    """What can be put into `providers` besides a name."""

    @property
    def name(self) -> str:
        """The runtime's name of the provider."""
        ...

    def render(self) -> Options:
        """The runtime's own options."""
        ...


@dataclass(frozen=True, slots=True)
class CpuProvider:
    """The processor, by ONNX Runtime's own kernels."""

    name: ClassVar[str] = "CPUExecutionProvider"

    def render(self) -> Options:
        """The runtime's own options: none."""
        return {}


@dataclass(frozen=True, slots=True)
class XnnpackProvider:
    """The processor, by XNNPACK: the usual choice on phones.

    Attributes:
        threads: Of XNNPACK's own pool. Give `open_session` threads=1 then, for two pools that
            both wait for work take each other's cores.
    """

    name: ClassVar[str] = "XnnpackExecutionProvider"
    threads: int | None = None

    def __post_init__(self) -> None:
        whole_or_none("threads", self.threads)

    def render(self) -> Options:
        """The runtime's own options."""
        return _given(intra_op_num_threads=self.threads)


@dataclass(frozen=True, slots=True)
class CudaProvider:
    """An NVIDIA GPU by cuDNN.

    Attributes:
        device: Number of the GPU.
        memory_limit: Bytes that the arena may take; None is all.
        arena: How the arena grows: "power_of_two" or "as_requested" (least memory).
        search: How cuDNN chooses a convolution: "exhaustive" (slow first run), "heuristic" or
            "default".
        tf32: Round the factors of products to 10 bits: faster, and not float32 any more.
        cuda_graph: Replay one recorded graph; needs fixed shapes and bound arrays.
        channels_last: Prefer NHWC kernels.
    """

    name: ClassVar[str] = "CUDAExecutionProvider"
    device: int = 0
    memory_limit: int | None = None
    arena: str = "as_requested"
    search: str = "exhaustive"
    tf32: bool = False
    cuda_graph: bool = False
    channels_last: bool = False

    def __post_init__(self) -> None:
        whole("device", self.device, 0)
        whole_or_none("memory_limit", self.memory_limit)
        choice("arena", self.arena, ("power_of_two", "as_requested"))
        choice("search", self.search, ("exhaustive", "heuristic", "default"))

    def render(self) -> Options:
        """The runtime's own options."""
        arenas = {"power_of_two": "kNextPowerOfTwo", "as_requested": "kSameAsRequested"}
        return _given(
            device_id=self.device,
            gpu_mem_limit=self.memory_limit,
            arena_extend_strategy=arenas[self.arena],
            cudnn_conv_algo_search=self.search.upper(),
            use_tf32=_digit(self.tf32),
            enable_cuda_graph=_digit(self.cuda_graph),
            prefer_nhwc=_digit(self.channels_last),
        )


@dataclass(frozen=True, slots=True)
class TensorRtProvider:
    """An NVIDIA GPU by TensorRT, Jetson among them.

    Attributes:
        device: Number of the GPU.
        workspace: Bytes that the builder may use; None is the runtime's choice.
        fp16: Let layers run in float16.
        int8: Let layers run in int8; needs a quantised model or a calibration table.
        calibration_table: Name of a table in `engine_cache`; None takes the model's own scales.
        engine_cache: Folder for built engines; None builds anew at every start, for minutes.
        timing_cache: Folder for the timings of layers; None keeps none.
        min_shapes: Smallest shapes, as "input:1x3x256x192".
        opt_shapes: Shapes to be fast at.
        max_shapes: Largest shapes. A free batch needs all three or rebuilds as it grows.
    """

    name: ClassVar[str] = "TensorrtExecutionProvider"
    device: int = 0
    workspace: int | None = None
    fp16: bool = False
    int8: bool = False
    calibration_table: str | None = None
    engine_cache: Folder = None
    timing_cache: Folder = None
    min_shapes: str | None = None
    opt_shapes: str | None = None
    max_shapes: str | None = None

    def __post_init__(self) -> None:
        whole("device", self.device, 0)
        whole_or_none("workspace", self.workspace)

    def render(self) -> Options:
        """The runtime's own options."""
        cached, timed = self.engine_cache is not None, self.timing_cache is not None
        return _given(
            device_id=self.device,
            trt_max_workspace_size=self.workspace,
            trt_fp16_enable=_flag(self.fp16),
            trt_int8_enable=_flag(self.int8),
            trt_int8_calibration_table_name=self.calibration_table,
            trt_engine_cache_enable=_flag(cached),
            trt_engine_cache_path=_path(self.engine_cache),
            trt_timing_cache_enable=_flag(timed),
            trt_timing_cache_path=_path(self.timing_cache),
            trt_profile_min_shapes=self.min_shapes,
            trt_profile_opt_shapes=self.opt_shapes,
            trt_profile_max_shapes=self.max_shapes,
        )


@dataclass(frozen=True, slots=True)
class OpenVinoProvider:
    """OpenVINO inside ONNX Runtime (a build of its own, the package onnxruntime-openvino).

    Attributes:
        device: "CPU", "GPU", "NPU", or "AUTO:", "MULTI:" or "HETERO:" with a list.
        precision: "FP32", "FP16" or "ACCURACY" (the model's own); None is the device's choice.
        threads: Of the processor.
        streams: Runs at a time; None is 1.
        cache: Folder for compiled models; None keeps none.
        dynamic: False compiles for the model's fixed shapes alone.
    """

    name: ClassVar[str] = "OpenVINOExecutionProvider"
    device: str = "CPU"
    precision: str | None = "FP32"
    threads: int | None = None
    streams: int | None = None
    cache: Folder = None
    dynamic: bool = True

    def __post_init__(self) -> None:
        choice("precision", self.precision, ("FP32", "FP16", "ACCURACY", None))
        whole_or_none("threads", self.threads)
        whole_or_none("streams", self.streams)

    def render(self) -> Options:
        """The runtime's own options."""
        return _given(
            device_type=self.device,
            precision=self.precision,
            num_of_threads=self.threads,
            num_streams=self.streams,
            cache_dir=_path(self.cache),
            disable_dynamic_shapes=_flag(not self.dynamic),
        )


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
        return _given(device_id=self.device)


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
        return _given(
            MLComputeUnits=self.units,
            ModelFormat=self.format,
            RequireStaticInputShapes=_digit(self.static_shapes),
            AllowLowPrecisionAccumulationOnGPU=_digit(self.low_precision),
            ModelCacheDirectory=_path(self.cache),
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
        own = _given(backend_type=self.backend)
        if self.backend == "htp":
            own |= _given(
                htp_performance_mode=self.performance,
                htp_graph_finalization_optimization_mode=self.finalization,
                enable_htp_fp16_precision=_digit(self.fp16),
            )
        return {**own, **self.extra}


QNN_PERFORMANCE = (
    "burst",
    "balanced",
    "default",
    "high_performance",
    "sustained_high_performance",
    "low_balanced",
    "power_saver",
)

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


def _given(**options: Any) -> Options:
    """Options as text, those that are None left out."""
    return {name: str(value) for name, value in options.items() if value is not None}


def _flag(value: bool) -> str:
    return "True" if value else "False"


def _digit(value: bool) -> str:
    return "1" if value else "0"


def _path(path: Folder) -> str | None:
    return None if path is None else fspath(path)
