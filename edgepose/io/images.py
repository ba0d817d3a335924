# SPDX-License-Identifier: Apache-2.0
"""Whatever holds a picture to one form: uint8 BGR [H, W, 3].

Grey becomes three equal channels, transparency is left out as if opaque, of 16 bits the upper 8
are kept. Pictures of files and PIL are turned as their EXIF orientation says. Everything that
would take a guess, such as the range of floats, is an ImageError.
"""

from __future__ import annotations

import sys
from os import PathLike, fsdecode
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import ImageError, InputError
from edgepose.io.image_header import picture_wh

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

    Source: TypeAlias = str | PathLike[str] | NDArray[Any] | PilImage

COLORS = ("bgr", "rgb")
MAX_PIXELS = 200_000_000
MAX_BYTES = 1 << 30

_TO_BGR = {
    ("bgr", 4): cv2.COLOR_BGRA2BGR,
    ("rgb", 3): cv2.COLOR_RGB2BGR,
    ("rgb", 4): cv2.COLOR_RGBA2BGR,
}


def load_image(source: Source, *, color: str = "bgr") -> NDArray[np.uint8]:
    """The pixels of a picture.

    Args:
        source: Path of a JPEG, PNG, WebP, BMP or TIFF file; an array [H, W], [H, W, 1], [H, W, 3]
            or [H, W, 4] of uint8 or uint16; or a PIL image.
        color: Order of an array's channels, "bgr" or "rgb"; files and PIL know their own.

    Returns:
        uint8 BGR [H, W, 3], never written to. It is a read-only view of the array that came if
        that has this form already, and otherwise new.

    Raises:
        InputError: `color` is unknown or the source is none of these.
        ImageError: The picture cannot be read, has no pixels or more than 200 million, or its
            values have no agreed meaning (float, bool, other integers).

    Example:
        >>> load_image(np.zeros((4, 6), np.uint8)).shape
        (4, 6, 3)
    """
    if color not in COLORS:
        raise InputError(f"color must be one of {', '.join(COLORS)}; got {color!r}")
    if isinstance(source, np.ndarray):
        return _from_array(source, color)
    if isinstance(source, (str, PathLike)):
        return read_image(source)
    pil = sys.modules.get("PIL.Image")
    if pil is not None and isinstance(source, pil.Image):
        return _from_pil(source)
    raise InputError(
        f"source must be a path, a NumPy array or a PIL image; got {type(source).__name__}"
    )


def read_image(path: str | PathLike[str]) -> NDArray[np.uint8]:
    """Reads a picture file; see `load_image`."""
    file = Path(fsdecode(path))
    try:
        if file.is_dir():
            raise ImageError("a folder, not a picture")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ImageError(f"a picture file must be at most {MAX_BYTES} bytes; got {size}")
        data = file.read_bytes()
        if not data:
            raise ImageError("the file is empty")
        _check_size(picture_wh(data))
        return _decode(data)
    except ImageError as error:
        raise ImageError(f"{file}: {error}") from error
    except FileNotFoundError as error:
        raise ImageError(f"{file}: no such picture") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = getattr(error, "strerror", None) or error
        raise ImageError(f"{file}: cannot read: {reason}") from error


def _decode(data: bytes) -> NDArray[np.uint8]:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise ImageError(f"the picture cannot be decoded: {error.err}") from error
    if image is None:
        raise ImageError("the picture is truncated or broken")
    image.setflags(write=False)
    return np.asarray(image, np.uint8)


def _from_array(array: NDArray[Any], color: str) -> NDArray[np.uint8]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise ImageError(f"an array must be [H,W], [H,W,1], [H,W,3] or [H,W,4]; got {array.shape}")
    _check_size((array.shape[1], array.shape[0]))
    if array.dtype.kind == "u" and array.dtype.itemsize == 2:  # of either byte order
        array = (array >> 8).astype(np.uint8)
    elif array.dtype != np.uint8:
        raise ImageError(
            f"an array must be uint8 (0..255) or uint16 (0..65535); got {array.dtype}; "
            f"scale and convert it first"
        )
    channels = 1 if array.ndim == 2 else array.shape[2]
    if channels == 1:
        image = np.repeat(array.reshape(*array.shape[:2], 1), 3, axis=2)
    elif (color, channels) in _TO_BGR:
        image = cv2.cvtColor(np.ascontiguousarray(array), _TO_BGR[color, channels])
    else:
        # Pixels side by side, as the kernels read them; rows may be apart.
        packed = array.strides[1:] == (3, 1)
        image = np.asarray(array).view() if packed else np.ascontiguousarray(array)
    image.setflags(write=False)
    return np.asarray(image, np.uint8)


def _from_pil(picture: PilImage) -> NDArray[np.uint8]:
    from PIL import ImageOps  # only a caller who has PIL comes here

    _check_size(picture.size)
    try:
        upright = ImageOps.exif_transpose(picture)
        if upright.mode.startswith("I;16"):
            return _from_array(np.asarray(upright).astype(np.uint16), "bgr")
        if upright.mode in ("I", "F"):
            raise ImageError(
                f"a PIL image of mode {upright.mode!r} has no agreed range; "
                f"convert it to 'RGB', 'L' or 'I;16' first"
            )
        # A palette with transparency goes to RGB by way of RGBA, or PIL warns.
        steps = ("RGBA", "RGB") if upright.mode in ("P", "PA") else ("RGB",)
        for mode in steps:
            upright = upright.convert(mode)
        return _from_array(np.asarray(upright), "rgb")
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, ImageError):
            raise
        raise ImageError(f"the PIL image cannot be decoded: {error}") from error


def _check_size(wh: tuple[int, int]) -> None:
    width, height = wh
    if width < 1 or height < 1:
        raise ImageError(f"a picture must have pixels; got {width}x{height}")
    if width * height > MAX_PIXELS:
        raise ImageError(f"a picture must have at most {MAX_PIXELS} pixels; got {width}x{height}")
