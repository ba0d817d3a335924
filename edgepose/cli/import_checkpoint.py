# SPDX-License-Identifier: Apache-2.0
"""`edgepose import-checkpoint`: takes a checkpoint of a published network over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgepose.errors import InputError, MissingDependencyError


def import_checkpoint(
    checkpoint: Annotated[
        Path, typer.Argument(help="The .pth file.", metavar="FILE", show_default=False)
    ],
    arch: Annotated[
        str, typer.Option(help="The published network.", metavar="NAME", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option(help="The weights.", metavar="FILE.pt", show_default=False)
    ],
    keypoints: Annotated[
        str,
        typer.Option(
            help="A set (coco17, mpii16, lsp14, openpose18, body25) or names with commas; the "
            "network's usual set if not given.",
            show_default=False,
        ),
    ] = "",
    input_size: Annotated[
        str,
        typer.Option(
            help="Of the input; the network's usual if not given.",
            metavar="WIDTHxHEIGHT",
            show_default=False,
        ),
    ] = "",
    warp: Annotated[
        str,
        typer.Option(
            help="How heatmap cells lie on the input; the authors' if not given.",
            metavar="legacy|udp|half_pixel",
            show_default=False,
        ),
    ] = "",
    subpixel: Annotated[
        str,
        typer.Option(
            help="How a peak is refined; the authors' if not given.",
            metavar="none|quarter|quadratic|dark|udp",
            show_default=False,
        ),
    ] = "",
    blur_kernel: Annotated[
        int | None,
        typer.Option(help="Odd size of the blur of subpixel dark and udp.", show_default=False),
    ] = None,
    name: Annotated[str, typer.Option(help="Of the weights.", show_default=False)] = "",
    trained_on: Annotated[
        list[str] | None,
        typer.Option(help="A data set's name, for the contract; may be repeated.", metavar="NAME"),
    ] = None,
    license_: Annotated[
        str, typer.Option("--license", help="Of the weights, an SPDX expression.")
    ] = "not stated",
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave tensors that the file lacks random.")
    ] = False,
) -> None:
    """Take a checkpoint of a published network over, with its contract, for export or training."""
    try:
        from edgepose.train.import_checkpoint import ImportOptions, listed
        from edgepose.train.import_checkpoint import import_checkpoint as run
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose import-checkpoint needs {error.name}; pip install 'edgepose[train]'"
        ) from error
    options = ImportOptions(
        keypoints=keypoints,
        input_wh=_size(input_size),
        warp=warp,
        subpixel=subpixel,
        blur_kernel=blur_kernel,
        name=name,
        data=tuple(trained_on or ()),
        license=license_,
        partial=partial,
    )
    fit = run(checkpoint, arch, output, options)
    typer.echo(f"{output}: {arch}, {len(fit.state)} tensors, named as in {fit.source}")
    typer.echo(f"missing: {len(fit.missing)} ({listed(fit.missing)})")
    typer.echo(f"unexpected, left out: {len(fit.unexpected)} ({listed(fit.unexpected)})")


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    sides = text.split("x")
    if len(sides) != 2 or not all(side.isdigit() for side in sides):
        raise InputError(f"--input-size must be WIDTHxHEIGHT; got {text!r}")
    return int(sides[0]), int(sides[1])
