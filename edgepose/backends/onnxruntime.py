# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime: the default backend. Importing it switches the runtime's telemetry off.

From 1.29 on, ONNX Runtime writes a device id under the user's cache folder and reports to its
maker. It looks at ORT_DISABLE_TELEMETRY when it is first imported, so the variable is set before.
Where a program has imported the runtime itself earlier, its events are switched off from here on.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edgepose.backends.base import Arrays, TensorInfo
from edgepose.errors import BackendError, InputError, ModelError

ort.disable_telemetry_events()

CPU = "CPUExecutionProvider"
FATAL = 4  # every failure is raised, so the log has nothing to add
DTYPES = {"float": "float32", "double": "float64"}


class OnnxRuntimeSession:
    """A model in ONNX Runtime; see `edgepose.backends.base.Session`."""

    def __init__(self, session: Any, path: Path, providers: tuple[str, ...]) -> None:
        self._session: Any = session
        self._path = path
        self._providers = providers
        self._inputs = tuple(_tensor(node) for node in session.get_inputs())
        self._outputs = tuple(_tensor(node) for node in session.get_outputs())

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """Inputs that must be fed."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """Everything the model gives."""
        return self._outputs

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers that really run nodes, as far as this version of the runtime says.

        Versions that do not tell the nodes' providers name the ones the session was made with.
        """
        return self._providers

    def run(self, inputs: Arrays, outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Runs the model once; new arrays by name of the output."""
        session = self._open()
        try:
            values = session.run(list(outputs), dict(inputs))
        except Exception as error:  # the runtime's own types derive from nothing narrower
            raise self._failed(error) from error
        return dict(zip(outputs, values, strict=True))

    def bind(self, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """Prepares runs that read and write the same arrays each time."""
        session = self._open()
        if self._providers != (CPU,):
            return self._copying(dict(inputs), dict(outputs))
        places_in = [_place(name, array) for name, array in inputs.items()]
        places_out = [_place(name, array) for name, array in outputs.items()]
        try:
            binding = session.io_binding()
            for place in places_in:
                binding.bind_input(*place)
            for place in places_out:
                binding.bind_output(*place)
        except Exception as error:
            raise self._failed(error) from error
        # The binding holds addresses only; the function keeps the arrays behind them alive.
        kept = (*inputs.values(), *outputs.values())

        def run(_kept: tuple[NDArray[Any], ...] = kept) -> None:
            try:
                self._open().run_with_iobinding(binding)
            except BackendError:
                raise
            except Exception as error:
                raise self._failed(error) from error

        return run

    def close(self) -> None:
        """Gives the model's memory back; closing twice is harmless."""
        self._session = None

    def _copying(self, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """Runs for other devices: a binding would copy the inputs there only once."""

        def run() -> None:
            for name, value in self.run(inputs, list(outputs)).items():
                if value.shape != outputs[name].shape:
                    raise ModelError(
                        f"{self._path}: output {name!r} must be {outputs[name].shape}; "
                        f"the model gives {value.shape}"
                    )
                np.copyto(outputs[name], value)

        return run

    def _open(self) -> Any:
        session = self._session
        if session is None:
            raise BackendError(f"{self._path}: the model is closed")
        return session

    def _failed(self, error: Exception) -> ModelError:
        return ModelError(f"{self._path}: the model cannot run: {_first_line(error)}")


def open_session(
    path: Path, *, threads: int | None, providers: Sequence[str] | None
) -> OnnxRuntimeSession:
    """Loads a model; see `edgepose.backends.open_session`.

    Raises:
        ModelError: The runtime cannot load the file.
        BackendError: A provider is not available or would not be used, or a provider that is not
            in the list would have to run a part of the model.
    """
    wanted = (CPU,) if providers is None else tuple(providers)
    available = ort.get_available_providers()
    for name in wanted:
        if name not in available:
            raise BackendError(
                f"provider {name!r} is not available in this ONNX Runtime; "
                f"available: {', '.join(available)}"
            )
    options = ort.SessionOptions()
    options.log_severity_level = FATAL
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take the cores from the other network's and from other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    if CPU not in wanted:
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    try:
        session = ort.InferenceSession(
            str(path), options, providers=list(wanted), enable_fallback=0
        )
    except Exception as error:
        if CPU not in wanted and "fallback to CPU EP" in str(error):
            raise BackendError(
                f"{path}: {', '.join(wanted)} cannot run the whole model; "
                f"add {CPU} to providers to let the processor run the rest"
            ) from error
        raise ModelError(f"{path}: the model cannot be loaded: {_first_line(error)}") from error
    used = _used(session)
    for name in wanted:
        if name not in used and (name != CPU or wanted == (CPU,)):
            raise BackendError(
                f"{path}: provider {name!r} runs no part of the model; used: {', '.join(used)}"
            )
    return OnnxRuntimeSession(session, path, used)


def _used(session: Any) -> tuple[str, ...]:
    """Providers that run nodes, in the session's order."""
    made_with = tuple(session.get_providers())
    if not hasattr(session, "get_provider_graph_assignment_info"):
        return made_with
    running = {part.ep_name for part in session.get_provider_graph_assignment_info()}
    return tuple(name for name in made_with if name in running) or made_with


def _tensor(node: Any) -> TensorInfo:
    kind = str(node.type).removeprefix("tensor(").removesuffix(")")
    shape = tuple(side if isinstance(side, int) and side >= 0 else None for side in node.shape)
    return TensorInfo(node.name, shape, DTYPES.get(kind, kind))


def _place(name: str, array: NDArray[Any]) -> tuple[Any, ...]:
    if not array.flags.c_contiguous:
        raise InputError(f"{name!r} must be a C-contiguous array; its strides are {array.strides}")
    return name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
