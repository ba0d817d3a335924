# SPDX-License-Identifier: Apache-2.0
"""The overlays of `edgepose predict`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2

from edgepose.cli.files import output_names
from edgepose.draw import draw_result
from edgepose.errors import InputError
from edgepose.io.targets import writing
from edgepose.types import Result

JPEG = (".jpg", ".jpeg")
JPEG_QUALITY = 95


class OverlayOutput:
    """Writes each picture with its people into a folder, which is made if need be.

    A JPEG gives a JPEG, anything else a PNG; the names are those of `output_names`.

    Args:
        folder: Where to write.
        paths: All the pictures that will come.
        draw_score: Keypoints with a lower score are not drawn.

    Raises:
        InputError: The folder cannot be made, or one of the pictures would be overwritten.
    """

    def __init__(self, folder: Path, paths: Sequence[Path], draw_score: float) -> None:
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        names = output_names(paths)
        self._targets = {path: folder / (names[path] + _suffix(path)) for path in paths}
        self._draw_score = draw_score
        sources = {path.resolve() for path in paths}
        for target in self._targets.values():
            if target.resolve() in sources:
                raise InputError(f"--save {folder} would overwrite {target}; name another folder")

    def add(self, path: Path, result: Result) -> None:
        """Draws and writes one picture.

        Raises:
            InputError: The file cannot be written.
        """
        write_overlay(self._targets[path], result, self._draw_score)

    def close(self) -> None:
        """Everything is written already."""


def write_overlay(target: Path, result: Result, draw_score: float) -> None:
    """Draws the people on the picture that the result holds and writes it.

    Raises:
        InputError: The result holds no picture, or the file cannot be written.
    """
    if result.image is None:
        raise InputError(f"cannot write {target}: the result holds no picture")
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if target.suffix in JPEG else []
    drawn = draw_result(result.image, result, min_score=draw_score)
    _, encoded = cv2.imencode(target.suffix, drawn, options)
    with writing(target):
        target.write_bytes(encoded.tobytes())


def _suffix(path: Path) -> str:
    return ".jpg" if path.suffix.lower() in JPEG else ".png"
