# SPDX-License-Identifier: Apache-2.0
"""`edgepose train`: trains a network by a recipe."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from edgepose.cli.tables import show, table
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
    qat: Annotated[
        Path | None,
        typer.Option(
            help="Fine-tune these weights of the recipe for INT8, and write the model.",
            metavar="FILE.pt",
        ),
    ] = None,
    validate: Annotated[
        Path | None,
        typer.Option(
            help="COCO annotations to measure the INT8 model's AP on; without, agreement with the "
            "float model on held-out samples.",
            metavar="JSON",
        ),
    ] = None,
    validate_images: Annotated[
        Path | None,
        typer.Option(help="Folder of their pictures; theirs if not given.", metavar="DIR"),
    ] = None,
    max_drop: Annotated[
        float, typer.Option(help="Points of accuracy that INT8 may lose.", metavar="POINTS")
    ] = 0.5,
) -> None:
    """Train a network by a recipe; the run resumes where it was interrupted."""
    if not data.is_dir():
        raise InputError(f"--data must be a folder of shards; got {data}")
    if qat is None and (validate is not None or validate_images is not None):
        raise InputError("--validate and --validate-images belong to --qat")
    if validate is None and validate_images is not None:
        raise InputError("--validate-images belongs to --validate")
    try:
        from edgepose.train.qat import Guard, fine_tune  # late: PyTorch may be missing
        from edgepose.train.run import train as run
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose train needs {error.name}; pip install 'edgepose[train]'"
        ) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    pictures = cache or output / "cache"
    if qat is None:
        typer.echo(run(config, data, output, pictures, fresh=not resume))
        return
    guard = Guard(max_drop, validate, validate_images)
    done = fine_tune(config, qat, data, output, pictures, guard=guard, fresh=not resume)
    columns = ("", "float>", "rounded>", "fine-tuned>")
    points = [f"{value:.2f}" for value in (done.float_value, done.before, done.value)]
    show(table(str(done.path), columns, [[done.metric, *points]]))
    typer.echo(done.path)
