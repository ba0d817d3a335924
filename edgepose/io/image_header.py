# SPDX-License-Identifier: Apache-2.0
"""Size of an encoded picture before it is decoded, and whether its file is all there.

OpenCV's older releases fill the missing part of a truncated file with grey and say nothing, and a
small file can claim a picture that fills the memory, so both are looked at first.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from edgepose.errors import ImageError

PNG = b"\x89PNG\r\n\x1a\n"
# In a JPEG scan FF is followed by 00, a restart D0..D7 or another FF unless a segment begins.
SEGMENT = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
EOI, SOS = 0xD9, 0xDA
ALONE = frozenset((0x01, 0xD8, *range(0xD0, 0xD8)))  # markers without a length
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TIFF_SIDES = {256: 0, 257: 1}  # tag -> width or height


def picture_wh(data: bytes) -> tuple[int, int]:
    """Width and height that an encoded picture declares, px, before any orientation.

    Args:
        data: A whole JPEG, PNG, WebP, BMP or TIFF file.

    Raises:
        ImageError: Another format, a broken header, or a JPEG or PNG that ends too early.
    """
    for matches, read in FORMATS:
        if matches(data):
            try:
                return read(data)
            except (struct.error, IndexError) as error:
                raise ImageError("the picture is truncated") from error
    raise ImageError("not a JPEG, PNG, WebP, BMP or TIFF picture")


def _jpeg(data: bytes) -> tuple[int, int]:
    """Walks the segments to the end-of-image marker, over the thumbnails that they may hold."""
    size = None
    at = 2
    while True:
        found = SEGMENT.search(data, at)
        if found is None:
            raise ImageError("the picture is truncated: the JPEG has no end-of-image marker")
        marker, at = found.group(1)[0], found.end()
        if marker == EOI:
            break
        if marker in ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = size or (width, height)
        at += length
    if size is None:
        raise ImageError("the picture is broken: the JPEG has no frame")
    return size


def _png(data: bytes) -> tuple[int, int]:
    """Walks the chunks to IEND."""
    at = len(PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if at > len(data):
            raise ImageError(f"the picture is truncated: the PNG ends in chunk {kind!r}")
        if kind == b"IEND":
            break
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp(data: bytes) -> tuple[int, int]:
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise ImageError(f"the picture is truncated: the WebP has {len(data)} of {length + 8} B")
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _bmp(data: bytes) -> tuple[int, int]:
    (header,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if header == 12 else "<ii", data, 18)
    return abs(width), abs(height)


def _tiff(data: bytes) -> tuple[int, int]:
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    sides = [0, 0]
    for row in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from(order + "HH", data, row)
        if tag in TIFF_SIDES:
            (value,) = struct.unpack_from(order + ("H" if kind == 3 else "I"), data, row + 8)
            sides[TIFF_SIDES[tag]] = value
    return sides[0], sides[1]


Matcher = Callable[[bytes], bool]
Reader = Callable[[bytes], tuple[int, int]]

FORMATS: tuple[tuple[Matcher, Reader], ...] = (
    (lambda data: data[:3] == b"\xff\xd8\xff", _jpeg),
    (lambda data: data[:8] == PNG, _png),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
    (lambda data: data[:2] == b"BM", _bmp),
    (lambda data: data[:4] in (b"II*\0", b"MM\0*"), _tiff),
)
