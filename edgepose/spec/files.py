# SPDX-License-Identifier: Apache-2.0
"""Finds a model's contract, and puts one into a model."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from edgepose.errors import ModelError, SpecError
from edgepose.spec.contract import Spec
from edgepose.spec.ir_metadata import read_ir_entry
from edgepose.spec.onnx_metadata import read_entry, write_entry
from edgepose.spec.strict_json import MAX_BYTES

SPEC_KEY = "edgepose.spec"
SUFFIX = ".spec.json"
# Suffix of a model -> what reads an entry of its metadata.
READERS = {".onnx": read_entry, ".xml": read_ir_entry}


def beside(path: str | PathLike[str]) -> Path:
    """Where the contract of a model lies if the model does not carry it: `<stem>.spec.json`."""
    model = Path(path)
    return model.with_name(model.stem + SUFFIX)


def read_spec(path: str | PathLike[str], spec_path: str | PathLike[str] | None = None) -> Spec:
    """Reads the contract of a model.

    The first of these counts: `spec_path`; the entry `edgepose.spec` in an ONNX file's metadata or
    an OpenVINO IR's `rt_info` (that of the model, else that of the ONNX model it came from); the
    file `<stem>.spec.json` beside the model.

    Args:
        path: Model file.
        spec_path: Contract file to use instead of the model's own.

    Raises:
        SpecError: There is no contract, or it is not valid; the message names file and field.
        ModelError: The model is absent, truncated or not what its suffix says.

    Example:
        >>> read_spec("yolox_nano.onnx").codec.type  # doctest: +SKIP
        'yolox'
    """
    model = Path(path)
    if spec_path is not None:
        return read_spec_file(spec_path)
    if not _is_file(model):
        raise ModelError(f"{model}: no such model file")
    reader = READERS.get(model.suffix.lower())
    if reader is not None:
        embedded = reader(model, SPEC_KEY, MAX_BYTES)
        if embedded is not None:
            return _parse(f"{model} ({SPEC_KEY})", embedded)
    companion = beside(model)
    if _is_file(companion):
        return read_spec_file(companion)
    raise SpecError(
        f"{model}: the model carries no {SPEC_KEY} and there is no {companion.name} beside it; "
        f"write that file (its fields: edgepose.spec.schema()), pass it as spec, "
        f"or embed it with edgepose.spec.write_spec()"
    )


def read_spec_file(path: str | PathLike[str]) -> Spec:
    """Reads a contract from a JSON file of its own.

    Raises:
        SpecError: The file is absent, not JSON or not a valid contract.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise SpecError(f"{file}: no such contract file")
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, SpecError):
            raise
        raise SpecError(f"{file}: cannot read: {error}") from error
    return _parse(str(file), content)


def write_spec(path_in: str | PathLike[str], spec: Spec, path_out: str | PathLike[str]) -> None:
    """Copies an ONNX model and embeds a contract, in place of one that it may carry.

    The onnx package is not needed and the network is not loaded; its bytes stay as they are. The
    new file appears whole or not at all, and `path_out` may be `path_in`. Weights that lie in files
    of their own are not copied: keep them beside the new file.

    Raises:
        SpecError: The contract is longer than a reader takes.
        ModelError: The model is absent, not an ONNX model or truncated, or `path_out` cannot be
            written.
    """
    content = spec.to_json().encode()
    if len(content) > MAX_BYTES:
        raise SpecError(f"a contract must be at most {MAX_BYTES} bytes; got {len(content)}")
    write_entry(Path(path_in), SPEC_KEY, content, Path(path_out))


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a contract.

    It cannot say how fields depend on each other's values, such as indices below the number of
    keypoints, nor that whole numbers are written without a fraction and texts are valid Unicode
    without zero characters; `Spec.from_dict` checks those too.
    """
    text = Path(__file__).with_name("schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _is_file(path: Path) -> bool:
    """Whether a regular file is there; a name that cannot be looked up is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _parse(origin: str, content: bytes) -> Spec:
    try:
        return Spec.from_json(content)
    except SpecError as error:
        raise SpecError(f"{origin}: {error}") from error
