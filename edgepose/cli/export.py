# SPDX-License-Identifier: Apache-2.0
"""`edgepose export`: turns trained weights into an ONNX model with its contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgepose.errors import MissingDependencyError


def export(
    checkpoint: Annotated[
        Path, typer.Argument(help="Weights that training wrote.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option(help="The ONNX file.", metavar="FILE", show_default=False)
    ],
    subpixel: Annotated[
        str,
        typer.Option(
            help="How a peak is refined between cells; pose models only. dark if not given, or "
            "what imported weights say.",
            metavar="none|quarter|quadratic|dark|udp",
            show_default=False,
        ),
    ] = "",
    weights: Annotated[
        str,
        typer.Option(help="Type the weights are kept in.", metavar="float32|float16"),
    ] = "float32",
    name: Annotated[
        str, typer.Option(help="Of the model; the weights' own if not given.", show_default=False)
    ] = "",
    trained_on: Annotated[
        list[str] | None,
        typer.Option(help="A data set's name, for the contract; may be repeated.", metavar="NAME"),
    ] = None,
    license_: Annotated[
        str | None,
        typer.Option(
            "--license",
            help="Of the weights, an SPDX expression. Apache-2.0 if not given, or what imported "
            "weights say.",
            show_default=False,
        ),
    ] = None,
    score_threshold: Annotated[
        float, typer.Option(help="Least score of a box; detectors only.")
    ] = 0.3,
    nms_iou: Annotated[
        float, typer.Option(help="Overlap above which the lower box goes; detectors only.")
    ] = 0.6,
) -> None:
    """Turn trained weights into an ONNX model with its contract, checked against PyTorch."""
    try:
        from edgepose.train.contract import ExportOptions
        from edgepose.train.export import export as run  # late: PyTorch may be missing
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose export needs {error.name}; pip install 'edgepose[train]'"
        ) from error
    options = ExportOptions(
        subpixel=subpixel,
        weights=weights,
        name=name,
        data=tuple(trained_on or ()),
        license=license_,
        score_threshold=score_threshold,
        nms_iou=nms_iou,
    )
    done = run(checkpoint, output, options)
    wh = f"{done.spec.input.width}x{done.spec.input.height}"
    typer.echo(f"{done.path}: {done.spec.name}, {wh}, {done.bytes / 1e6:.2f} MB")
    for role, value in done.difference.items():
        line = f"{role}: largest difference to PyTorch {value:.1e} of the range"
        if done.rounding is not None:
            line += f", {done.rounding[role]:.1e} with the rounding of the weights"
        typer.echo(line)
