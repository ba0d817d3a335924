# SPDX-License-Identifier: Apache-2.0
"""What every form of a network has in common: it runs somewhere, and becomes a file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from edgepose.spec import Spec


class Network(Protocol):
    """A network that can be run, measured and written."""

    @property
    def backend(self) -> str:
        """Runtime that runs it here, a key of `edgepose.backends.BACKENDS`."""
        ...

    @property
    def suffix(self) -> str:
        """Of its file, such as ".onnx"."""
        ...

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        ...

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        ...

    @property
    def has_free_batch(self) -> bool:
        """Whether several crops may go through at once."""
        ...

    def save(self, path: Path, *, check: bool = True) -> Path:
        """Writes it without a contract."""
        ...

    def write(self, path: Path, spec: Spec) -> None:
        """Writes it with a contract; the file appears whole or not at all."""
        ...
