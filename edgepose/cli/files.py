# SPDX-License-Identifier: Apache-2.0
"""Names of the files that commands write, and the JSON in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from edgepose.io.targets import check_target, writing

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


def check_json_target(target: str | None) -> None:
    """Finds out before the work that `--json` can have no place; - is standard output.

    Raises:
        InputError: As `edgepose.io.targets.check_target`.
    """
    if target not in (None, STANDARD_OUTPUT):
        check_target(Path(str(target)))


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
