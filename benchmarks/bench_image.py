# SPDX-License-Identifier: Apache-2.0
"""Crops and letterboxes of photos and camera frames beside OpenCV, in one run on one thread.

    python benchmarks/bench_image.py [--json FILE] [--quick]

How cases are timed: see suite.py. Not timed: making the inputs. OpenCV is held to one thread.
"averaged": ours averages what an output pixel covers where the crop shrinks the picture; the peer
never does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import peers
import suite
from numpy.typing import NDArray
from suite import Case, Row

from edgepose import image
from edgepose.geometry import crop_matrix

TITLE = "crops"

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
INPUT_WH = (192, 256)
CROP_HW = (INPUT_WH[1], INPUT_WH[0])


def _frame(height: int, width: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (9, 9), 0), np.uint8)


def crop_cases() -> list[Case]:
    """One 256x192 crop of a 1080p frame, blended and averaged, and from camera formats."""
    frame = _frame(1080, 1920)
    yuv = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420), np.uint8)
    forms = {
        "bgr": image.from_bgr(frame),
        "rgba": image.from_packed(
            np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGBA), np.uint8), order="rgba"
        ),
        "i420": image.from_i420(yuv, color="bt601_limited"),
    }
    cases = []
    for height, turn in ((120, 0), (400, 0), (800, 0), (120, 20), (400, 20), (800, 20), (800, 90)):
        box = [[900.0, 100.0, 900.0 + 0.5 * height, 100.0 + height]]
        matrix = crop_matrix(
            box, INPUT_WH, padding=1.25, warp="half_pixel", rotation_deg=float(turn)
        )
        warp = peers.Warp(frame, matrix[0], INPUT_WH)

        def converted(matrix: Any = matrix) -> Any:
            bgr = np.asarray(cv2.cvtColor(yuv, cv2.COLOR_YUV2BGR_I420), np.uint8)
            return peers.Warp(bgr, matrix[0], INPUT_WH).normalised(MEAN, STD)()

        for form, antialias in (("bgr", False), ("bgr", True), ("rgba", True), ("i420", True)):

            def ours(matrix: Any = matrix, form: str = form, antialias: bool = antialias) -> Any:
                return image.crop_normalize(
                    forms[form], matrix, CROP_HW, mean=MEAN, std=STD, antialias=antialias
                )

            name = f"{height} px, {turn} deg, {form}, {'averaged' if antialias else 'blended'}"
            if form == "i420":
                cases.append(Case(name, "cv2.cvtColor + warpAffine + NumPy", ours, converted))
            else:
                normalised = warp.normalised(MEAN, STD)
                cases.append(Case(name, "cv2.warpAffine + NumPy", ours, normalised))
                cases.append(Case(name, "cv2.warpAffine alone", ours, warp))
    return cases


def letterbox_cases() -> list[Case]:
    """A photo of 12 megapixels to the input of a detector."""
    photo = _frame(3000, 4000)
    size = (320, 240)

    def ours(**options: Any) -> Callable[[], Any]:
        return lambda: image.letterbox(photo, (320, 320), **options)

    return [
        Case(
            "letterbox 4000x3000, averaged",
            "cv2.resize INTER_AREA alone",
            ours(),
            lambda: cv2.resize(photo, size, interpolation=cv2.INTER_AREA),
        ),
        Case(
            "letterbox 4000x3000, blended",
            "cv2.resize INTER_LINEAR alone",
            ours(antialias=False),
            lambda: cv2.resize(photo, size),
        ),
    ]


def cases(quick: bool) -> Sequence[Case]:
    del quick
    return crop_cases() + letterbox_cases()


def rows(quick: bool) -> list[Row]:
    return suite.measure_all(cases(quick), suite.effort_of(quick), TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
