# SPDX-License-Identifier: Apache-2.0
"""`edgepose models`: what the package brings, and `pull`, which fetches the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from edgepose.cli.progress import byte_progress
from edgepose.cli.tables import show, size_text, table
from edgepose.models import ModelEntry, list_models
from edgepose.spec import read_spec

SETTINGS = {"help_option_names": ["-h", "--help"]}
models = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=SETTINGS)


@models.callback(invoke_without_command=True)
def list_all(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the models that have names, and fetch those that are not in the package.

    Sizes are of the files; what was measured stands in each model's card, with how.
    """
    if context.invoked_subcommand is not None:
        return
    rows = [describe(entry) for entry in list_models()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    columns = ("name", "for", "input>", "size>", "license", "measured")
    show(table("Models by name", columns, [_cells(row) for row in rows]))


@models.command(context_settings=SETTINGS)
def pull(
    names: Annotated[
        list[str], typer.Argument(help="Models to fetch.", metavar="NAME", show_default=False)
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            help="Folder to put them into, made if need be.  [default: where their names are "
            "looked for]",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Address (https) or folder of the release files.  [default: "
            "EDGEPOSE_MODELS_URL, else the releases of edgepose]",
            metavar="URL|DIR",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Even if another file of the name is there.")
    ] = False,
) -> None:
    """Fetch models that are not in the package.

    A file is kept only if it has the size and the SHA-256 that this version of edgepose knows.
    Nothing else in edgepose opens a connection.
    """
    from edgepose.download import pull as fetch  # late: listing needs no network code

    for name in names:
        with byte_progress(name) as bar:
            done = fetch(name, to, source=source, replace=replace, progress=bar)
        size = size_text(done.path.stat().st_size)
        was = "fetched" if done.is_new else "had been there"
        typer.echo(f"{name}: {typer.format_filename(done.path)}, {size}, {was}, SHA-256 is right")


def describe(entry: ModelEntry) -> dict[str, Any]:
    """What there is to say about a model; what needs its file is null where that is missing.

    Raises:
        SpecError: The file carries no valid contract.
    """
    described: dict[str, Any] = {"name": entry.name, "task": entry.task, "role": entry.role}
    release = entry.release
    installed = entry.path.is_file() if release is None else release.is_file(entry.path)
    spec = read_spec(entry.path) if installed else None
    return {
        **described,
        "installed": installed,
        "pull": release is not None,
        "file": str(entry.path),
        "card": str(entry.card),
        "width": spec.input.width if spec else None,
        "height": spec.input.height if spec else None,
        "bytes": entry.path.stat().st_size if installed else release and release.bytes,
        "license": spec.license if spec else card_field(entry.card, "license"),
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
        size = f"{size_text(row['bytes'])} to pull" if row["pull"] else "not installed"
        return [row["name"], row["role"], "", size, row["license"] or "", row["measured"] or ""]
    return [
        row["name"],
        row["role"],
        f"{row['width']}x{row['height']}",
        size_text(row["bytes"]),
        row["license"],
        row["measured"] or "",
    ]
