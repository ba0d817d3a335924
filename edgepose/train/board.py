# SPDX-License-Identifier: Apache-2.0
"""The log for TensorBoard, if its package is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edgepose.errors import MissingDependencyError

PLACE = ("phase", "step", "of", "seen")


class Board:
    """Writes the numbers of a log's rows over the samples seen.

    Raises:
        MissingDependencyError: The package `tensorboard` is missing.
    """

    def __init__(self, folder: Path, seen: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise MissingDependencyError(
                "tensorboard = true needs the package tensorboard; pip install tensorboard"
            ) from error
        # What a run that was interrupted wrote after its last checkpoint is dropped.
        self.writer: Any = SummaryWriter(str(folder), purge_step=seen + 1)

    def add(self, row: dict[str, Any]) -> None:
        """Writes a row's numbers."""
        for name, value in row.items():
            if name not in PLACE:
                self.writer.add_scalar(name, value, row["seen"])
        self.writer.flush()

    def close(self) -> None:
        """Closes the file."""
        self.writer.close()
