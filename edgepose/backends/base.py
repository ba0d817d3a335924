# SPDX-License-Identifier: Apache-2.0
"""What an inference runtime must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

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
        """Execution providers that really run the model's nodes, as the runtime names them."""
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

    def bind(self, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """Prepares runs that read and write the same arrays each time.

        Args:
            inputs: C-contiguous arrays by name, read anew at each run.
            outputs: C-contiguous writable arrays by name, of the exact shapes of the results.

        Returns:
            A function that runs the model once; not for two threads at the same time. It raises
            ModelError if the model fails or gives another shape.

        Raises:
            ModelError: The model does not know a name or a type.
            InputError: An array is not C-contiguous.
            BackendError: The session is closed.
        """
        ...

    def close(self) -> None:
        """Gives the model's memory back; closing twice is harmless."""
        ...


class Opener(Protocol):
    """The function `open_session` that each backend module has."""

    def __call__(
        self, path: Path, *, threads: int | None, providers: Sequence[str] | None
    ) -> Session:
        """Loads a model; see `edgepose.backends.open_session`."""
        ...
