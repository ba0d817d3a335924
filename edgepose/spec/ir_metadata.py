# SPDX-License-Identifier: Apache-2.0
"""Reads one entry of the `rt_info` of an OpenVINO IR file without OpenVINO."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from edgepose.errors import ModelError

CHUNK = 1 << 20
# What OpenVINO keeps of an ONNX file's metadata lies one level deeper.
HOMES = (("net", "rt_info"), ("net", "rt_info", "framework"))


def read_ir_entry(path: Path, key: str, max_bytes: int) -> bytes | None:
    """The value of an entry: of the model itself, else of the ONNX model that it was made from.

    Args:
        path: The .xml file.
        key: Name of the entry.
        max_bytes: Longest value that is read.

    Returns:
        The value, None if the model has no such entry.

    Raises:
        ModelError: The file is absent, not an IR model, declares entities, has the entry twice in
            one place, or the value is longer than `max_bytes`.
    """
    reader = _Reader(key)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                reader.parser.Parse(chunk, False)
            reader.parser.Parse(b"", True)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot read: {error}") from error
    except expat.ExpatError as error:
        raise ModelError(f"{path}: not an OpenVINO IR model: {error}") from error
    except _BadFileError as error:
        raise ModelError(f"{path}: {error}") from error
    value = next((reader.found[home] for home in HOMES if home in reader.found), None)
    if value is None:
        return None
    content = value.encode()
    if len(content) > max_bytes:
        raise ModelError(
            f"{path}: rt_info {key!r} must be at most {max_bytes} bytes; got {len(content)}"
        )
    return content


class _BadFileError(Exception):
    """Well-formed XML that is no model, or that a parser should not follow."""


class _Reader:
    """Collects the entry where it may be; keeps nothing else."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._path: list[str] = []
        self.found: dict[tuple[str, ...], str] = {}
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "net":
            raise _BadFileError(f"not an OpenVINO IR model: its root is {name[:40]!r}")
        home = tuple(self._path) if len(self._path) in (2, 3) else ()
        if home in HOMES and (name == self._key or attributes.get("name") == self._key):
            if home in self.found:
                raise _BadFileError(f"the rt_info has {self._key!r} twice")
            self.found[home] = attributes.get("value", "")
        self._path.append(name)

    def _end(self, name: str) -> None:  # noqa: ARG002
        self._path.pop()

    def _entity(self, *_: object) -> None:
        raise _BadFileError("an IR model declares no entities")
