# SPDX-License-Identifier: Apache-2.0
"""Sizes of encoded pictures before they are decoded."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edgepose.errors import ImageError
from edgepose.io.image_header import picture_wh


def encoded(wh: tuple[int, int], kind: str, mode: str = "RGB", **options: Any) -> bytes:
    stream = BytesIO()
    Image.new(mode, wh).save(stream, kind, **options)
    return stream.getvalue()


KINDS: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("JPEG", {"exif": b"Exif\0\0" + encoded((3, 2), "JPEG")}),
    ("JPEG", {"mode": "L"}),
    ("PNG", {}),
    ("PNG", {"mode": "I;16"}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("WEBP", {"mode": "RGBA"}),
    ("WEBP", {"exif": b"Exif\0\0"}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
]


@pytest.mark.parametrize("wh", [(1, 1), (700, 2), (33, 129)], ids=str)
@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_sizes(kind: str, options: dict[str, Any], wh: tuple[int, int]) -> None:
    assert picture_wh(encoded(wh, kind, **options)) == wh


@pytest.mark.parametrize("suffix", [".tiff", ".bmp"])
def test_sizes_as_opencv_writes(suffix: str) -> None:
    ok, data = cv2.imencode(suffix, np.zeros((5, 9, 3), np.uint8))
    assert ok
    assert picture_wh(data.tobytes()) == (9, 5)


def test_top_down_bmp_and_big_endian_tiff() -> None:
    bmp = bytearray(encoded((9, 5), "BMP"))
    bmp[22:26] = (-5).to_bytes(4, "little", signed=True)
    assert picture_wh(bytes(bmp)) == (9, 5)
    entries = [(256, 3, 1, 9 << 16), (257, 4, 1, 5)]
    tiff = b"MM\0*" + (8).to_bytes(4, "big") + len(entries).to_bytes(2, "big")
    for tag, kind, count, value in entries:
        tiff += tag.to_bytes(2, "big") + kind.to_bytes(2, "big")
        tiff += count.to_bytes(4, "big") + value.to_bytes(4, "big")
    assert picture_wh(tiff) == (9, 5)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"BM", b"RIFF", b"hello"], ids=repr)
def test_nothing_to_go_by(data: bytes) -> None:
    with pytest.raises(ImageError):
        picture_wh(data)


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
def test_every_prefix_is_a_size_or_an_error(kind: str, options: dict[str, Any]) -> None:
    whole = encoded((33, 17), kind, **options)
    for length in range(len(whole)):
        try:
            assert picture_wh(whole[:length]) == (33, 17)
        except ImageError:
            continue
        assert kind not in ("JPEG", "PNG", "WEBP"), length


@given(kind=st.sampled_from(KINDS), at=st.floats(0, 1), value=st.integers(0, 255))
def test_damage_is_a_size_or_an_error(
    kind: tuple[str, dict[str, Any]], at: float, value: int
) -> None:
    data = bytearray(encoded((33, 17), kind[0], **kind[1]))
    data[round(at * (len(data) - 1))] = value
    try:
        width, height = picture_wh(bytes(data))
    except ImageError:
        return
    assert width >= 0
    assert height >= 0
