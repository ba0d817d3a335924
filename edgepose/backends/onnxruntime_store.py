# SPDX-License-Identifier: Apache-2.0
"""Keeps the graph that ONNX Runtime has optimised in a file that the user names."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from edgepose.backends.options import OnnxRuntimeOptions
from edgepose.backends.processor import processor
from edgepose.errors import InputError, ModelError
from edgepose.spec.onnx_metadata import read_entry, write_entry

KEY = "edgepose.optimized_from"
HASH_BYTES = 64


class OptimizedModel:
    """The file, and whether it fits the model, the options and this machine.

    A hash of all three is written into it: the runtime lays weights out for the processor that it
    finds, and a graph made elsewhere may be slow or wrong.

    Args:
        ort: The runtime.
        path: The model.
        file: Where the graph is kept.
        options: How the runtime optimises.
        providers: Provider -> options.

    Raises:
        InputError: The file is the model itself, or its folder does not exist.
    """

    def __init__(
        self,
        ort: Any,
        path: Path,
        file: Path,
        options: OnnxRuntimeOptions,
        providers: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._path = path
        self.file = file
        if not self.file.parent.is_dir():
            raise InputError(f"cannot write {self.file}: its folder does not exist")
        if self.file.resolve() == path.resolve():
            raise InputError(f"optimized_model must not be the model itself; got {self.file}")
        chip = processor()
        parts = [
            hashlib.sha256(path.read_bytes()).hexdigest(),
            str(ort.__version__),
            options.optimization,
            repr(options.batch),
            repr({name: dict(rendered) for name, rendered in providers.items()}),
            chip.name,
            " ".join(chip.features),
        ]
        self._stamp = hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def find(self) -> tuple[Path, tuple[str, ...]]:
        """The file if it may be used, else the model, and what there is to say."""
        if not self.file.is_file():
            return self._path, (f"the optimised graph was written to {self.file}",)
        try:
            stamp = read_entry(self.file, KEY, HASH_BYTES)
        except ModelError:
            stamp = None
        if stamp == self._stamp.encode():
            return self.file, (f"the optimised graph came from {self.file}",)
        return self._path, (f"{self.file} was made for something else and is replaced",)

    def make(self, create: Callable[[str | None, Path | None], Any]) -> Any:
        """Opens the model and writes the file; it appears whole or not at all.

        Raises:
            ModelError: The file cannot be written.
        """
        with tempfile.TemporaryDirectory(prefix=".edgepose-", dir=self.file.parent) as folder:
            bare = Path(folder, "optimized.onnx")
            session = create(None, bare)
            write_entry(bare, KEY, self._stamp.encode(), self.file)
        return session
