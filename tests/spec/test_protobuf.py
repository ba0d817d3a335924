# SPDX-License-Identifier: Apache-2.0
"""The wire format: every field found, every damage told."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import ModelError
from edgepose.spec.protobuf import FIXED32, FIXED64, LENGTH, VARINT, encode, walk


def _walk(content: bytes, **limits: int) -> list[tuple[int, int, bytes]]:
    file = io.BytesIO(content)
    return [
        (field.number, field.wire, content[field.body : field.end])
        for field in walk(file, 0, len(content), **limits)
    ]


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"\x08\x96\x01", [(1, VARINT, b"\x96\x01")], id="varint"),
        pytest.param(b"\x09" + b"12345678", [(1, FIXED64, b"12345678")], id="fixed64"),
        pytest.param(b"\x0d" + b"1234", [(1, FIXED32, b"1234")], id="fixed32"),
        pytest.param(b"\x12\x00", [(2, LENGTH, b"")], id="empty bytes"),
        pytest.param(b"\x72\x02ab\x08\x00", [(14, 2, b"ab"), (1, 0, b"\x00")], id="two"),
        pytest.param(b"\xf2\x00\x82\x80\x00ab", [(14, LENGTH, b"ab")], id="padded numbers"),
        pytest.param(b"\x08" + b"\xff" * 9 + b"\x01", [(1, 0, b"\xff" * 9 + b"\x01")], id="widest"),
    ],
)
def test_finds_fields(content: bytes, fields: list[Any]) -> None:
    assert _walk(content) == fields


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"\x08", "truncated: a number at byte 1 goes past byte 1", id="no value"),
        pytest.param(b"\x80", "truncated: a number at byte 0 goes past byte 1", id="cut tag"),
        pytest.param(b"\x12\x80\x80", "truncated: a number at byte 1 goes past", id="cut length"),
        pytest.param(b"\x12\x05abc", "truncated: field 2 at byte 0 must end by byte 5", id="short"),
        pytest.param(b"\x0d123", "truncated: field 1 at byte 0 must end by byte 4", id="fixed32"),
        pytest.param(b"\x091234567", "truncated: field 1 at byte 0 must end by", id="fixed64"),
        pytest.param(
            b"\x12" + b"\xff" * 9 + b"\x01", "truncated: field 2 at byte 0 must", id="2^64 bytes"
        ),
        pytest.param(
            b"\x08" + b"\xff" * 10, "not an ONNX model: no number at byte 1", id="endless"
        ),
        pytest.param(b"\x00\x00", "not an ONNX model: field number 0", id="field 0"),
        pytest.param(b"\xff" * 5 + b"\x01", "not an ONNX model: field number", id="far field"),
        pytest.param(b"\x0b", "not an ONNX model: wire type 3 at byte 0", id="group"),
        pytest.param(b"\x0f", "not an ONNX model: wire type 7 at byte 0", id="wire 7"),
    ],
)
def test_refuses_damage(content: bytes, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        _walk(content)
    assert str(caught.value).startswith(message)


def test_counts_fields() -> None:
    assert len(_walk(b"\x08\x00" * 3, max_fields=3)) == 3
    with pytest.raises(ModelError, match=r"^not an ONNX model: more than 3 fields in one message$"):
        _walk(b"\x08\x00" * 4, max_fields=3)


class Counted(io.BytesIO):
    """Knows how many bytes were asked for."""

    asked = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        self.asked += size
        return super().read(size)


def test_reads_no_bodies() -> None:
    content = encode(7, b"x" * 1_000_000) + encode(14, b"end")
    file = Counted(content)
    assert len(list(walk(file, 0, len(content)))) == 2
    assert file.asked <= 40


@settings(deadline=None)
@given(fields=st.lists(st.tuples(st.integers(1, (1 << 29) - 1), st.binary(max_size=300))))
def test_finds_what_was_encoded(fields: list[tuple[int, bytes]]) -> None:
    content = b"".join(encode(number, body) for number, body in fields)
    assert _walk(content) == [(number, LENGTH, body) for number, body in fields]
