# SPDX-License-Identifier: Apache-2.0
"""What an inference runtime must offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

from edgepose.backends.options import OnnxRuntimeOptions, OpenVinoOptions
from edgepose.backends.providers import Provider
from edgepose.backends.report import SessionReport

Arrays: TypeAlias = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A declared input or output of a model.

    Attributes:
        name: Of the tensor.
        shape: Lengths of the axes; None is a free axis, or the whole is unknown.
        dtype: NumPy's name of the type, or the runtime's own where NumPy has none.
    """

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str


class Bound(Protocol):
    """A model tied to arrays of the caller: every run reads and writes the same memory.

    Not for two threads at the same time. Between `submit` and `wait` the arrays belong to the
    model. Called, it runs the model once and returns when the outputs are there.
    """

    def __call__(self) -> None:
        """Runs the model once.

        Raises:
            ModelError: The model fails or gives another shape.
            BackendError: The session is closed, or a run is under way.
        """
        ...

    def submit(self) -> None:
        """Starts a run and returns at once.

        Raises:
            BackendError: The session is closed, or a run is under way.
        """
        ...

    def wait(self) -> None:
        """Waits for the run that `submit` started.

        Raises:
            ModelError: The model failed or gave another shape.
            BackendError: No run is under way.
        """
        ...


class Session(Protocol):
    """A loaded model. Several threads may run it at once, each with arrays of its own."""

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """Inputs that must be fed."""
        ...

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """Everything the model gives."""
        ...

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers or devices that really run the model, as the runtime names them."""
        ...

    @property
    def takes_pixels(self) -> bool:
        """Whether the input is fed as uint8 NHWC, mean and std being part of the model."""
        ...

    def run(self, inputs: Arrays, outputs: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Runs the model once.

        Args:
            inputs: C-contiguous arrays by name of the input.
            outputs: Names of the outputs wanted.

        Returns:
            New arrays by name of the output.

        Raises:
            ModelError: The model refuses the inputs or fails.
            BackendError: The session is closed.
        """
        ...

    def bind(self, inputs: Arrays, outputs: Arrays) -> Bound:
        """Prepares runs that read and write the same arrays each time.

        Args:
            inputs: C-contiguous arrays by name, read anew at each run.
            outputs: C-contiguous writable arrays by name, of the exact shapes of the results.

        Returns:
            The model tied to these arrays.

        Raises:
            ModelError: The model does not know a name or a type.
            InputError: An array is not C-contiguous.
            BackendError: The session is closed.
        """
        ...

    def report(self, runs: int = 0) -> SessionReport:
        """What runs where.

        Args:
            runs: Runs on zeros to take the time of each place, one picture each. ONNX Runtime
                writes its profile into a folder for temporary files, which is removed; without
                runs nothing is written.

        Raises:
            InputError: A negative number of runs.
            ModelError: The model cannot be run on zeros.
            BackendError: The session is closed.
        """
        ...

    def close(self) -> None:
        """Gives the model's memory back; closing twice is harmless."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a model is to be opened; the fields are those of `edgepose.backends.open_session`."""

    threads: int | None = None
    device: str | None = None
    providers: Sequence[str | Provider] | None = None
    strict: bool = False
    options: OnnxRuntimeOptions | OpenVinoOptions | None = None
    pixels: tuple[Sequence[float], Sequence[float]] | None = None


class Opener(Protocol):
    """The function `open_session` that each backend module has."""

    def __call__(self, path: Path, wanted: Wanted) -> Session:
        """Loads a model; see `edgepose.backends.open_session`."""
        ...
