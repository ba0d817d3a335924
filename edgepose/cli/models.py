# SPDX-License-Identifier: Apache-2.0
"""`edgepose models`: what the package brings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from edgepose.cli.tables import show, size_text, table
from edgepose.models import ModelEntry, list_models
from edgepose.spec import read_spec


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the models of the package.

    Sizes are of the files; what was measured stands in each model's card, with how.
    """
    rows = [describe(entry) for entry in list_models()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    columns = ("name", "for", "input>", "size>", "license", "measured")
    show(table("Models of the package", columns, [_cells(row) for row in rows]))


def describe(entry: ModelEntry) -> dict[str, Any]:
    """What there is to say about a model; what needs its file is null where that is missing.

    Raises:
        SpecError: The file carries no valid contract.
    """
    described: dict[str, Any] = {"name": entry.name, "task": entry.task, "role": entry.role}
    installed = entry.path.is_file()
    spec = read_spec(entry.path) if installed else None
    return {
        **described,
        "installed": installed,
        "file": str(entry.path),
        "card": str(entry.card),
        "width": spec.input.width if spec else None,
        "height": spec.input.height if spec else None,
        "bytes": entry.path.stat().st_size if installed else None,
        "license": spec.license if spec else None,
        "measured": card_field(entry.card, "measured"),
    }


def card_field(card: Path, name: str) -> str | None:
    """A field of the card's front matter, the lines `name: value` between two lines ---."""
    if not card.is_file():
        return None
    first, *lines = card.read_text(encoding="utf-8").splitlines() or [""]
    if first.strip() != "---":
        return None
    for line in lines:
        if line.strip() == "---":
            return None
        key, colon, value = line.partition(":")
        if colon and key.strip() == name:
            return value.strip().strip("\"'") or None
    return None


def _cells(row: dict[str, Any]) -> list[str]:
    if not row["installed"]:
        return [row["name"], row["role"], "", "not installed", "", row["measured"] or ""]
    return [
        row["name"],
        row["role"],
        f"{row['width']}x{row['height']}",
        size_text(row["bytes"]),
        row["license"],
        row["measured"] or "",
    ]
