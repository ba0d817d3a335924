# SPDX-License-Identifier: Apache-2.0
"""`edgepose quantize`: makes an INT8 model that is proven to be as accurate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from edgepose.cli.tables import show, size_text, table
from edgepose.errors import InputError, MissingDependencyError
from edgepose.io.targets import check_target, writing

REPORTS = (".html", ".json")


def quantize(
    model: Annotated[
        str, typer.Argument(help="Float model: name or file.", metavar="MODEL", show_default=False)
    ],
    calibration: Annotated[
        Path,
        typer.Option(
            help="Pictures to see the ranges on: a folder, or COCO annotations; not those of "
            "--validate.",
            metavar="DIR|JSON",
            show_default=False,
        ),
    ],
    images: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the annotations' pictures; theirs if not given.", metavar="DIR"
        ),
    ] = None,
    validate: Annotated[
        Path | None,
        typer.Option(
            help="COCO annotations to measure AP on; without, agreement with the float model.",
            metavar="JSON",
        ),
    ] = None,
    validate_images: Annotated[
        Path | None,
        typer.Option(help="Folder of their pictures; --images if not given.", metavar="DIR"),
    ] = None,
    max_drop: Annotated[
        float, typer.Option(help="Points of accuracy that may be lost.", metavar="POINTS")
    ] = 0.5,
    method: Annotated[
        str,
        typer.Option(
            help="How the ranges are chosen; auto compares. OpenVINO has mean, but no entropy.",
            metavar="auto|minmax|percentile|entropy|mse|mean",
        ),
    ] = "auto",
    per_channel: Annotated[
        bool, typer.Option(help="Give each output channel a scale of its own.")
    ] = True,
    activations: Annotated[
        str,
        typer.Option(
            help="Codes of activations; auto suits this processor, symmetric suits TensorRT.",
            metavar="auto|uint8|int8|symmetric",
        ),
    ] = "auto",
    weight_bits: Annotated[
        int | None,
        typer.Option(help="Bits of the weights; 7 for x86 without VNNI.", metavar="7|8"),
    ] = None,
    crops: Annotated[int, typer.Option(help="Most calibration crops.", metavar="COUNT")] = 128,
    backend: Annotated[
        str,
        typer.Option(
            help="Runtime to quantize for, which judges and times too; openvino writes an IR.",
            metavar="onnxruntime|openvino",
        ),
    ] = "onnxruntime",
    spec: Annotated[
        Path | None, typer.Option(help="Contract of a model that has none.", metavar="FILE")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The INT8 model; MODEL-int8.onnx here if not given.", metavar="FILE"),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(help="Write a report, a page or JSON; may be repeated.", metavar="HTML|JSON"),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder that keeps the crops for next time.", metavar="DIR")
    ] = None,
) -> None:
    """Make an INT8 model that is proven to be as accurate; write nothing if it is not."""
    suffix = ".xml" if backend == "openvino" else ".onnx"
    target = output or Path(f"{Path(model).stem}-int8{suffix}")
    for path in (target, *(report or ())):
        check_target(path)
    for path in report or ():
        if path.suffix not in REPORTS:
            raise InputError(f"--report must end in {' or '.join(REPORTS)}; got {path}")
    try:
        from edgepose.quantize import Options, quantize_model
        from edgepose.quantize.page import html_page
        from edgepose.quantize.report import json_report
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose quantize needs {error.name}; pip install 'edgepose[quantize]'"
        ) from error
    options = Options(
        backend=backend,
        method=method,
        activations=cast("Any", activations),  # checked by Options
        weight_bits=weight_bits,
        per_channel=per_channel,
        max_drop=max_drop,
        crops=crops,
    )
    done = quantize_model(
        model,
        calibration,
        target,
        options,
        spec=spec,
        images=images,
        validate=validate,
        validate_images=validate_images,
        cache=cache,
        say=lambda line: typer.echo(line, err=True),
    )
    for path in report or ():
        text = html_page(done) if path.suffix == ".html" else json_report(done)
        with writing(path):
            path.write_text(text, encoding="utf-8")
    _show(done)


def _show(done: Any) -> None:
    """The numbers, and whether it pays."""
    from edgepose.quantize.report import verdict

    float_score, score = done.float_score.value, done.score.value
    rows = [
        [done.judge.metric, f"{float_score:.2f}", f"{score:.2f}", f"{score - float_score:+.2f}"],
        ["file", size_text(done.bytes_[0]), size_text(done.bytes_[2]),
         f"{100 * done.bytes_[2] / done.bytes_[1]:.1f} % of float32"],
    ]  # fmt: skip
    if done.latency:
        first, second = (each.percentiles() for each in done.latency)
        rows.append(["one thread, p50", f"{first['p50']:.2f} ms", f"{second['p50']:.2f} ms",
                     f"{done.speedup:.2f} x"])  # fmt: skip
    show(table(str(done.path), ("", "float>", f"{done.scheme.title}>", "change>"), rows))
    for layer in done.guarded.kept:
        typer.echo(f"in float: {layer.name} ({layer.operator}): {layer.reason}")
    typer.echo(verdict(done))
