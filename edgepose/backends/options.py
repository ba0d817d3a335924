# SPDX-License-Identifier: Apache-2.0
"""Options of the runtimes themselves, typed and checked before a model is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from types import MappingProxyType
from typing import Any

from edgepose.backends.checks import buckets, choice, whole, whole_or_none
from edgepose.errors import InputError


@dataclass(frozen=True, slots=True)
class OnnxRuntimeOptions:
    """How ONNX Runtime runs a model, whatever the provider.

    Attributes:
        optimization: Level of the graph's optimisation: "none", "basic", "extended" or "all".
        optimized_model: File that keeps the optimised graph. It is made if it is not there or was
            made from another model, by another version or on another processor.
        spinning: Let waiting threads spin: some microseconds faster, but they take the cores from
            every other program.
        affinity: Processors of the threads but the first, as ONNX Runtime writes them: "1;2" or
            "1-2;3-4". None leaves it to the system. Needs `threads`.
        inter_op_threads: Nodes that run at a time; more than 1 rarely pays.
        arena: Keep freed memory for the next run.
        arena_shrink: Give unused memory of the arena back after every run.
        memory_pattern: Plan the memory of a shape at its first run.
        batch: Fixes a free batch axis, for devices that need fixed shapes.
        batch_buckets: Batch sizes to run; a smaller batch is filled up to the next one, so that a
            device compiles for these alone. None runs every size.
        extra: Session entries in the runtime's own words.

    Raises:
        InputError: A value of the wrong type or out of range.
    """

    optimization: str = "all"
    optimized_model: str | PathLike[str] | None = None
    spinning: bool = False
    affinity: str | None = None
    inter_op_threads: int = 1
    arena: bool = True
    arena_shrink: bool = False
    memory_pattern: bool = True
    batch: int | None = None
    batch_buckets: tuple[int, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        choice("optimization", self.optimization, ("none", "basic", "extended", "all"))
        whole("inter_op_threads", self.inter_op_threads)
        whole_or_none("batch", self.batch)
        if self.batch is not None and self.batch_buckets:
            raise InputError("batch fixes the size and batch_buckets offers several; give one")
        if self.arena_shrink and not self.arena:
            raise InputError("arena_shrink needs the arena; got arena=False")
        object.__setattr__(self, "batch_buckets", buckets(self.batch_buckets))
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))


@dataclass(frozen=True, slots=True)
class OpenVinoOptions:
    """How OpenVINO compiles a model.

    Attributes:
        hint: "latency" for one run at a time, "throughput" for many, "cumulative_throughput" for
            all devices of MULTI at once.
        precision: "f32", "f16" or "bf16". None is f32 on processors, where OpenVINO itself would
            take bf16 without a word if there is hardware for it, and the device's own elsewhere.
        cache: Folder for compiled models; None keeps none.
        streams: Runs at a time on the processor; None leaves it to the hint.
        pinning: Tie threads to cores; None leaves it to the system.
        requests: Most infer requests that `run` makes for threads that call at the same time.
        preprocess: Take colour order, mean and std into the compiled model. Its input is uint8
            NHWC then, a quarter of the bytes; crops are rounded to grey levels.
        batch_buckets: As in `OnnxRuntimeOptions`; each size is compiled once with fixed shapes.
        extra: Properties in the runtime's own words.

    Raises:
        InputError: A value of the wrong type or out of range.
    """

    hint: str = "latency"
    precision: str | None = None
    cache: str | PathLike[str] | None = None
    streams: int | None = None
    pinning: bool | None = None
    requests: int = 16
    preprocess: bool = False
    batch_buckets: tuple[int, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        choice("hint", self.hint, ("latency", "throughput", "cumulative_throughput"))
        choice("precision", self.precision, ("f32", "f16", "bf16", None))
        whole_or_none("streams", self.streams)
        whole("requests", self.requests)
        object.__setattr__(self, "batch_buckets", buckets(self.batch_buckets))
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))
