# SPDX-License-Identifier: Apache-2.0
"""`edgepose inspect`: a model, its contract, and whether they agree."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from edgepose.backends import Session, open_session
from edgepose.cli.errors import FAILED, complain
from edgepose.cli.runtime import DEFAULT, BackendOption, DeviceOption, StrictOption
from edgepose.cli.tables import size_text
from edgepose.errors import SpecError
from edgepose.models import resolve
from edgepose.spec import Spec, read_spec, validate_model

WIDTH = 96
LABEL = 13


def inspect(
    model: Annotated[str, typer.Argument(help="Name or file.", metavar="MODEL")],
    spec: Annotated[
        Path | None, typer.Option(help="Contract, instead of the model's own.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    backend: BackendOption = DEFAULT,
    device: DeviceOption = None,
    strict: StrictOption = False,
) -> None:
    """Show a model's contract and whether it fits the model.

    The exit code is 1 if there is no contract or it does not fit.
    """
    path = resolve(model)
    opened = open_session(path, threads=1, backend=backend, device=device, strict=strict)
    with closing(opened) as session:
        try:
            contract = read_spec(path, spec)
        except SpecError:
            if not as_json:  # whoever writes the contract needs these
                typer.echo("\n".join([_line("file", _file(path)), *_tensor_lines(session)]))
            raise
        problem = _problem(contract, session)
        if as_json:
            typer.echo(json.dumps(_document(path, contract, session, problem), indent=2))
        else:
            typer.echo("\n".join(_page(path, contract, session)))
    if problem is not None:
        complain(f"the contract does not fit the model: {problem}")
        raise typer.Exit(FAILED)
    if not as_json:
        typer.echo("The contract fits the model.")


def _problem(contract: Spec, session: Session) -> str | None:
    try:
        validate_model(contract, session.inputs, session.outputs)
    except SpecError as error:
        return str(error)
    return None


def _document(path: Path, contract: Spec, session: Session, problem: str | None) -> dict[str, Any]:
    def plain(tensors: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": tensor.name,
                "shape": None if tensor.shape is None else list(tensor.shape),
                "dtype": tensor.dtype,
            }
            for tensor in tensors
        ]

    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "spec": contract.to_dict(),
        "inputs": plain(session.inputs),
        "outputs": plain(session.outputs),
        "backend": session.report().backend,
        "providers": list(session.providers),
        "fits": problem is None,
        "problem": problem,
    }


def _page(path: Path, contract: Spec, session: Session) -> list[str]:
    lines = [_line("file", _file(path))]
    for field, value in contract.to_dict().items():
        if field == "keypoints":
            names = ", ".join(value["names"])
            rest = {key: item for key, item in value.items() if key != "names"}
            lines.append(_line("keypoints", f"{len(value['names'])}: {names}"))
            lines += [_line(f"  {key}", _value(item) or "none") for key, item in rest.items()]
        elif field != "edgepose_spec":
            lines.append(_line(field, _value(value)))
    return [*lines, *_tensor_lines(session)]


def _tensor_lines(session: Session) -> list[str]:
    lines = ["", "The model itself has"]
    for label, tensors in (("input", session.inputs), ("output", session.outputs)):
        for tensor in tensors:
            shape = "?" if tensor.shape is None else _shape(tensor.shape)
            lines.append(_line(label, f"{tensor.name!r} {tensor.dtype} {shape}"))
    return [*lines, ""]


def _shape(shape: Sequence[int | None]) -> str:
    return f"[{', '.join('N' if axis is None else str(axis) for axis in shape)}]"


def _file(path: Path) -> str:
    return f"{typer.format_filename(path)} ({size_text(path.stat().st_size)})"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, list):
        is_pairs = bool(value) and isinstance(value[0], list)
        return " ".join("-".join(map(str, v)) if is_pairs else str(v) for v in value)
    return str(value)


def _line(label: str, text: str) -> str:
    indent = " " * LABEL
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=label.ljust(LABEL - 1) + " ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
