# SPDX-License-Identifier: Apache-2.0
"""Reads and replaces one entry of an ONNX file's metadata without the onnx package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from edgepose.errors import ModelError
from edgepose.spec.protobuf import LENGTH, Field, encode, walk

GRAPH, METADATA = 7, 14
KEY, VALUE = 1, 2
CHUNK = 1 << 20
# An entry has a key and a value, and models have a few dozen entries; bounds the work on hostile
# files to about a second.
MAX_ENTRIES = 10_000
MAX_ENTRY_FIELDS = 16


def read_entry(path: Path, key: str, max_bytes: int) -> bytes | None:
    """The value of a metadata entry.

    Args:
        path: ONNX file.
        key: Name of the entry.
        max_bytes: Longest value that is read.

    Returns:
        The value, None if the model has no such entry.

    Raises:
        ModelError: The file is absent, not an ONNX model, truncated, has the entry twice, or the
            value is longer than `max_bytes`.
    """
    with _model(path) as file:
        entries = [field for field in _fields(file) if _is_entry(file, field, key)]
        if not entries:
            return None
        if len(entries) > 1:
            raise ModelError(f"the metadata has {key!r} {len(entries)} times")
        value = _last(file, entries[0], VALUE)
        if value is None:
            return b""
        if value.end - value.body > max_bytes:
            length = value.end - value.body
            raise ModelError(f"metadata {key!r} must be at most {max_bytes} bytes; got {length}")
        return _read(file, value)


def write_entry(path_in: Path, key: str, value: bytes, path_out: Path) -> None:
    """Copies a model and sets a metadata entry; other entries and the network stay as they are.

    The new file appears whole or not at all; `path_out` may be `path_in`.

    Raises:
        ModelError: The input is absent, not an ONNX model or truncated, or the output cannot be
            written.
    """
    entry = encode(METADATA, encode(KEY, key.encode()) + encode(VALUE, value))
    with _model(path_in) as file:
        kept = [field for field in _fields(file) if not _is_entry(file, field, key)]
        try:
            handle, temporary = tempfile.mkstemp(dir=path_out.parent, prefix=".edgepose-")
        except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
            raise ModelError(f"cannot write {path_out}: {_reason(error)}") from error
        try:
            with os.fdopen(handle, "wb") as out:
                for field in kept:
                    _copy(file, out, field)
                out.write(entry)
                out.flush()
                os.fsync(out.fileno())  # the content is safe before the name points to it
            Path(temporary).chmod(path_in.stat().st_mode & 0o777)
            Path(temporary).replace(path_out)
        except (OSError, ValueError) as error:
            raise ModelError(f"cannot write {path_out}: {_reason(error)}") from error
        finally:
            Path(temporary).unlink(missing_ok=True)


@contextmanager
def _model(path: Path) -> Iterator[BinaryIO]:
    """The open file; errors get its name."""
    try:
        if not path.is_file():
            raise ModelError("no such file" if not path.exists() else "not a regular file")
        with path.open("rb") as file:
            yield file
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise ModelError(f"{path}: cannot read: {error}") from error


def _fields(file: BinaryIO) -> list[Field]:
    """Top-level fields of the model."""
    end = file.seek(0, os.SEEK_END)
    fields = list(walk(file, 0, end))
    if not any(field.number == GRAPH and field.wire == LENGTH for field in fields):
        raise ModelError("not an ONNX model: it has no graph")
    entries = sum(field.number == METADATA for field in fields)
    if entries > MAX_ENTRIES:
        raise ModelError(f"the metadata must have at most {MAX_ENTRIES} entries; got {entries}")
    return fields


def _is_entry(file: BinaryIO, field: Field, key: str) -> bool:
    if field.number != METADATA or field.wire != LENGTH:
        return False
    found, wanted = _last(file, field, KEY), key.encode()
    if found is None or found.end - found.body != len(wanted):
        return False
    return _read(file, found) == wanted


def _last(file: BinaryIO, message: Field, number: int) -> Field | None:
    """The last field with this number, the one that counts."""
    found = None
    for field in walk(file, message.body, message.end, MAX_ENTRY_FIELDS):
        if field.number == number and field.wire == LENGTH:
            found = field
    return found


def _read(file: BinaryIO, field: Field) -> bytes:
    file.seek(field.body)
    return file.read(field.end - field.body)


def _reason(error: Exception) -> str:
    """What went wrong, without the name of a temporary file."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _copy(file: BinaryIO, out: BinaryIO, field: Field) -> None:
    file.seek(field.start)
    left = field.end - field.start
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise ModelError("truncated while it was being read")
        out.write(chunk)
        left -= len(chunk)
