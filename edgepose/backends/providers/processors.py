# SPDX-License-Identifier: Apache-2.0
"""Providers of the processor; OpenVINO's has GPUs and NPUs of Intel as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgepose.backends.checks import choice, whole_or_none
from edgepose.backends.providers.render import Folder, Options, flag, given, path_text


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
        return given(intra_op_num_threads=self.threads)


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
        return given(
            device_type=self.device,
            precision=self.precision,
            num_of_threads=self.threads,
            num_streams=self.streams,
            cache_dir=path_text(self.cache),
            disable_dynamic_shapes=flag(not self.dynamic),
        )
