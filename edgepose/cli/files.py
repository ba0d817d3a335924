# SPDX-License-Identifier: Apache-2.0
"""Names of the files that commands write, and the writing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from edgepose.errors import InputError

STANDARD_OUTPUT = "-"


def output_names(paths: Sequence[Path]) -> dict[Path, str]:
    """A name without suffix for each picture's files: its stem, the second alike gets _2.

    Names that differ in case alone count as alike, as they do for some file systems.
    """
    stems = {path.stem.casefold() for path in paths}
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        name, number = path.stem, 1
        while name.casefold() in taken or (number > 1 and name.casefold() in stems):
            number += 1
            name = f"{path.stem}_{number}"
        taken.add(name.casefold())
        names[path] = name
    return names


def check_parent(target: Path) -> None:
    """Finds out before the work that a file can have no place.

    Raises:
        InputError: Its folder does not exist, or it is a folder itself.
    """
    if target.is_dir():
        raise InputError(f"cannot write {target}: it is a folder")
    if not target.parent.is_dir():
        raise InputError(f"cannot write {target}: its folder does not exist")


def check_json_target(target: str | None) -> None:
    """The same for `--json`, whose - is standard output.

    Raises:
        InputError: As `check_parent`.
    """
    if target not in (None, STANDARD_OUTPUT):
        check_parent(Path(str(target)))


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns a failure to write into an InputError that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}") from error


def write_json(target: Path, content: Any) -> None:
    """Writes JSON to a file.

    Raises:
        InputError: The file cannot be written.
    """
    with writing(target):
        target.write_text(json_text(content), encoding="utf-8")


def write_report(content: dict[str, Any], target: str) -> None:
    """Writes numbers as JSON for people to read, to a file or, for -, to standard output.

    Raises:
        InputError: The file cannot be written.
    """
    text = json.dumps(content, indent=2, allow_nan=False) + "\n"
    if target == STANDARD_OUTPUT:
        typer.echo(text, nl=False)
        return
    with writing(Path(target)):
        Path(target).write_text(text, encoding="utf-8")


def json_text(content: Any) -> str:
    """JSON in ASCII; of a list each entry has a line of its own."""
    if isinstance(content, list):
        lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in content)
        return f"[\n{lines}\n]\n" if content else "[]\n"
    return json.dumps(content, allow_nan=False) + "\n"
