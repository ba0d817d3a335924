# SPDX-License-Identifier: Apache-2.0
"""Typed options of ONNX Runtime's providers and of the runtimes, without any device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgepose.backends import OnnxRuntimeOptions, OpenVinoOptions
from edgepose.backends.providers import (
    PROVIDERS,
    CoreMlProvider,
    CpuProvider,
    CudaProvider,
    DirectMlProvider,
    OpenVinoProvider,
    QnnProvider,
    TensorRtProvider,
    XnnpackProvider,
)
from edgepose.errors import InputError

# The names that ONNX Runtime itself gives its providers.
NAMES = {
    "cpu": "CPUExecutionProvider",
    "xnnpack": "XnnpackExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "qnn": "QNNExecutionProvider",
}


def test_short_names() -> None:
    assert {short: provider.name for short, provider in PROVIDERS.items()} == NAMES


def test_names_are_known_to_the_runtime() -> None:
    import onnxruntime as ort

    assert set(NAMES.values()) <= set(ort.get_all_providers())


@pytest.mark.parametrize(
    ("provider", "options"),
    [
        pytest.param(CpuProvider(), {}, id="cpu"),
        pytest.param(XnnpackProvider(), {}, id="xnnpack"),
        pytest.param(XnnpackProvider(threads=3), {"intra_op_num_threads": "3"}, id="xnnpack_3"),
        pytest.param(
            CudaProvider(),
            {
                "device_id": "0",
                "arena_extend_strategy": "kSameAsRequested",
                "cudnn_conv_algo_search": "EXHAUSTIVE",
                "use_tf32": "0",
                "enable_cuda_graph": "0",
                "prefer_nhwc": "0",
            },
            id="cuda",
        ),
        pytest.param(
            CudaProvider(1, 1 << 30, "power_of_two", "heuristic", True, True, True),
            {
                "device_id": "1",
                "gpu_mem_limit": "1073741824",
                "arena_extend_strategy": "kNextPowerOfTwo",
                "cudnn_conv_algo_search": "HEURISTIC",
                "use_tf32": "1",
                "enable_cuda_graph": "1",
                "prefer_nhwc": "1",
            },
            id="cuda_all",
        ),
        pytest.param(
            TensorRtProvider(),
            {
                "device_id": "0",
                "trt_fp16_enable": "False",
                "trt_int8_enable": "False",
                "trt_engine_cache_enable": "False",
                "trt_timing_cache_enable": "False",
            },
            id="tensorrt_keeps_nothing",
        ),
        pytest.param(
            TensorRtProvider(
                workspace=1 << 28,
                fp16=True,
                int8=True,
                calibration_table="scales.flatbuffers",
                engine_cache=Path("engines"),
                timing_cache="timings",
                min_shapes="x:1x3x48x32",
                opt_shapes="x:4x3x48x32",
                max_shapes="x:8x3x48x32",
            ),
            {
                "device_id": "0",
                "trt_max_workspace_size": "268435456",
                "trt_fp16_enable": "True",
                "trt_int8_enable": "True",
                "trt_int8_calibration_table_name": "scales.flatbuffers",
                "trt_engine_cache_enable": "True",
                "trt_engine_cache_path": "engines",
                "trt_timing_cache_enable": "True",
                "trt_timing_cache_path": "timings",
                "trt_profile_min_shapes": "x:1x3x48x32",
                "trt_profile_opt_shapes": "x:4x3x48x32",
                "trt_profile_max_shapes": "x:8x3x48x32",
            },
            id="tensorrt_all",
        ),
        pytest.param(
            OpenVinoProvider("NPU", "FP16", 2, 1, "cache", dynamic=False),
            {
                "device_type": "NPU",
                "precision": "FP16",
                "num_of_threads": "2",
                "num_streams": "1",
                "cache_dir": "cache",
                "disable_dynamic_shapes": "True",
            },
            id="openvino",
        ),
        pytest.param(DirectMlProvider(2), {"device_id": "2"}, id="directml"),
        pytest.param(
            CoreMlProvider("CPUAndNeuralEngine", "MLProgram", True, True, "cache"),
            {
                "MLComputeUnits": "CPUAndNeuralEngine",
                "ModelFormat": "MLProgram",
                "RequireStaticInputShapes": "1",
                "AllowLowPrecisionAccumulationOnGPU": "1",
                "ModelCacheDirectory": "cache",
            },
            id="coreml",
        ),
        pytest.param(
            QnnProvider(performance="burst", fp16=True, extra={"vtcm_mb": "8"}),
            {
                "backend_type": "htp",
                "htp_performance_mode": "burst",
                "htp_graph_finalization_optimization_mode": "3",
                "enable_htp_fp16_precision": "1",
                "vtcm_mb": "8",
            },
            id="qnn",
        ),
        pytest.param(QnnProvider("cpu"), {"backend_type": "cpu"}, id="qnn_cpu"),
    ],
)
def test_renders(provider: Any, options: dict[str, str]) -> None:
    assert provider.render() == options


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        (XnnpackProvider, {"threads": 0}, "threads must be a whole number of at least 1; got 0"),
        (CudaProvider, {"device": -1}, "device must be a whole number of at least 0; got -1"),
        (CudaProvider, {"arena": "big"}, "arena must be one of power_of_two, as_requested"),
        (CudaProvider, {"memory_limit": 1.5}, "memory_limit must be a whole number"),
        (CudaProvider, {"search": "best"}, "search must be one of exhaustive, heuristic, default"),
        (TensorRtProvider, {"workspace": 0}, "workspace must be a whole number of at least 1"),
        (TensorRtProvider, {"device": True}, "device must be a whole number of at least 0"),
        (OpenVinoProvider, {"precision": "INT8"}, "precision must be one of FP32, FP16, ACCURACY"),
        (OpenVinoProvider, {"streams": 0}, "streams must be a whole number of at least 1"),
        (DirectMlProvider, {"device": "0"}, "device must be a whole number of at least 0"),
        (CoreMlProvider, {"units": "GPU"}, "units must be one of ALL, CPUOnly"),
        (CoreMlProvider, {"format": "MIL"}, "format must be one of MLProgram, NeuralNetwork"),
        (QnnProvider, {"backend": "dsp"}, "backend must be one of htp, gpu, cpu"),
        (QnnProvider, {"performance": "max"}, "performance must be one of burst, balanced"),
        (QnnProvider, {"finalization": 4}, "finalization must be one of 0, 1, 2, 3; got '4'"),
        (OnnxRuntimeOptions, {"optimization": "full"}, "optimization must be one of none, basic"),
        (OnnxRuntimeOptions, {"inter_op_threads": 0}, "inter_op_threads must be a whole number"),
        (OnnxRuntimeOptions, {"batch": 0}, "batch must be a whole number of at least 1"),
        (OnnxRuntimeOptions, {"batch": 2, "batch_buckets": (2,)}, "give one"),
        (OnnxRuntimeOptions, {"batch_buckets": (4, 4)}, "batch_buckets must rise; got [4, 4]"),
        (OnnxRuntimeOptions, {"batch_buckets": (0,)}, "a batch bucket must be a whole number"),
        (OnnxRuntimeOptions, {"arena": False, "arena_shrink": True}, "needs the arena"),
        (OpenVinoOptions, {"hint": "fast"}, "hint must be one of latency, throughput"),
        (OpenVinoOptions, {"precision": "int8"}, "precision must be one of f32, f16, bf16, None"),
        (OpenVinoOptions, {"streams": 0}, "streams must be a whole number of at least 1"),
        (OpenVinoOptions, {"requests": 0}, "requests must be a whole number of at least 1"),
        (OpenVinoOptions, {"batch_buckets": (2, 1)}, "batch_buckets must rise; got [2, 1]"),
    ],
    ids=lambda value: (
        getattr(value, "__name__", None) or ("_".join(value) if isinstance(value, dict) else "says")
    ),
)
def test_refuses(kind: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        kind(**options)
    assert message in str(caught.value)


def test_extras_are_not_shared() -> None:
    given = {"session.set_denormal_as_zero": "1"}
    options = OnnxRuntimeOptions(extra=given)
    given.clear()
    assert options.extra == {"session.set_denormal_as_zero": "1"}
    with pytest.raises(TypeError):
        options.extra["more"] = "1"  # type: ignore[index]
