# SPDX-License-Identifier: Apache-2.0
"""Compiles a model with OpenVINO so that device and precision are the ones asked for.

The runtime is handed in, for the module that imports it does so without its telemetry.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

from edgepose.backends.base import Wanted
from edgepose.backends.options import OpenVinoOptions
from edgepose.backends.processor import processor
from edgepose.errors import BackendError, InputError, ModelError

VIRTUAL = ("AUTO", "MULTI", "HETERO", "BATCH")
TYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}


class Opened:
    """A model read and compiled; see `open_model`.

    Attributes:
        model: As the file describes it.
        options: What was asked for.
        wanted: Devices, the preferred first.
        used: Devices that run it.
        places: Node -> device where several share the model; else empty.
        settings: Properties given.
        remarks: What a person should know.
        takes_pixels: Whether the input is uint8 NHWC.
        load_ms: Milliseconds.
    """

    def __init__(self, ov: Any, path: Path, wanted: Wanted) -> None:
        options = wanted.options or OpenVinoOptions()
        if not isinstance(options, OpenVinoOptions):
            raise InputError(
                f"options of backend 'openvino' must be OpenVinoOptions; "
                f"got {type(options).__name__}"
            )
        if wanted.providers is not None:
            raise InputError("backend 'openvino' has devices, no providers; use device")
        self._ov = ov
        self.options = options
        self._core = ov.Core()
        self._device = (wanted.device or "CPU").upper()
        self.wanted = devices_of(self._device)
        self._check_devices(wanted)
        start = perf_counter()
        self.model = self._read(path)
        self.takes_pixels = options.preprocess
        self._ready = self._prepared(wanted, path)
        self._properties = self._render(wanted)
        self._by_batch: dict[int, Any] = {}
        self._lock = Lock()
        self._path = path
        first = options.batch_buckets[0] if options.batch_buckets else 0
        compiled = self.compiled(first)
        self.used = tuple(str(name).strip("()") for name in _execution_devices(compiled))
        self.load_ms = 1e3 * (perf_counter() - start)
        self.settings = {key: _text(value) for key, value in self._properties.items()}
        self.places = self._placed()
        self.remarks = self._check_precision(compiled)
        self._check_strict(wanted)

    def compiled(self, batch: int) -> Any:
        """The compiled model for a batch; one for all sizes unless there are buckets."""
        key = batch if self.options.batch_buckets else 0
        with self._lock:
            if key not in self._by_batch:
                self._by_batch[key] = self._compile(key, {})
            return self._by_batch[key]

    def any_compiled(self) -> Any:
        """One of the compiled models."""
        with self._lock:
            return next(iter(self._by_batch.values()))

    def profiled(self) -> Any:
        """Another one, which keeps the time of each node."""
        buckets = self.options.batch_buckets
        return self._compile(buckets[0] if buckets else 0, {"PERF_COUNT": True})

    def _check_devices(self, wanted: Wanted) -> None:
        available = list(self._core.available_devices)
        for name in self.wanted:
            if not any(name == there or there.startswith(f"{name}.") for there in available):
                raise BackendError(
                    f"device {name!r} is not available to OpenVINO; "
                    f"available: {', '.join(available)}"
                )
        if wanted.strict and not self.wanted:
            raise BackendError(
                f"strict=True needs the devices to be named; {self._device!r} leaves the choice "
                f"to OpenVINO: write for example {self._device}:CPU"
            )

    def _read(self, path: Path) -> Any:
        try:
            return self._core.read_model(path)
        except Exception as error:  # the runtime raises RuntimeError and others
            raise ModelError(f"{path}: the model cannot be loaded: {last_line(error)}") from error

    def _prepared(self, wanted: Wanted, path: Path) -> Any:
        if not self.options.preprocess:
            return self.model
        if wanted.pixels is None:
            raise InputError("preprocess needs the mean and std of a contract; give pixels")
        mean, std = wanted.pixels
        kinds = self._ov.preprocess
        made = kinds.PrePostProcessor(self._read(path))
        given = made.input()
        given.tensor().set_element_type(self._ov.Type.u8).set_layout(self._ov.Layout("NHWC"))
        given.model().set_layout(self._ov.Layout("NCHW"))
        steps = given.preprocess().convert_element_type(self._ov.Type.f32)
        steps.mean(list(mean)).scale(list(std))
        return made.build()

    def _render(self, wanted: Wanted) -> dict[str, Any]:
        options = self.options
        own: dict[str, Any] = {}
        if options.precision is not None:
            own["INFERENCE_PRECISION_HINT"] = options.precision
        processor_own: dict[str, Any] = {"INFERENCE_PRECISION_HINT": options.precision or "f32"}
        if wanted.threads is not None:
            processor_own["INFERENCE_NUM_THREADS"] = wanted.threads
        if options.streams is not None:
            processor_own["NUM_STREAMS"] = options.streams
        if options.pinning is not None:
            processor_own["ENABLE_CPU_PINNING"] = options.pinning
        properties: dict[str, Any] = {"PERFORMANCE_HINT": options.hint.upper()}
        if self._device == "CPU":
            properties |= processor_own
        elif self._device.split(":")[0] in VIRTUAL:
            others = {name: own for name in self.wanted if name != "CPU" and own}
            properties["DEVICE_PROPERTIES"] = {"CPU": processor_own, **others}
        else:
            properties |= own
        if options.cache is not None:
            properties["CACHE_DIR"] = str(options.cache)
        return {**properties, **options.extra}

    def _compile(self, batch: int, more: Mapping[str, Any]) -> Any:
        model = self._ready
        try:
            if batch:
                model = model.clone()
                shape = model.input().partial_shape
                shape[0] = batch
                model.reshape(shape)
            return self._core.compile_model(model, self._device, {**self._properties, **more})
        except Exception as error:
            text = last_line(error)
            kind = BackendError if "property" in str(error) else ModelError
            raise kind(f"{self._path}: {self._device} cannot compile the model: {text}") from error

    def _placed(self) -> dict[str, str]:
        if not self._device.startswith("HETERO"):
            return {}
        found = self._core.query_model(self._ready, self._device)
        return {str(node): str(place) for node, place in found.items()}

    def _check_precision(self, compiled: Any) -> tuple[str, ...]:
        """Says what is executed; an explicit wish that is not met is an error."""
        asked = self.options.precision
        try:
            got = str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())
        except Exception:  # devices that choose among others do not tell
            return ()
        if asked is not None and got != asked:
            raise BackendError(
                f"{self._path}: {self._device} would run {TYPES.get(got, got)}; "
                f"precision {asked!r} was asked for"
            )
        remarks = [f"{self._device} executes {TYPES.get(got, got)}"]
        if self._device == "CPU" and got == "f32" and "AVX-512 bf16" in processor().features:
            remarks.append(
                "this processor has bfloat16, which OpenVINO takes unless told otherwise; "
                'precision="bf16" is faster and less exact'
            )
        return tuple(remarks)

    def _check_strict(self, wanted: Wanted) -> None:
        if not wanted.strict:
            return
        first = self.wanted[:1] if self._device.startswith("HETERO") else self.wanted
        elsewhere = [name for name in self.used if not _among(name, first)]
        nodes = [node for node, place in self.places.items() if not _among(place, first)]
        if nodes:
            raise BackendError(
                f"{self._path}: strict=True, and {len(nodes)} of {len(self.places)} nodes would "
                f"run elsewhere than on {first[0]}: {nodes[0]}, ..."
            )
        if elsewhere:
            raise BackendError(
                f"{self._path}: strict=True, and {', '.join(elsewhere)} would run the model; "
                f"wanted {', '.join(first)}"
            )


def open_model(ov: Any, path: Path, wanted: Wanted) -> Opened:
    """Reads and compiles a model; see `edgepose.backends.openvino.open_session`."""
    return Opened(ov, path, wanted)


def devices_of(device: str) -> tuple[str, ...]:
    """The real devices that a name of OpenVINO's stands for; none where it leaves the choice.

    Raises:
        InputError: Not a name of a device.

    Example:
        >>> devices_of("HETERO:GPU,CPU")
        ('GPU', 'CPU')
    """
    kind, colon, rest = device.partition(":")
    names = tuple(name.strip().lstrip("-") for name in rest.split(",") if name.strip())
    if kind in VIRTUAL:
        if colon and not names:
            raise InputError(f"device must name one after the colon; got {device!r}")
        return tuple(name.partition("(")[0] for name in names)
    if colon or not kind.replace(".", "").isalnum():
        raise InputError(
            f"device of backend 'openvino' must be CPU, GPU, NPU or AUTO:, MULTI: or HETERO: with "
            f"a list; got {device!r}"
        )
    return (kind,)


def _execution_devices(compiled: Any) -> list[str]:
    return list(compiled.get_property("EXECUTION_DEVICES"))


def _among(name: str, devices: tuple[str, ...]) -> bool:
    return any(name == device or name.startswith(f"{device}.") for device in devices)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    return str(value)


def last_line(error: BaseException) -> str:
    """The last line of an error's text, where OpenVINO says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
