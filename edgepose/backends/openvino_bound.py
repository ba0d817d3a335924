# SPDX-License-Identifier: Apache-2.0
"""A model in OpenVINO tied to the caller's arrays, and how the runtime's errors become ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from edgepose.backends.openvino_open import last_line
from edgepose.errors import BackendError, InputError, ModelError


class OpenVinoBound:
    """A request with the caller's arrays; see `edgepose.backends.base.Bound`."""

    def __init__(
        self,
        request: Any,
        check: Callable[[], Any],
        guard: Callable[[], Guard],
        kept: tuple[NDArray[Any], ...],
        shapes: Mapping[str, tuple[int, ...]],
    ) -> None:
        self._request = request
        self._check = check
        self._guard = guard
        self._kept = kept  # the request holds addresses only
        self._shapes = shapes
        self._under_way = False

    def __call__(self) -> None:
        """Runs the model once."""
        # `infer()` copies the outputs, and leaves them as they were, without an error, where an
        # array is too small.
        self.submit()
        self.wait()

    def submit(self) -> None:
        """Starts a run and returns at once."""
        self._start()
        with self._guard():
            self._request.start_async()
        self._under_way = True

    def wait(self) -> None:
        """Waits for the run that `submit` started."""
        if not self._under_way:
            raise BackendError("no run is under way; submit() one first")
        self._under_way = False
        with self._guard():
            self._request.wait()
            self._check_shapes()

    def _start(self) -> None:
        self._check()
        if self._under_way:
            raise BackendError("a run is under way; wait() for it first")

    def _check_shapes(self) -> None:
        for name, shape in self._shapes.items():
            found = tuple(self._request.get_tensor(name).shape)
            if found != shape:
                raise ModelError(f"output {name!r} must be {shape}; the model gives {found}")


class Guard:
    """Turns the runtime's errors into ModelError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ModelError):
            raise ModelError(f"{self._path}: {error}") from error
        if isinstance(error, (RuntimeError, TypeError, ValueError)) and not isinstance(
            error, (BackendError, InputError)
        ):
            raise ModelError(f"{self._path}: the model cannot run: {last_line(error)}") from error
