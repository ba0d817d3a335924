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

from edgepose.backends.base import Opener, Session
from edgepose.errors import InputError, MissingDependencyError, ModelError


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend before it is imported.

    Attributes:
        module: Module of edgepose with a function `open_session`.
        runtime: Top-level package that it needs.
        install: What to hand to pip if the package is missing.
    """

    module: str
    runtime: str
    install: str


BACKENDS: Mapping[str, Backend] = MappingProxyType(
    {"onnxruntime": Backend("edgepose.backends.onnxruntime", "onnxruntime", "edgepose")}
)


def open_session(
    path: str | PathLike[str],
    *,
    backend: str = "onnxruntime",
    threads: int | None = None,
    providers: Sequence[str] | None = None,
) -> Session:
    """Loads a model.

    Args:
        path: Model file.
        backend: A key of `BACKENDS`.
        threads: Threads of one run; None leaves it to the runtime.
        providers: Execution providers that may run the model, the preferred first, by the names
            that the runtime uses; None is the processor. Each one named must run a part of the
            model, and no other one may.

    Raises:
        InputError: An unknown backend, a thread count below 1, an empty list of providers.
        MissingDependencyError: The backend's runtime is not installed; the message says how to.
        ModelError: The file is absent or the runtime cannot load it.
        BackendError: A provider is not available or would not be used.

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
    return opener(model, threads=threads, providers=providers)
