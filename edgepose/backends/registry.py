# SPDX-License-Identifier: Apache-2.0
"""The backends that exist; their runtimes are imported on first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import cast

from edgepose.backends.base import Opener, Session, Wanted
from edgepose.backends.options import OnnxRuntimeOptions, OpenVinoOptions
from edgepose.backends.providers import Provider
from edgepose.errors import InputError, MissingDependencyError, ModelError


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend before it is imported.

    Attributes:
        title: What people call it.
        module: Module of edgepose with a function `open_session`.
        runtime: Top-level package that it needs.
        install: What to hand to pip if the package is missing.
    """

    title: str
    module: str
    runtime: str
    install: str


BACKENDS: Mapping[str, Backend] = MappingProxyType(
    {
        "onnxruntime": Backend(
            "ONNX Runtime", "edgepose.backends.onnxruntime", "onnxruntime", "edgepose"
        ),
        "openvino": Backend(
            "OpenVINO", "edgepose.backends.openvino", "openvino", "edgepose[openvino]"
        ),
    }
)


def open_session(
    path: str | PathLike[str],
    *,
    backend: str = "onnxruntime",
    threads: int | None = None,
    device: str | None = None,
    providers: Sequence[str | Provider] | None = None,
    strict: bool = False,
    options: OnnxRuntimeOptions | OpenVinoOptions | None = None,
    pixels: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Session:
    """Loads a model.

    Args:
        path: Model file.
        backend: A key of `BACKENDS`.
        threads: Threads of one run; None leaves it to the runtime.
        device: Where to run, None is the processor. OpenVINO's words: "CPU", "GPU", "NPU",
            "AUTO:GPU,CPU", "HETERO:NPU,CPU". For ONNX Runtime a short name of
            `edgepose.backends.providers.PROVIDERS` or several: "cuda" or "tensorrt,cuda,cpu".
        providers: ONNX Runtime's execution providers that may run the model, the preferred first,
            by the names that the runtime uses or as a `Provider` with options, instead of
            `device`. Each one named must run a part of the model, and no other one may.
        strict: Let no part of the model run elsewhere than on the first provider or the devices
            named, whatever else is in the list.
        options: Of the runtime, of the class that goes with the backend.
        pixels: Mean and std of the three channels, for `OpenVinoOptions.preprocess`.

    Raises:
        InputError: An unknown backend, a thread count below 1, an empty list of providers, or
            options that the backend does not have.
        MissingDependencyError: The backend's runtime is not installed; the message says how to.
        ModelError: The file is absent or the runtime cannot load it.
        BackendError: A provider or device is not available or would not be used, or a part of
            the model would run elsewhere.

    Example:
        >>> open_session("yolox_nano.onnx", threads=2).providers  # doctest: +SKIP
        ('CPUExecutionProvider',)
    """
    if backend not in BACKENDS:
        raise InputError(f"backend must be one of {', '.join(BACKENDS)}; got {backend!r}")
    if threads is not None and (type(threads) is not int or threads < 1):
        raise InputError(f"threads must be a whole number of at least 1; got {threads!r}")
    if providers is not None and (isinstance(providers, str) or not list(providers)):
        raise InputError(f"providers must be a list of one or more names; got {providers!r}")
    if device is not None and providers is not None:
        raise InputError("device and providers both say where to run; give one of them")
    if device is not None and (not isinstance(device, str) or not device.strip()):
        raise InputError(f"device must be a name; got {device!r}")
    model = Path(path)
    if not model.is_file():
        raise ModelError(f"{model}: no such model file")
    entry = BACKENDS[backend]
    try:
        opener = cast(Opener, import_module(entry.module).open_session)
    except ImportError as error:
        if (error.name or "").partition(".")[0] != entry.runtime:
            raise
        raise MissingDependencyError(
            f"backend {backend!r} needs the package {entry.runtime}; "
            f'install it with: pip install "{entry.install}"'
        ) from error
    return opener(model, Wanted(threads, device, providers, strict, options, pixels))
