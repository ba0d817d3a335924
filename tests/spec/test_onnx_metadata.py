# SPDX-License-Identifier: Apache-2.0
"""Metadata entries of hostile, huge and ordinary ONNX files."""

from __future__ import annotations

import stat
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest

from edgepose.errors import ModelError
from edgepose.spec.onnx_metadata import MAX_ENTRIES, read_entry, write_entry
from edgepose.spec.protobuf import encode

GRAPH = encode(7, b"")
KEY = "edgepose.spec"
LIMIT = 1 << 20
MIB = 1 << 20


def _entry(key: bytes = KEY.encode(), value: bytes = b"{}") -> bytes:
    return encode(14, encode(1, key) + encode(2, value))


def _length(count: int) -> bytes:
    """The varint of a length."""
    shifts = range(0, max(count.bit_length(), 1), 7)
    return bytes(count >> n & 0x7F | (0x80 if count >> n + 7 else 0) for n in shifts)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "not an ONNX model: it has no graph", id="empty file"),
        pytest.param(_entry(), "not an ONNX model: it has no graph", id="no graph"),
        pytest.param(b"\x38\x01", "not an ONNX model: it has no graph", id="graph is a number"),
        pytest.param(b"<?xml version", "not an ONNX model: wire type 4 at byte 0", id="xml"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "not an ONNX model: ", id="png"),
        pytest.param(b"PK\x03\x04" + b"\0" * 99, "not an ONNX model: ", id="checkpoint"),
        pytest.param(b"\xff" * 64, "not an ONNX model: no number at byte 0", id="ones"),
        pytest.param(GRAPH + b"\x72\xff", "truncated: a number at byte 3", id="cut length"),
        pytest.param(GRAPH + b"\x72\x7fabc", "truncated: field 14 at byte 2", id="beyond the file"),
        pytest.param(
            GRAPH + b"\x72" + _length(100_000_000), "truncated: field 14", id="100 MB claim"
        ),
        pytest.param(
            GRAPH + encode(14, b"\x0a\x7fabc"), "truncated: field 1 at byte 4", id="key past entry"
        ),
        pytest.param(
            GRAPH + encode(14, encode(1, KEY.encode()) + b"\x12\x7f") + b"\x0a" + b"\x7f" * 128,
            "truncated: field 2 at byte 19",
            id="value past entry",
        ),
        pytest.param(GRAPH + _entry() * 2, "the metadata has 'edgepose.spec' 2 times", id="twice"),
        pytest.param(
            GRAPH + encode(14, b"\x08\x00" * 17),
            "not an ONNX model: more than 16 fields",
            id="fields",
        ),
        pytest.param(
            GRAPH + b"\x72\x00" * (MAX_ENTRIES + 1),
            "the metadata must have at most 10000 entries; got 10001",
            id="entries",
        ),
        pytest.param(
            GRAPH + b"\x08\x00" * 100_000,
            "not an ONNX model: more than 100000 fields",
            id="top fields",
        ),
        pytest.param(
            GRAPH + _entry(value=b" " * (LIMIT + 1)),
            "metadata 'edgepose.spec' must be at most 1048576 bytes; got 1048577",
            id="long value",
        ),
    ],
)
def test_refuses_hostile_files(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_entry(path, KEY, LIMIT)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert len(str(caught.value)) < len(str(path)) + 160
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "value"),
    [
        pytest.param(GRAPH, None, id="no metadata"),
        pytest.param(GRAPH + _entry(), b"{}", id="plain"),
        pytest.param(_entry() + GRAPH, b"{}", id="before the graph"),
        pytest.param(GRAPH + _entry(b"author"), None, id="another key"),
        pytest.param(GRAPH + _entry(b"edgepose.speC"), None, id="another case"),
        pytest.param(GRAPH + _entry(b"k" * 5 * MIB), None, id="huge key"),
        pytest.param(GRAPH + _entry(b"x", b" " * 5 * MIB) + _entry(), b"{}", id="huge neighbour"),
        pytest.param(GRAPH + _entry(b"\xff\xfe") + _entry(), b"{}", id="key is not UTF-8"),
        pytest.param(GRAPH + _entry(value=b"\xff"), b"\xff", id="value is not UTF-8"),
        pytest.param(GRAPH + encode(14, encode(1, KEY.encode())), b"", id="no value"),
        pytest.param(GRAPH + encode(14, encode(2, b"{}")), None, id="no key"),
        pytest.param(GRAPH + b"\x72\x00", None, id="empty entry"),
        pytest.param(
            GRAPH + encode(14, encode(2, b"a") + encode(1, KEY.encode()) + encode(2, b"b")),
            b"b",
            id="the last value counts",
        ),
        pytest.param(
            GRAPH + encode(14, encode(1, KEY.encode()) + b"\x10\x05"), b"", id="value is a number"
        ),
        pytest.param(GRAPH + b"\x70\x05" + _entry(), b"{}", id="metadata is a number"),
        pytest.param(GRAPH + b"\x72\x00" * MAX_ENTRIES, None, id="most entries"),
        pytest.param(GRAPH + encode(14, b"\x08\x00" * 16) * MAX_ENTRIES, None, id="most work"),
    ],
)
def test_reads_odd_files(content: bytes, value: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    assert read_entry(path, KEY, LIMIT) == value


def test_every_cut_of_a_model_is_told(onnx_model: Callable[..., Any], tmp_path: Path) -> None:
    whole = onnx_model(**{KEY: "{}"}).SerializeToString()
    path = tmp_path / "m.onnx"
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        try:
            found = read_entry(path, KEY, LIMIT)
        except ModelError:
            continue
        assert found in (None, b"{}")  # the cut fell between two fields


@pytest.mark.parametrize("kind", ["absent", "folder", "zero byte", "long name", "under a file"])
def test_refuses_what_is_no_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(GRAPH)
    paths = {
        "absent": tmp_path / "absent.onnx",
        "folder": tmp_path,
        "zero byte": tmp_path / "a\0b",
        "long name": tmp_path / ("a" * 5000),
        "under a file": tmp_path / "file" / "m.onnx",
    }
    with pytest.raises(ModelError, match=r"no such file|not a regular file|cannot read"):
        read_entry(paths[kind], KEY, LIMIT)
    with pytest.raises(ModelError):
        write_entry(paths[kind], KEY, b"", tmp_path / "out.onnx")
    if kind == "absent":
        paths[kind] /= "in a folder that is not there"
    with pytest.raises(ModelError, match="cannot write"):
        write_entry(tmp_path / "file", KEY, b"", paths[kind])
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file"]


def _sparse(path: Path, graph_bytes: int, tail: bytes) -> None:
    """A model whose graph is a hole in the file."""
    with path.open("wb") as file:
        file.write(b"\x3a" + _length(graph_bytes))
        file.truncate(file.tell() + graph_bytes)
        file.seek(0, 2)
        file.write(tail)


def test_reads_a_model_of_four_gigabytes_without_loading_it(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    _sparse(path, 4 << 30, _entry(value=b"here"))
    tracemalloc.start()
    try:
        assert read_entry(path, KEY, LIMIT) == b"here"
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_a_value_of_100_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    size = 100_000_000
    value = b"\x12" + _length(size)
    key = encode(1, KEY.encode())
    with path.open("wb") as file:
        file.write(GRAPH + b"\x72" + _length(len(key) + len(value) + size) + key + value)
        file.truncate(file.tell() + size)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=r"must be at most 1048576 bytes; got 100000000$"):
            read_entry(path, KEY, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_writes_a_large_model_in_pieces(tmp_path: Path) -> None:
    path, out = tmp_path / "m.onnx", tmp_path / "out.onnx"
    _sparse(path, 32 * MIB, b"")
    tracemalloc.start()
    try:
        write_entry(path, KEY, b"{}", out)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()
    assert out.stat().st_size == path.stat().st_size + len(_entry())
    assert read_entry(out, KEY, LIMIT) == b"{}"


def test_replaces_every_entry_of_the_key_and_nothing_else(tmp_path: Path) -> None:
    path, out = tmp_path / "m.onnx", tmp_path / "out.onnx"
    unknown = encode(99, b"from a later version") + b"\x08\x07"
    content = _entry(b"a", b"1") + _entry() + GRAPH + _entry() + unknown + _entry(b"\xff")
    path.write_bytes(content)
    write_entry(path, KEY, b"new", out)
    kept = _entry(b"a", b"1") + GRAPH + unknown + _entry(b"\xff")
    assert out.read_bytes() == kept + _entry(value=b"new")
    assert path.read_bytes() == content


def test_a_second_write_changes_nothing(onnx_file: Path) -> None:
    write_entry(onnx_file, KEY, b"{}", onnx_file)
    once = onnx_file.read_bytes()
    write_entry(onnx_file, KEY, b"{}", onnx_file)
    assert onnx_file.read_bytes() == once
    onnx.checker.check_model(onnx.load(onnx_file))


def test_keeps_the_mode_and_leaves_no_temporary_file(onnx_file: Path) -> None:
    onnx_file.chmod(0o640)
    out = onnx_file.with_name("o" * 250 + ".onn")  # no room for a longer temporary name
    write_entry(onnx_file, KEY, b"{}", out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert sorted(onnx_file.parent.iterdir()) == sorted([onnx_file, out])


def test_a_failed_write_leaves_the_old_file(
    onnx_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = onnx_file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ModelError, match=r"cannot write .*model\.onnx: No space left on device$"):
        write_entry(onnx_file, KEY, b"{}", onnx_file)
    assert onnx_file.read_bytes() == before
    assert list(onnx_file.parent.iterdir()) == [onnx_file]


def test_a_model_that_shrinks_while_it_is_copied_is_told(
    onnx_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = tempfile.mkstemp

    def shrink(**options: Any) -> Any:
        onnx_file.write_bytes(b"")
        return create(**options)

    monkeypatch.setattr("tempfile.mkstemp", shrink)
    with pytest.raises(ModelError, match=r"truncated while it was being read$"):
        write_entry(onnx_file, KEY, b"{}", onnx_file.with_name("out.onnx"))
    assert list(onnx_file.parent.iterdir()) == [onnx_file]
