# SPDX-License-Identifier: Apache-2.0
"""OpenVINO: processors, GPUs and NPUs of Intel, and any processor. Importing it sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.backends.base import Arrays, TensorInfo, Wanted
from edgepose.backends.checks import whole
from edgepose.backends.openvino_bound import Guard, OpenVinoBound
from edgepose.backends.openvino_open import Opened, open_model
from edgepose.backends.openvino_profile import nodes_of, timed
from edgepose.backends.report import SessionReport, by_place
from edgepose.backends.telemetry import without_telemetry
from edgepose.errors import BackendError, InputError, ModelError

with without_telemetry():
    import openvino

ov: Any = openvino
FULL_NAME = "FULL_DEVICE_NAME"


class OpenVinoSession:
    """A model in OpenVINO; see `edgepose.backends.base.Session`."""

    def __init__(self, opened: Opened, path: Path, wanted: Wanted) -> None:
        self._opened: Opened | None = opened
        self._path = path
        self._wanted = wanted
        self._devices = opened.used
        self.takes_pixels = opened.takes_pixels
        self._inputs = tuple(_tensor(port) for port in opened.model.inputs)
        self._outputs = tuple(_tensor(port) for port in opened.model.outputs)
        self._input_names = {info.name for info in self._inputs}
        self._spare: SimpleQueue[Any] = SimpleQueue()
        self._room = BoundedSemaphore(opened.options.requests)
        self._lock = Lock()

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """Inputs of the model's file; see `takes_pixels` for what is really fed."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """Everything the model gives."""
        return self._outputs

    @property
    def providers(self) -> tuple[str, ...]:
        """Devices that run the model."""
        return self._devices

    def run(self, inputs: Arrays, outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Runs the model once; new arrays by name of the output."""
        self._open()
        if set(inputs) != self._input_names:
            raise ModelError(
                f"{self._path}: the model cannot run: its inputs are "
                f"{sorted(self._input_names)}; got {sorted(inputs)}"
            )
        with self._room, self._guard():
            batch = _batch(inputs)
            compiled = self._open().compiled(batch)
            try:
                held, request = self._spare.get_nowait()
                if held is not compiled:
                    request = compiled.create_infer_request()
            except Empty:
                request = compiled.create_infer_request()
            for name, array in inputs.items():
                request.set_tensor(name, ov.Tensor(np.ascontiguousarray(array)))
            found = [request.get_tensor(name) for name in outputs]  # unknown names fail early
            request.start_async()
            request.wait()
            found = [request.get_tensor(name) for name in outputs]
            values = {
                name: np.array(tensor.data) for name, tensor in zip(outputs, found, strict=True)
            }
            if self._opened is not None:
                self._spare.put((compiled, request))
            return values

    def bind(self, inputs: Arrays, outputs: Arrays) -> OpenVinoBound:
        """Ties the model to arrays that every run reads and writes."""
        for name, array in (*inputs.items(), *outputs.items()):
            if not array.flags.c_contiguous:
                raise InputError(
                    f"{name!r} must be a C-contiguous array; its strides are {array.strides}"
                )
        opened = self._open()
        with self._guard():
            request = opened.compiled(_batch(inputs)).create_infer_request()
            for name, array in (*inputs.items(), *outputs.items()):
                request.set_tensor(name, ov.Tensor(array, shared_memory=True))
        kept = (*inputs.values(), *outputs.values())
        shapes = {name: array.shape for name, array in outputs.items()}
        return OpenVinoBound(request, self._open, self._guard, kept, shapes)

    def report(self, runs: int = 0) -> SessionReport:
        """What runs where; see `edgepose.backends.base.Session`. No file is written."""
        whole("runs", runs, 0)
        opened = self._open()
        with self._guard():
            if runs:
                nodes = timed(ov, opened.profiled(), runs, opened.places)
            else:
                nodes = nodes_of(opened.any_compiled().get_runtime_model(), opened.places)
        return SessionReport(
            model=str(self._path),
            backend="openvino",
            version=str(ov.__version__),
            wanted=opened.wanted,
            used=self._devices,
            shares=by_place(nodes),
            threads=self._wanted.threads,
            load_ms=opened.load_ms,
            settings=opened.settings,
            remarks=opened.remarks,
        )

    def close(self) -> None:
        """Gives the model's memory back; closing twice is harmless."""
        self._opened = None
        while True:
            try:
                self._spare.get_nowait()
            except Empty:
                return

    def _open(self) -> Opened:
        opened = self._opened
        if opened is None:
            raise BackendError(f"{self._path}: the model is closed")
        return opened

    def _guard(self) -> Guard:
        return Guard(self._path)


def open_session(path: Path, wanted: Wanted) -> OpenVinoSession:
    """Loads a model; see `edgepose.backends.open_session`.

    Raises:
        InputError: Options of another runtime, or `providers`, which OpenVINO does not have.
        ModelError: The runtime cannot load the file.
        BackendError: A device is not there or would not be used, or executes another precision
            than asked for.
    """
    return OpenVinoSession(open_model(ov, path, wanted), path, wanted)


def available() -> tuple[str, tuple[str, ...]]:
    """The runtime's version and the devices that it finds, each with its full name."""
    core = ov.Core()
    names = [f"{name} ({core.get_property(name, FULL_NAME)})" for name in core.available_devices]
    return str(ov.__version__), tuple(names)


def _batch(inputs: Arrays) -> int:
    first = next(iter(inputs.values()), None)
    return len(first) if first is not None and first.ndim else 1


def _tensor(port: Any) -> TensorInfo:
    shape = port.partial_shape
    sides = None
    if not shape.rank.is_dynamic:
        sides = tuple(None if side.is_dynamic else side.get_length() for side in shape)
    kind = port.element_type
    name = kind.get_type_name()
    if name not in ("bf16", "u4", "i4", "u1", "nf4", "dynamic"):
        name = np.dtype(kind.to_dtype()).name
    return TensorInfo(port.any_name, sides, name)
