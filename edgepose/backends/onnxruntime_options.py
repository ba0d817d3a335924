# SPDX-License-Identifier: Apache-2.0
"""What was asked for in ONNX Runtime's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgepose.backends.base import Wanted
from edgepose.backends.options import OnnxRuntimeOptions
from edgepose.backends.providers import PROVIDERS, Options
from edgepose.errors import InputError

CPU = "CPUExecutionProvider"
FATAL = 4  # every failure is raised, so the log has nothing to add
LEVELS = {
    "none": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}


def providers_of(wanted: Wanted) -> dict[str, Options]:
    """Provider -> its options, the preferred first.

    Raises:
        InputError: A device that is none of `PROVIDERS`.
    """
    if wanted.device is not None:
        found: dict[str, Options] = {}
        for short in wanted.device.split(","):
            key = short.strip().lower()
            if key not in PROVIDERS:
                raise InputError(
                    f"device of backend 'onnxruntime' must be one or more of "
                    f"{', '.join(PROVIDERS)}; got {wanted.device!r}"
                )
            found[PROVIDERS[key].name] = PROVIDERS[key].render()
        return found
    chosen = (CPU,) if wanted.providers is None else tuple(wanted.providers)
    return {
        (item if isinstance(item, str) else item.name): (
            {} if isinstance(item, str) else item.render()
        )
        for item in chosen
    }


def entries_of(options: OnnxRuntimeOptions, providers: tuple[str, ...]) -> dict[str, str]:
    """Entries of the session's configuration."""
    entries = {
        # Threads that wait by spinning take the cores from the other network's and from other
        # programs.
        "session.intra_op.allow_spinning": "1" if options.spinning else "0",
        "session.record_ep_graph_assignment_info": "1",
    }
    if options.affinity is not None:
        entries["session.intra_op_thread_affinities"] = options.affinity
    if CPU not in providers:
        entries["session.disable_cpu_ep_fallback"] = "1"
    return {**entries, **options.extra}


def run_entries(options: OnnxRuntimeOptions, used: tuple[str, ...]) -> dict[str, str]:
    """Entries of each run's configuration; `used` are the providers that run nodes."""
    if not options.arena_shrink:
        return {}
    places = ["cpu:0"] + ["gpu:0"] * any("CUDA" in name or "Tensorrt" in name for name in used)
    return {"memory.enable_memory_arena_shrinkage": ";".join(places)}


def session_options(
    ort: Any, options: OnnxRuntimeOptions, threads: int | None, entries: Mapping[str, str]
) -> Any:
    """The runtime's own object; `ort` is the runtime."""
    made = ort.SessionOptions()
    made.log_severity_level = FATAL
    made.intra_op_num_threads = threads or 0
    made.inter_op_num_threads = options.inter_op_threads
    if options.inter_op_threads > 1:
        made.execution_mode = ort.ExecutionMode.ORT_PARALLEL
    level = getattr(ort.GraphOptimizationLevel, LEVELS[options.optimization])
    made.graph_optimization_level = level
    made.enable_cpu_mem_arena = options.arena
    made.enable_mem_pattern = options.memory_pattern
    if options.batch is not None:
        made.add_free_dimension_override_by_name("N", options.batch)
    for key, value in entries.items():
        made.add_session_config_entry(key, value)
    return made
