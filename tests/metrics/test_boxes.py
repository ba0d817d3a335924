# SPDX-License-Identifier: Apache-2.0
"""How far boxes overlap; tests/track holds the same function against a slow form."""

from __future__ import annotations

import numpy as np
import pytest

from edgepose import track
from edgepose.metrics.boxes import iou_matrix


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (0, 2), (2, 0)])
def test_no_box(rows: int, columns: int) -> None:
    assert iou_matrix(np.zeros((rows, 4)), np.ones((columns, 4))).shape == (rows, columns)


def test_box_overlap() -> None:
    a = np.array([[0.0, 0.0, 10.0, 10.0]])
    b = np.array(
        [
            [0.0, 0.0, 10.0, 5.0],
            [20.0, 0.0, 30.0, 10.0],
            [3.0, 3.0, 3.0, 3.0],
            [9.0, 9.0, 1.0, 1.0],
            [0.0, 0.0, np.nan, 5.0],
        ]
    )
    before = a.copy(), b.copy()
    np.testing.assert_allclose(iou_matrix(a, b), [[0.5, 0.0, 0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])


def test_tracking_has_the_same_one() -> None:
    assert track.iou_matrix is iou_matrix
