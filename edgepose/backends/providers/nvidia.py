# SPDX-License-Identifier: Apache-2.0
"""Providers for GPUs of NVIDIA, Jetson among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgepose.backends.checks import choice, whole, whole_or_none
from edgepose.backends.providers.render import Folder, Options, digit, flag, given, path_text


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
        return given(
            device_id=self.device,
            gpu_mem_limit=self.memory_limit,
            arena_extend_strategy=arenas[self.arena],
            cudnn_conv_algo_search=self.search.upper(),
            use_tf32=digit(self.tf32),
            enable_cuda_graph=digit(self.cuda_graph),
            prefer_nhwc=digit(self.channels_last),
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
        return given(
            device_id=self.device,
            trt_max_workspace_size=self.workspace,
            trt_fp16_enable=flag(self.fp16),
            trt_int8_enable=flag(self.int8),
            trt_int8_calibration_table_name=self.calibration_table,
            trt_engine_cache_enable=flag(cached),
            trt_engine_cache_path=path_text(self.engine_cache),
            trt_timing_cache_enable=flag(timed),
            trt_timing_cache_path=path_text(self.timing_cache),
            trt_profile_min_shapes=self.min_shapes,
            trt_profile_opt_shapes=self.opt_shapes,
            trt_profile_max_shapes=self.max_shapes,
        )
