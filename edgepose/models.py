# SPDX-License-Identifier: Apache-2.0
"""The models inside the package: weights/models.json lists them, nothing is ever downloaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from os import PathLike, fspath
from pathlib import Path

from edgepose.errors import InputError, ModelError

WEIGHTS = Path(__file__).with_name("weights")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the package.

    Attributes:
        name: What `edgepose.Pose` takes.
        task: "top_down" or "detector", as in its contract.
        role: What it is for, in a few words.
        path: The model file.
        card: Its model card, Markdown.
    """

    name: str
    task: str
    role: str
    path: Path
    card: Path


@cache
def list_models() -> tuple[ModelEntry, ...]:
    """The models of the package, the default pose model first.

    Example:
        >>> [model.name for model in list_models()]
        ['hrnet-s', 'hrnet-s-int8', 'det-n', 'det-n-int8']
    """
    document = json.loads((WEIGHTS / "models.json").read_text(encoding="utf-8"))
    return tuple(
        ModelEntry(
            row["name"], row["task"], row["role"], WEIGHTS / row["file"], WEIGHTS / row["card"]
        )
        for row in document["models"]
    )


def resolve(model: str | PathLike[str]) -> Path:
    """The file of a model.

    A string without a folder and a suffix is a name of the package's; anything else is a path.

    Args:
        model: Name or path.

    Raises:
        InputError: A name that the package does not have, or neither a name nor a path.
        ModelError: The file does not exist.

    Example:
        >>> resolve("det-n").name
        'det-n.onnx'
    """
    text = _text(model)
    for entry in list_models():
        if text == entry.name and isinstance(model, str):
            if not entry.path.is_file():
                raise ModelError(
                    f"{entry.path}: the package was installed without the weights of {text!r}"
                )
            return entry.path
    path = Path(text)
    if _is_file(path):
        return path
    if isinstance(model, str) and path.name == text and not path.suffix:
        names = ", ".join(entry.name for entry in list_models())
        raise InputError(f"model must be a file or one of {names}; got {text!r}")
    raise ModelError(f"{path}: no such model file")


def _text(model: str | PathLike[str]) -> str:
    text = fspath(model) if isinstance(model, (str, PathLike)) else None
    if not isinstance(text, str) or not text:
        raise InputError(f"model must be a name or a path; got {model!r}")
    return text


def _is_file(path: Path) -> bool:
    """Whether a regular file is there; a name that cannot be looked up is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
