# SPDX-License-Identifier: Apache-2.0
"""An entry of an OpenVINO IR file's rt_info, read without OpenVINO."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgepose.errors import ModelError
from edgepose.spec.ir_metadata import read_ir_entry

KEY = "edgepose.spec"


def ir(tmp_path: Path, info: str, *, before: str = "") -> Path:
    file = tmp_path / "model.xml"
    layers = '<layers><layer id="0"><rt_info><edgepose.spec value="a layer"/></rt_info></layer>'
    file.write_text(
        f'<?xml version="1.0"?>{before}<net name="m" version="11">{layers}</layers>'
        f"<rt_info>{info}</rt_info></net>",
        encoding="utf-8",
    )
    return file


OWN = '<edgepose.spec value="{&quot;a&quot;: 1}"/>'
INFO = '<info name="edgepose.spec" value="{&quot;a&quot;: 1}"/>'
FROM_ONNX = '<framework><edgepose.spec value="from onnx"/></framework>'


@pytest.mark.parametrize(
    ("info", "value"),
    [
        ("", None),
        ('<edgepose><spec value="else"/></edgepose>', None),
        (OWN, b'{"a": 1}'),
        (INFO, b'{"a": 1}'),
        (FROM_ONNX, b"from onnx"),
        (FROM_ONNX + OWN, b'{"a": 1}'),
        ("<edgepose.spec/>", b""),
        ('<edgepose.spec value="größe"/>', "größe".encode()),
    ],
    ids=["none", "other", "own", "info", "onnx", "own_first", "empty", "unicode"],
)
def test_reads(tmp_path: Path, info: str, value: bytes | None) -> None:
    file = ir(tmp_path, info)
    before = file.read_bytes()
    assert read_ir_entry(file, KEY, 100) == value
    assert file.read_bytes() == before


BOMB = '<!DOCTYPE net [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("info", "before", "message"),
    [
        (OWN + OWN, "", "the rt_info has 'edgepose.spec' twice"),
        ('<edgepose.spec value="' + 101 * "x" + '"/>', "", "must be at most 100 bytes; got 101"),
        (OWN, BOMB, "an IR model declares no entities"),
        ("<edgepose.spec", "", "not an OpenVINO IR model"),
    ],
    ids=["twice", "long", "entities", "malformed"],
)
def test_refuses(tmp_path: Path, info: str, before: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read_ir_entry(ir(tmp_path, info, before=before), KEY, 100)


@pytest.mark.parametrize("content", [b"", b"\x08\x07", b"<svg/>"], ids=["empty", "onnx", "svg"])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.xml"
    file.write_bytes(content)
    with pytest.raises(ModelError, match="not an OpenVINO IR model"):
        read_ir_entry(file, KEY, 100)


def test_absent(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        read_ir_entry(tmp_path / "none.xml", KEY, 100)
