# SPDX-License-Identifier: Apache-2.0
"""`edgepose export`: trained weights to a model with its contract, ONNX models to OpenVINO IR."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from edgepose.errors import InputError, MissingDependencyError
from edgepose.models import list_models, resolve
from edgepose.spec import Spec, read_spec_file


def export(
    model: Annotated[
        str,
        typer.Argument(
            help="Weights that training wrote, or an ONNX model with a contract: name or file.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            help="NAME.onnx, or NAME.xml for OpenVINO IR.", metavar="FILE", show_default=False
        ),
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="What is written; by the suffix of --output if not given.",
            metavar="onnx|openvino",
            show_default=False,
        ),
    ] = "",
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
        typer.Option(
            help="Type the weights are kept in. float32 if not given, or those of the ONNX model.",
            metavar="float32|float16",
            show_default=False,
        ),
    ] = "",
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
        float | None,
        typer.Option(
            help="Least score of a box; detectors only.  [default: 0.3]", show_default=False
        ),
    ] = None,
    nms_iou: Annotated[
        float | None,
        typer.Option(
            help="Overlap above which the lower box goes; detectors only.  [default: 0.6]",
            show_default=False,
        ),
    ] = None,
    spec: Annotated[
        Path | None,
        typer.Option(help="Contract of an ONNX model, instead of its own.", metavar="FILE"),
    ] = None,
) -> None:
    """Turn trained weights into a model with its contract, or ONNX into OpenVINO IR.

    Weights of training need the extra train and are checked against PyTorch. OpenVINO IR needs the
    extra openvino and is checked against ONNX Runtime: on noise and on smooth pictures, both must
    give the same. Nothing is written otherwise.
    """
    as_ir = _is_ir(format_, output)
    if _is_onnx(model):
        given = {"subpixel": subpixel, "name": name, "trained-on": trained_on}
        more = {"license": license_, "score-threshold": score_threshold, "nms-iou": nms_iou}
        for option, value in (given | more).items():
            if value not in (None, "", []):
                raise InputError(f"--{option} belongs to trained weights; {model} is an ONNX model")
        if not as_ir:
            raise InputError(f"{model} is an ONNX model already; --format openvino converts it")
        _convert(resolve(model), output, spec, weights)
        return
    if spec is not None:
        raise InputError("--spec belongs to ONNX models; trained weights have their own contract")
    try:
        from edgepose.train.contract import ExportOptions
        from edgepose.train.export import export as run  # late: PyTorch may be missing
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"edgepose export needs {error.name}; pip install 'edgepose[train]'"
        ) from error
    boxes: dict[str, Any] = {"score_threshold": score_threshold, "nms_iou": nms_iou}
    options = ExportOptions(
        subpixel=subpixel,
        weights=weights or "float32",
        name=name,
        data=tuple(trained_on or ()),
        license=license_,
        **{option: value for option, value in boxes.items() if value is not None},
    )
    done = run(Path(model), output, options)
    _say(done.path, done.spec, done.bytes)
    for role, value in done.difference.items():
        line = f"{role}: largest difference to PyTorch {value:.1e} of the range"
        if done.rounding is not None:
            line += f", {done.rounding[role]:.1e} with the rounding of the weights"
        if done.runtime is not None:
            line += f"; of OpenVINO to ONNX Runtime {done.runtime[role]:.1e}"
        typer.echo(line)


def _is_ir(format_: str, output: Path) -> bool:
    """Whether an OpenVINO IR is wanted, by the option or else by the file's suffix."""
    is_xml = output.suffix.lower() == ".xml"
    if format_ not in ("", "onnx", "openvino"):
        raise InputError(f"--format must be onnx or openvino; got {format_!r}")
    if format_ and (format_ == "openvino") != is_xml:
        wanted = "NAME.xml, beside which NAME.bin comes" if format_ == "openvino" else "NAME.onnx"
        raise InputError(f"--format {format_} writes {wanted}; got --output {output}")
    return is_xml


def _is_onnx(model: str) -> bool:
    names = [entry.name for entry in list_models()]
    return model in names or Path(model).suffix.lower() == ".onnx"


def _convert(model: Path, output: Path, spec: Path | None, weights: str) -> None:
    from edgepose.convert.openvino import to_ir  # late: the runtimes take long to import

    contract = None if spec is None else read_spec_file(spec)
    done = to_ir(model, output, contract, weights)
    _say(done.path, done.spec, done.bytes)
    for role, value in done.difference.items():
        line = f"{role}: largest difference of OpenVINO to ONNX Runtime {value:.1e} of the range"
        if done.own_difference is not None:
            line += f", to the ONNX file in OpenVINO {done.own_difference[role]:.1e}"
        if done.rounding is not None:
            line += f", {done.rounding[role]:.1e} with the rounding of the weights"
        typer.echo(line)
    if done.own_difference is not None:
        typer.echo("runtimes round integers differently; edgepose verify tells what it moves")


def _say(path: Path, spec: Spec, size: int) -> None:
    wh = f"{spec.input.width}x{spec.input.height}"
    typer.echo(f"{path}: {spec.name}, {wh}, {size / 1e6:.2f} MB")
