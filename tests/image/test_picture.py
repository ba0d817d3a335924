# SPDX-License-Identifier: Apache-2.0
"""Pictures as a phone's sensor lies."""

from __future__ import annotations

import numpy as np
import pytest

from edgepose import _core, image
from edgepose.errors import InputError

IDENTITY = np.array([[[1.0, 0, 0], [0, 1, 0]]])


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("rotation_deg", [-90, 0, 90, 180, 270, 450])
def test_oriented_is_the_turned_picture(rotation_deg: int, mirror: bool) -> None:
    stored = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    upright = np.rot90(stored, -rotation_deg // 90)
    upright = np.ascontiguousarray(upright[:, ::-1] if mirror else upright)
    picture = image.from_bgr(stored).oriented(rotation_deg, mirror=mirror)
    assert picture.wh == upright.shape[1::-1]
    assert picture.stored_wh == (60, 40)
    for matrix in (
        IDENTITY,
        np.array([[[0.4, 0, 3.2], [0, 0.5, 1.1]]]),
        np.array([[[3.4, 0, -4], [0, 2.9, 1.1]]]),
        np.array([[[0.9, 0.3, 3], [-0.2, 0.8, 6]]]),
    ):
        before = matrix.copy()
        found = image.crop_normalize(picture, matrix, (20, 14), pad_value=3.0)
        wanted = image.crop_normalize(upright, matrix, (20, 14), pad_value=3.0)
        np.testing.assert_allclose(found, wanted, atol=2e-3)
        np.testing.assert_array_equal(matrix, before)
    full = image.crop_normalize(picture, IDENTITY, upright.shape[:2], color="bgr", layout="nhwc")
    np.testing.assert_array_equal(full[0], upright)


def test_letterbox_of_a_turned_picture() -> None:
    stored = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    found, matrix = image.letterbox(image.from_bgr(stored).oriented(90), (20, 30))
    wanted, same = image.letterbox(np.ascontiguousarray(np.rot90(stored, -1)), (20, 30))
    np.testing.assert_allclose(found, wanted, atol=2e-3)
    np.testing.assert_array_equal(matrix, same)  # to the upright picture


def test_refuses_other_angles() -> None:
    with pytest.raises(InputError, match="multiple of 90"):
        image.from_bgr(np.zeros((2, 2, 3), np.uint8)).oriented(45)


def test_refuses_unknown_orders() -> None:
    with pytest.raises(InputError, match="order must be one of"):
        image.from_packed(np.zeros((2, 2, 3), np.uint8), order="gbr")


def test_matrices_without_a_picture() -> None:
    assert _core.orient_matrices(np.zeros((0, 2, 3)), (4, 3), 1, False).shape == (0, 2, 3)
    with pytest.raises(InputError, match=r"size|width"):
        _core.orient_matrices(IDENTITY, (0, 3), 1, False)
    with pytest.raises(InputError, match=r"float64 \[N,2,3\]"):
        _core.orient_matrices(IDENTITY[0], (4, 3), 1, False)
