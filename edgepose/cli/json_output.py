# SPDX-License-Identifier: Apache-2.0
"""The JSON of `edgepose predict`, in three shapes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from edgepose.cli.files import (
    STANDARD_OUTPUT,
    json_text,
    output_names,
    write_json,
)
from edgepose.errors import InputError
from edgepose.io.result_openpose import to_openpose
from edgepose.io.sources import picture_id
from edgepose.io.targets import check_target, writing
from edgepose.types import Result


class Format(str, Enum):
    """Shapes of the JSON."""

    edgepose = "edgepose"
    coco = "coco"
    openpose = "openpose"


class JsonOutput:
    """Collects results and writes them in one of three shapes; see `edgepose predict --help`.

    Args:
        target: A file, a folder (openpose, several pictures) or - for standard output.
        shape: What is written.
        paths: All the pictures that will come.
        is_single: Whether the user named one file, whose JSON stands alone.

    Raises:
        InputError: The target does not suit the shape, or cannot be written to.
    """

    def __init__(self, target: str, shape: Format, paths: Sequence[Path], is_single: bool) -> None:
        self._target = target
        self._shape = shape
        self._is_single = is_single
        self._names = output_names(paths)
        self._done: list[Any] = []
        self._folder: Path | None = None
        if shape is Format.coco:
            _check_ids(paths)
        if shape is Format.openpose and (not is_single or Path(target).is_dir()):
            if target == STANDARD_OUTPUT:
                raise InputError(
                    "--format openpose is one file per picture: --json must be a folder; got -"
                )
            self._folder = Path(target)
            with writing(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
        elif target != STANDARD_OUTPUT:
            check_target(Path(target))

    def add(self, path: Path, result: Result) -> None:
        """Takes the result of one picture."""
        if self._shape is Format.coco:
            self._done += result.to_coco(picture_id(path))
        elif self._folder is not None:
            write_json(self._folder / f"{self._names[path]}_keypoints.json", to_openpose(result))
        elif self._shape is Format.openpose:
            self._done.append(to_openpose(result))
        else:
            self._done.append(result.to_dict())

    def close(self) -> None:
        """Writes what has come."""
        if self._folder is not None:
            return
        content: Any = self._done
        if self._is_single and self._shape is not Format.coco:
            if not self._done:
                return  # the only picture failed
            content = self._done[0]
        if self._target == STANDARD_OUTPUT:
            typer.echo(json_text(content), nl=False)
        else:
            write_json(Path(self._target), content)


def _check_ids(paths: Sequence[Path]) -> None:
    seen: dict[int | str, Path] = {}
    for path in paths:
        other = seen.setdefault(picture_id(path), path)
        if other is not path:
            raise InputError(
                f"--format coco needs an id for each picture; {other} and {path} are both "
                f"{picture_id(path)!r}"
            )
