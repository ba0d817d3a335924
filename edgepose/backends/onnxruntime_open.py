# SPDX-License-Identifier: Apache-2.0
"""Opens a model in ONNX Runtime so that nothing falls back in silence.

The runtime is handed in, for the module that imports it must first switch its telemetry off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from edgepose.backends.base import Wanted
from edgepose.backends.onnxruntime_options import (
    CPU,
    entries_of,
    providers_of,
    run_entries,
    session_options,
)
from edgepose.backends.onnxruntime_profile import Nodes, assigned
from edgepose.backends.onnxruntime_store import OptimizedModel
from edgepose.backends.options import OnnxRuntimeOptions
from edgepose.backends.providers import Options
from edgepose.errors import BackendError, InputError, ModelError


@dataclass(frozen=True, slots=True)
class Opened:
    """A session of the runtime and how it came to be.

    Attributes:
        session: The runtime's own.
        used: Providers that run nodes.
        wanted: Providers that were asked for.
        settings: What the runtime was told.
        remarks: What a person should know.
        load_ms: Milliseconds.
        run_entries: What every run is told.
        reopen: Opens the same again with a profile, whose file begins with the text given.
    """

    session: Any
    used: tuple[str, ...]
    wanted: tuple[str, ...]
    settings: Mapping[str, str]
    remarks: tuple[str, ...]
    load_ms: float
    run_entries: Mapping[str, str]
    reopen: Callable[[str], Any]


def open_model(ort: Any, path: Path, wanted: Wanted) -> Opened:
    """Loads a model; see `edgepose.backends.onnxruntime.open_session`."""
    options = wanted.options or OnnxRuntimeOptions()
    if not isinstance(options, OnnxRuntimeOptions):
        raise InputError(
            f"options of backend 'onnxruntime' must be OnnxRuntimeOptions; "
            f"got {type(options).__name__}"
        )
    providers = providers_of(wanted)
    _check_available(ort, providers)
    if wanted.strict:
        providers = dict(list(providers.items())[:1])
    names = tuple(providers)
    start = perf_counter()
    entries = entries_of(options, names)
    store = (
        None
        if options.optimized_model is None
        else OptimizedModel(ort, path, Path(options.optimized_model), options, providers)
    )
    source, remarks = (path, ()) if store is None else store.find()
    fresh = store is not None and source == path

    def create(prefix: str | None = None, target: Path | None = None) -> Any:
        made = session_options(ort, options, wanted.threads, entries)
        if prefix is not None:
            made.enable_profiling = True
            made.profile_file_prefix = prefix
        if target is not None:
            made.optimized_model_filepath = str(target)
        if source != path:
            made.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        listed = [(name, rendered) if rendered else name for name, rendered in providers.items()]
        return ort.InferenceSession(str(source), made, providers=listed, enable_fallback=0)

    try:
        session = store.make(create) if store is not None and fresh else create()
    except (BackendError, InputError, ModelError):
        raise
    except Exception as error:
        raise _not_loaded(ort, path, wanted, names, error) from error
    if options.batch is not None and session.get_inputs()[0].shape[:1] != [options.batch]:
        raise InputError(
            f"batch={options.batch} needs a batch axis called N; the model's input is "
            f"{session.get_inputs()[0].shape}"
        )
    used = _used(session)
    started = tuple(session.get_providers())
    for name in names:
        if name not in used and (name != CPU or names == (CPU,)):
            raise BackendError(f"{path}: {idle(name, started, used)}")
    settings = dict(entries)
    for name, rendered in providers.items():
        settings |= {f"{name}.{key}": value for key, value in rendered.items()}
    settings["graph_optimization_level"] = options.optimization
    if options.optimized_model is not None:
        settings["optimized_model"] = str(options.optimized_model)
    return Opened(
        session=session,
        used=used,
        wanted=tuple(providers_of(wanted)),
        settings=settings,
        remarks=remarks,
        load_ms=1e3 * (perf_counter() - start),
        run_entries=run_entries(options, used),
        reopen=create,
    )


def _check_available(ort: Any, providers: Mapping[str, Options]) -> None:
    available = ort.get_available_providers()
    for name in providers:
        if name not in available:
            raise BackendError(
                f"provider {name!r} is not available in this ONNX Runtime; "
                f"available: {', '.join(available)}"
            )


def _not_loaded(
    ort: Any, path: Path, wanted: Wanted, names: tuple[str, ...], error: Exception
) -> Exception:
    if CPU in names or "fallback to CPU EP" not in str(error):
        return ModelError(f"{path}: the model cannot be loaded: {first_line(error)}")
    advice = f"add {CPU} to providers to let the processor run the rest"
    started, nodes = _with_processor(ort, path, wanted, names)
    for name in names:
        if name not in started:
            return BackendError(f"{path}: {idle(name, started, ())}")
    if wanted.strict:
        count = sum(place == CPU for place, _, _ in nodes)
        advice = f"strict=True forbids the rest: {count} of {len(nodes)} nodes would run on {CPU}"
    return BackendError(f"{path}: {', '.join(names)} cannot run the whole model; {advice}")


def _with_processor(
    ort: Any, path: Path, wanted: Wanted, names: tuple[str, ...]
) -> tuple[tuple[str, ...], Nodes]:
    """Providers that start and nodes by provider in a session where the processor may help."""
    providers, options = (*names, CPU), OnnxRuntimeOptions()
    made = session_options(ort, options, wanted.threads, entries_of(options, providers))
    try:
        session = ort.InferenceSession(
            str(path), made, providers=list(providers), enable_fallback=0
        )
    except Exception:  # says nothing about the providers then
        return names, []
    return tuple(session.get_providers()), assigned(session)


def idle(name: str, started: tuple[str, ...], used: tuple[str, ...]) -> str:
    """Why a provider does nothing.

    Args:
        name: The provider.
        started: Providers of the session.
        used: Those that run nodes.
    """
    if name not in started:
        return (
            f"provider {name!r} could not be started: its libraries or its device are missing; "
            f"the runtime's log says which"
        )
    return f"provider {name!r} runs no part of the model; used: {', '.join(used)}"


def _used(session: Any) -> tuple[str, ...]:
    """Providers that run nodes, in the session's order."""
    made_with = tuple(session.get_providers())
    running = {place for place, _, _ in assigned(session)}
    return tuple(name for name in made_with if name in running) or made_with


def first_line(error: Exception) -> str:
    """The first line of an error's text; its type where it has none."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
