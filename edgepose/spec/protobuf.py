# SPDX-License-Identifier: Apache-2.0
"""The little of protobuf's wire format that finding and writing an ONNX model's metadata needs.

Source: the public description of the encoding and onnx.proto (ModelProto.metadata_props = 14,
StringStringEntryProto key = 1, value = 2). Nothing is trusted: every length is checked against the
file and the number of fields is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from edgepose.errors import ModelError

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
FIXED_BYTES = {FIXED64: 8, FIXED32: 4}
MAX_FIELDS = 100_000
MAX_FIELD_NUMBER = (1 << 29) - 1


class Field(NamedTuple):
    """Where one field of a message lies in the file: [start, end) with its tag, [body, end)."""

    number: int
    wire: int
    start: int
    body: int
    end: int


def walk(file: BinaryIO, start: int, end: int, max_fields: int = MAX_FIELDS) -> Iterator[Field]:
    """Goes over the fields of the message in [start, end) without reading their bodies.

    Raises:
        ModelError: The bytes are no such message, end too early, or have too many fields.
    """
    place = start
    for _ in range(max_fields + 1):
        if place == end:
            return
        tag, body = _varint(file, place, end)
        number, wire = tag >> 3, tag & 7
        if not 1 <= number <= MAX_FIELD_NUMBER:
            raise ModelError(f"not an ONNX model: field number {number} at byte {place}")
        if wire == VARINT:
            _, after = _varint(file, body, end)
        elif wire == LENGTH:
            length, body = _varint(file, body, end)
            after = body + length
        elif wire in FIXED_BYTES:
            after = body + FIXED_BYTES[wire]
        else:
            raise ModelError(f"not an ONNX model: wire type {wire} at byte {place}")
        if after > end:
            raise ModelError(
                f"truncated: field {number} at byte {place} must end by byte {end}; "
                f"it ends at byte {after}"
            )
        yield Field(number, wire, place, body, after)
        place = after
    raise ModelError(f"not an ONNX model: more than {max_fields} fields in one message")


def _varint(file: BinaryIO, place: int, end: int) -> tuple[int, int]:
    """The number at a place, and where it ends."""
    file.seek(place)
    chunk = file.read(min(10, end - place))
    value = 0
    for index, byte in enumerate(chunk):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, place + index + 1
    if len(chunk) == 10:
        raise ModelError(f"not an ONNX model: no number at byte {place}")
    raise ModelError(f"truncated: a number at byte {place} goes past byte {end}")


def encode(number: int, body: bytes) -> bytes:
    """A length-delimited field."""
    return _encode_varint(number << 3 | LENGTH) + _encode_varint(len(body)) + body


def _encode_varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
