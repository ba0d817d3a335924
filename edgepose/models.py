# SPDX-License-Identifier: Apache-2.0
"""The models by name: weights/models.json lists those of the package and those to be fetched.

A model that is not in the package is fetched by `edgepose models pull` (`edgepose.download`) and by
nothing else; here it is only looked for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from edgepose.errors import InputError, ModelError

WEIGHTS = Path(__file__).with_name("weights")


@dataclass(frozen=True, slots=True)
class Release:
    """A model's file outside the package.

    Attributes:
        url: Its address; {base} stands for the address of the releases.
        bytes: Its size.
        sha256: Of its content, 64 hexadecimal digits.
    """

    url: str
    bytes: int
    sha256: str

    def is_file(self, path: Path) -> bool:
        """Whether a file is there and is the released one, byte for byte."""
        try:
            if not path.is_file() or path.stat().st_size != self.bytes:
                return False
            return hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model with a name.

    Attributes:
        name: What `edgepose.Pose` takes.
        task: "top_down" or "detector", as in its contract.
        role: What it is for, in a few words.
        path: The model file: in the package, or where `edgepose models pull` puts it.
        card: Its model card, Markdown.
        release: Where its file comes from; None for a model of the package.
    """

    name: str
    task: str
    role: str
    path: Path
    card: Path
    release: Release | None = None


def list_models() -> tuple[ModelEntry, ...]:
    """Every model with a name, the default pose model first, those to be fetched last.

    Example:
        >>> [model.name for model in list_models()]
        ['hrnet-s', 'hrnet-s-int8', 'det-n', 'det-n-int8', 'hrnet-n']
    """
    return tuple(_entry(row) for row in _document()["models"])


def release_base() -> str:
    """The address of the releases; empty while there is none."""
    return str(_document()["base"])


def models_folder() -> Path:
    """Where fetched models lie: `edgepose/models` in the user's folder for data.

    That is `$XDG_DATA_HOME` or `~/.local/share` on Linux, `~/Library/Application Support` on macOS
    and `%LOCALAPPDATA%` on Windows. Nothing is made there before something is fetched.
    """
    from platformdirs import user_data_path  # late: only models outside the package need it

    return user_data_path("edgepose", appauthor=False) / "models"


def resolve(model: str | PathLike[str]) -> Path:
    """The file of a model.

    A string without a folder and a suffix is a name of `list_models`; anything else is a path. A
    fetched file is held against the hash of its release.

    Args:
        model: Name or path.

    Raises:
        InputError: An unknown name, or neither a name nor a path.
        ModelError: The file does not exist, or a fetched one is not the released one.

    Example:
        >>> resolve("det-n").name
        'det-n.onnx'
    """
    text = _text(model)
    for entry in list_models():
        if text == entry.name and isinstance(model, str):
            return _there(entry)
    path = Path(text)
    if _is_file(path):
        return path
    if isinstance(model, str) and path.name == text and not path.suffix:
        names = ", ".join(entry.name for entry in list_models())
        raise InputError(f"model must be a file or one of {names}; got {text!r}")
    raise ModelError(f"{path}: no such model file")


def _there(entry: ModelEntry) -> Path:
    """The file of an entry, which must be there and be the right one."""
    release, command = entry.release, f"edgepose models pull {entry.name}"
    if not _is_file(entry.path):
        if release is None:
            raise ModelError(
                f"{entry.path}: the package was installed without the weights of {entry.name!r}"
            )
        raise ModelError(
            f"{entry.name!r} is not in the package and not fetched yet; this command fetches "
            f"{release.bytes / 1e6:.1f} MB: {command}"
        )
    if release is not None and not release.is_file(entry.path):
        raise ModelError(
            f"{entry.path}: damaged, or of another version than this package's {entry.name!r}; "
            f"this command fetches it anew: {command} --replace"
        )
    return entry.path


def _entry(row: dict[str, Any]) -> ModelEntry:
    given = row.get("release")
    release = None if given is None else Release(given["url"], given["bytes"], given["sha256"])
    folder = WEIGHTS if release is None else models_folder()
    card = WEIGHTS / row["card"]
    return ModelEntry(row["name"], row["task"], row["role"], folder / row["file"], card, release)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((WEIGHTS / "models.json").read_text(encoding="utf-8"))
    return document


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
