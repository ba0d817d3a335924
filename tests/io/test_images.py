# SPDX-License-Identifier: Apache-2.0
"""Files, arrays and PIL images to uint8 BGR."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edgepose.errors import ImageError, InputError
from edgepose.io import images
from edgepose.io.images import load_image

EXIF_ORIENTATION = 0x0112


def noise(*shape: int, dtype: str = "uint8") -> NDArray[Any]:
    top = 65536 if dtype == "uint16" else 256
    return np.random.default_rng(0).integers(0, top, shape).astype(dtype)


BGR = noise(20, 30, 3)
GREY = noise(20, 30)
GREY3 = np.repeat(GREY[..., None], 3, axis=2)
BGRA = np.dstack([BGR, noise(20, 30)])
DEEP = noise(20, 30, 3, dtype="uint16")


@pytest.mark.parametrize(
    ("array", "color", "expected"),
    [
        (np.zeros((1, 1, 3), np.uint8), "bgr", np.zeros((1, 1, 3))),
        (np.zeros((1, 20000), np.uint8), "bgr", np.zeros((1, 20000, 3))),
        (BGR, "bgr", BGR),
        (BGR[..., ::-1], "rgb", BGR),
        (BGRA, "bgr", BGR),
        (BGRA[..., [2, 1, 0, 3]], "rgb", BGR),
        (GREY, "bgr", GREY3),
        (GREY, "rgb", GREY3),
        (GREY[..., None], "bgr", GREY3),
        (DEEP, "bgr", DEEP // 256),
        (DEEP[..., ::-1], "rgb", DEEP // 256),
        (DEEP[..., 0], "bgr", np.repeat(DEEP[..., :1] // 256, 3, axis=2)),
        (DEEP.byteswap().view(DEEP.dtype.newbyteorder()), "bgr", DEEP // 256),
        (BGR[::2, ::-3], "bgr", BGR[::2, ::-3]),
        (BGR.view(np.memmap), "bgr", BGR),
    ],
    ids=[
        "1x1", "20000x1", "bgr", "rgb", "bgra", "rgba", "grey", "grey_rgb", "one_channel", "16_bit",
        "16_bit_rgb", "16_bit_grey", "big_endian", "strided", "subclass",
    ],
)  # fmt: skip
def test_arrays(array: NDArray[Any], color: str, expected: NDArray[Any]) -> None:
    before = array.copy()
    image = load_image(array, color=color)
    assert image.dtype == np.uint8
    assert type(image) is np.ndarray
    np.testing.assert_array_equal(image, expected)
    np.testing.assert_array_equal(array, before)
    assert array.flags.writeable
    assert not image.flags.writeable


def test_bgr_array_is_not_copied() -> None:
    assert np.shares_memory(load_image(BGR), BGR)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((0, 0, 3), np.uint8), "a picture must have pixels; got 0x0"),
        (np.zeros((5, 0), np.uint8), "a picture must have pixels; got 0x5"),
        (np.full((4, 4, 3), np.nan), "must be uint8 (0..255) or uint16 (0..65535); got float64"),
        (np.ones((4, 4, 3), np.float32), "got float32; scale and convert it first"),
        (np.ones((4, 4), bool), "got bool"),
        (np.ones((4, 4), np.int64), "got int64"),
        (np.full((4, 4), "a"), "got <U1"),
        (np.array(3, np.uint8), "an array must be [H,W], [H,W,1], [H,W,3] or [H,W,4]; got ()"),
        (np.zeros((3, 4, 4, 3), np.uint8), "got (3, 4, 4, 3)"),
        (np.zeros((3, 40, 40), np.uint8), "got (3, 40, 40)"),
        (np.zeros((4, 4, 2), np.uint8), "got (4, 4, 2)"),
        (np.broadcast_to(np.uint8(0), (20000, 10001)), "at most 200000000 pixels; got 10001x20000"),
    ],
    ids=[
        "0x0", "no_width", "nan", "float", "bool", "int64", "text", "scalar", "batch",
        "channels_first", "two_channels", "too_large",
    ],
)  # fmt: skip
def test_unusable_arrays(array: NDArray[Any], message: str) -> None:
    with pytest.raises(ImageError) as caught:
        load_image(array)
    assert message in str(caught.value)


@pytest.mark.parametrize("source", [None, 3, b"a.png", [[1, 2], [3, 4]]], ids=repr)
def test_other_sources(source: Any) -> None:
    with pytest.raises(InputError, match="source must be a path, a NumPy array or a PIL image"):
        load_image(source)


def test_unknown_color() -> None:
    with pytest.raises(InputError, match="color must be one of bgr, rgb; got 'RGB'"):
        load_image(BGR, color="RGB")


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".webp", ".jpg"])
def test_files(tmp_path: Path, suffix: str) -> None:
    smooth = cv2.GaussianBlur(BGR, (0, 0), 4)
    file = tmp_path / f"a{suffix}"
    assert cv2.imwrite(str(file), smooth)
    for source in (file, str(file)):
        found = load_image(source, color="rgb").astype(int)
        lossy = suffix in (".webp", ".jpg")
        np.testing.assert_allclose(found, smooth, atol=25 if lossy else 0)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (GREY, GREY3),
        (BGRA, BGR),
        (DEEP, DEEP // 256),
        (DEEP[..., 0], np.repeat(DEEP[..., :1] // 256, 3, axis=2)),
        (np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1, 3))),
        (np.zeros((1, 20000, 3), np.uint8), np.zeros((1, 20000, 3))),
    ],
    ids=["grey", "transparent", "16_bit", "16_bit_grey", "1x1", "20000x1"],
)
def test_png_kinds(tmp_path: Path, pixels: NDArray[Any], expected: NDArray[Any]) -> None:
    file = tmp_path / "a.png"
    assert cv2.imwrite(str(file), pixels)
    image = load_image(file)
    np.testing.assert_array_equal(image, expected)
    assert not image.flags.writeable


def encoded(pixels: NDArray[Any], kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


# Two halves: what is left in the stored picture is on top in the upright one (orientation 6).
HALVES = np.zeros((16, 32, 3), np.uint8)
HALVES[:, :16] = 255


def turned(kind: str) -> bytes:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    return encoded(HALVES, kind, exif=exif, quality=100)


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(turned("JPEG"))
    with Image.open(file) as picture:
        for image in (load_image(file), load_image(picture)):
            assert image.shape == (32, 16, 3)
            assert image[:15].min() > 240
            assert image[17:].max() < 15


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


PHOTO = cv2.GaussianBlur(noise(90, 120, 3), (0, 0), 2)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("BMP", {}),
        ("TIFF", {}),
    ],
    ids=["jpeg", "progressive", "png", "webp", "bmp", "tiff"],
)
def test_truncated_files(tmp_path: Path, kind: str, options: Any, share: float) -> None:
    file = tmp_path / "a"
    whole = encoded(PHOTO, kind, **options)
    file.write_bytes(whole)
    assert load_image(file).shape == PHOTO.shape
    file.write_bytes(cut(whole, share))
    with pytest.raises(ImageError, match="truncated"):
        load_image(file)


def test_thumbnail_does_not_end_a_jpeg(tmp_path: Path) -> None:
    """The end marker of a picture inside a segment is not the file's."""
    whole = encoded(PHOTO, "JPEG", exif=b"Exif\0\0" + encoded(PHOTO[:8, :8], "JPEG"))
    file = tmp_path / "a.jpg"
    file.write_bytes(whole)
    assert load_image(file).shape == PHOTO.shape
    file.write_bytes(cut(whole, 0.7))
    with pytest.raises(ImageError, match="no end-of-image marker"):
        load_image(file)


def test_bytes_after_the_end_are_harmless(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG"):
        file = tmp_path / kind
        file.write_bytes(encoded(PHOTO, kind) + b"trailer" * 9)
        assert load_image(file).shape == PHOTO.shape


def png_of(width: int, height: int) -> bytes:
    """A small PNG that claims another size."""
    data = bytearray(encoded(GREY, "PNG"))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"hello, this is text", "not a JPEG, PNG, WebP, BMP or TIFF picture"),
        (b"GIF89a" + bytes(40), "not a JPEG, PNG, WebP, BMP or TIFF picture"),
        (b"\xff\xd8\xff\xd9", "the JPEG has no frame"),
        (png_of(100_000, 100_000), "at most 200000000 pixels; got 100000x100000"),
        (png_of(0, 0), "a picture must have pixels; got 0x0"),
        (png_of(30, 21), "truncated or broken"),
        (encoded(PHOTO, "PNG").replace(b"IDAT", b"IDAT\xff", 1), "truncated"),
    ],
    ids=["empty", "text", "gif", "no_frame", "bomb", "0x0", "wrong_checksum", "shifted"],
)
def test_unusable_files(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(data)
    with pytest.raises(ImageError) as caught:
        load_image(file)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.png", "no such picture"),
        (".", "a folder, not a picture"),
        ("a\0b", "cannot read"),
        ("x" * 300, "cannot read"),
    ],
    ids=["absent", "folder", "zero_byte", "long_name"],
)
def test_unusable_paths(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        load_image(tmp_path / name)


def test_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    file = tmp_path / "a.png"
    file.write_bytes(encoded(PHOTO, "PNG"))
    with pytest.raises(ImageError, match="at most 10 bytes"):
        load_image(file)


RGB = np.ascontiguousarray(BGR[..., ::-1])


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.fromarray(RGB), BGR),
        (Image.fromarray(np.dstack([RGB, BGRA[..., 3]])), BGR),
        (Image.fromarray(GREY), GREY3),
        (Image.fromarray(np.dstack([GREY, GREY])), GREY3),
        (Image.fromarray(GREY > 127), np.where(GREY3 > 127, 255, 0)),
        (Image.fromarray(DEEP[..., 0]), np.repeat(DEEP[..., :1] // 256, 3, axis=2)),
        (Image.new("CMYK", (3, 2)), np.full((2, 3, 3), 255)),
        (Image.new("RGB", (1, 1)), np.zeros((1, 1, 3))),
        (Image.new("RGB", (1, 20000)), np.zeros((20000, 1, 3))),
    ],
    ids=["rgb", "rgba", "grey", "grey_alpha", "bits", "16_bit", "cmyk", "1x1", "1x20000"],
)
def test_pil(picture: Image.Image, expected: NDArray[Any]) -> None:
    np.testing.assert_array_equal(load_image(picture), expected)


def test_pil_palette_with_transparency() -> None:
    picture = Image.new("P", (4, 3), 1)
    picture.putpalette([0, 0, 0, 10, 20, 30])
    picture.info["transparency"] = b"\x00\x80"
    np.testing.assert_array_equal(load_image(picture), np.full((3, 4, 3), (30, 20, 10)))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pil_without_a_range(mode: str) -> None:
    with pytest.raises(ImageError, match=f"mode '{mode}' has no agreed range"):
        load_image(Image.new(mode, (4, 4)))


def test_pil_without_pixels() -> None:
    with pytest.raises(ImageError, match="must have pixels; got 0x5"):
        load_image(Image.new("RGB", (0, 5)))


def test_pil_truncated() -> None:
    picture = Image.open(BytesIO(cut(encoded(PHOTO, "JPEG"), 0.5)))
    with pytest.raises(ImageError, match="the PIL image cannot be decoded"):
        load_image(picture)


def test_pil_is_imported_by_its_users_only() -> None:
    code = (
        "import sys, numpy; from edgepose.io.images import load_image;"
        "load_image(numpy.zeros((4, 4), 'u1')); sys.exit('PIL' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
