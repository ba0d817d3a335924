# SPDX-License-Identifier: Apache-2.0
"""`edgepose train`: trains a network by a recipe."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from edgepose.errors import InputError, MissingDependencyError


def train(
    config: Annotated[
        Path, typer.Argument(help="The recipe.", metavar="CONFIG.toml", show_default=False)
    ],
    data: Annotated[
        Path, typer.Option(help="Folder of the shards.", metavar="DIR", show_default=False)
    ],
    output: Annotated[Path, typer.Option(help="Folder of the runs.", metavar="DIR")] = Path("runs"),
    cache: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the decoded pictures, a few gigabytes; cache in the output's if not "
            "given.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume/--fresh", help="Go on from the run's checkpoint, or drop it."),
    ] = True,
) -> None:
    """Train a network by a recipe; the run resumes where it was interrupted."""
    if not data.is_dir():
        raise InputError(f"--data must be a folder of shards; got {data}")
    try:
        from edgepose.train.run import train as run  # late: PyTorch may be missing
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose train needs {error.name}; pip install 'edgepose[train]'"
        ) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    weights = run(config, data, output, cache or output / "cache", fresh=not resume)
    typer.echo(weights)
