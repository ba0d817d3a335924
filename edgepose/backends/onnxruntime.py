# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime: the default backend. Importing it switches the runtime's telemetry off.

From 1.29 on, ONNX Runtime writes a device id under the user's cache folder and reports to its
maker. It looks at ORT_DISABLE_TELEMETRY when it is first imported, so the variable is set before.
Where a program has imported the runtime itself earlier, its events are switched off from here on.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edgepose.backends.base import Arrays, Bound, TensorInfo, Wanted
from edgepose.backends.bound import ThreadedBound
from edgepose.backends.checks import whole
from edgepose.backends.onnxruntime_open import Opened, first_line, open_model
from edgepose.backends.onnxruntime_options import CPU
from edgepose.backends.onnxruntime_profile import assigned, profile
from edgepose.backends.report import SessionReport, by_place
from edgepose.errors import BackendError, InputError, ModelError

ort.disable_telemetry_events()

DTYPES = {"float": "float32", "double": "float64"}
# Threads for `submit`; each waits for the runtime's own, so there may be more of them than cores.
ASYNC_THREADS = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """How a session came to be; for its report."""

    wanted: tuple[str, ...] = (CPU,)
    threads: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    load_ms: float = 0.0
    run_entries: Mapping[str, str] = field(default_factory=dict)
    reopen: Callable[[str], Any] | None = None


class OnnxRuntimeSession:
    """A model in ONNX Runtime; see `edgepose.backends.base.Session`."""

    takes_pixels = False

    def __init__(
        self,
        session: Any,
        path: Path,
        providers: tuple[str, ...],
        opening: Opening | None = None,
    ) -> None:
        self._session: Any = session
        self._path = path
        self._providers = providers
        self._opening = opening or Opening()
        self._inputs = tuple(_tensor(node) for node in session.get_inputs())
        self._outputs = tuple(_tensor(node) for node in session.get_outputs())
        self._executor: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._run_options: Any = None
        if self._opening.run_entries:
            self._run_options = ort.RunOptions()
            for key, value in self._opening.run_entries.items():
                self._run_options.add_run_config_entry(key, value)

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
            values = session.run(list(outputs), dict(inputs), self._run_options)
        except Exception as error:  # the runtime's own types derive from nothing narrower
            raise self._failed(error) from error
        return dict(zip(outputs, values, strict=True))

    def bind(self, inputs: Arrays, outputs: Arrays) -> Bound:
        """Ties the model to arrays that every run reads and writes."""
        session = self._open()
        if self._providers != (CPU,):
            return ThreadedBound(self._copying(dict(inputs), dict(outputs)), self._threads)
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
            opened = self._open()
            try:
                opened.run_with_iobinding(binding, self._run_options)
            except Exception as error:
                raise self._failed(error) from error

        return ThreadedBound(run, self._threads)

    def report(self, runs: int = 0) -> SessionReport:
        """What runs where; see `edgepose.backends.base.Session`."""
        whole("runs", runs, 0)
        session, opening = self._open(), self._opening
        nodes = assigned(session) or [(name, None, None) for name in self._providers[:1]]
        if runs and opening.reopen is not None:
            nodes = profile(opening.reopen, self._path, runs)
        return SessionReport(
            model=str(self._path),
            backend="onnxruntime",
            version=str(ort.__version__),
            wanted=opening.wanted,
            used=self._providers,
            shares=by_place(nodes),
            threads=opening.threads,
            load_ms=opening.load_ms,
            settings=opening.settings,
            remarks=opening.remarks,
        )

    def close(self) -> None:
        """Gives the model's memory back; closing twice is harmless."""
        self._session = None
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown()

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

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            self._open()
            if self._executor is None:
                self._executor = ThreadPoolExecutor(ASYNC_THREADS, "edgepose-run")
            return self._executor

    def _open(self) -> Any:
        session = self._session
        if session is None:
            raise BackendError(f"{self._path}: the model is closed")
        return session

    def _failed(self, error: Exception) -> ModelError:
        return ModelError(f"{self._path}: the model cannot run: {first_line(error)}")


def open_session(path: Path, wanted: Wanted) -> OnnxRuntimeSession:
    """Loads a model; see `edgepose.backends.open_session`.

    Raises:
        InputError: Options of another runtime.
        ModelError: The runtime cannot load the file.
        BackendError: A provider is not available or would not be used, or a provider that is not
            in the list would have to run a part of the model.
    """
    opened: Opened = open_model(ort, path, wanted)
    opening = Opening(
        opened.wanted, wanted.threads, opened.settings, opened.remarks, opened.load_ms,
        opened.run_entries, opened.reopen,
    )  # fmt: skip
    return OnnxRuntimeSession(opened.session, path, opened.used, opening)


def available() -> tuple[str, tuple[str, ...]]:
    """The runtime's version and the providers that this build has."""
    return str(ort.__version__), tuple(ort.get_available_providers())


def _tensor(node: Any) -> TensorInfo:
    kind = str(node.type).removeprefix("tensor(").removesuffix(")")
    shape = tuple(side if isinstance(side, int) and side >= 0 else None for side in node.shape)
    return TensorInfo(node.name, shape, DTYPES.get(kind, kind))


def _place(name: str, array: NDArray[Any]) -> tuple[Any, ...]:
    if not array.flags.c_contiguous:
        raise InputError(f"{name!r} must be a C-contiguous array; its strides are {array.strides}")
    return name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data
