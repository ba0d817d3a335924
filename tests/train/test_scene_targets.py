# SPDX-License-Identifier: Apache-2.0
"""Heatmaps, fields and cells of tags against references that go cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference import scene_targets as reference

from edgepose.train import scene_targets

HW = (9, 13)
PAIRS = ((0, 1), (1, 2))
RNG = np.random.default_rng(3)


def crowd(count: int) -> Any:
    """People [P, 3, 3] on and around the map, a third of their keypoints unlabelled."""
    xy = RNG.uniform((-2, -2), (HW[1] + 1, HW[0] + 1), (count, 3, 2))
    return np.concatenate([xy, RNG.integers(0, 3, (count, 3, 1))], axis=2)


PEOPLE = [
    pytest.param(np.zeros((0, 3, 3)), id="nobody"),
    pytest.param(crowd(1), id="one"),
    pytest.param(crowd(6), id="six"),
    pytest.param(np.full((2, 3, 3), 4.0), id="limbs without length"),
    pytest.param(np.zeros((1, 3, 3)), id="nothing labelled"),
    pytest.param(np.repeat([[[1, 2, 2], [9, 2, 2], [9, 7, 1]]], 2, axis=0) * 1.0, id="twice"),
]


@pytest.mark.parametrize("cells", PEOPLE)
@pytest.mark.parametrize("sigma", [0.7, 2.0])
def test_heatmaps(cells: Any, sigma: float) -> None:
    before = cells.copy()
    found = scene_targets.heatmaps(cells, HW, sigma)
    np.testing.assert_array_equal(cells, before)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, reference.heatmaps(cells, HW, sigma), atol=1e-6)


@pytest.mark.parametrize("cells", PEOPLE)
def test_fields(cells: Any) -> None:
    before = cells.copy()
    found = scene_targets.fields(cells, HW, PAIRS)
    np.testing.assert_array_equal(cells, before)
    np.testing.assert_allclose(found, reference.fields(cells, HW, PAIRS), atol=1e-6)


def test_to_cells_is_the_inverse_of_half_pixel() -> None:
    people = np.array([[[3.5, 11.5, 2], [-0.6, 4, 1], [95.4, 4, 1], [95.6, 4, 1]]])
    before = people.copy()
    cells = scene_targets.to_cells(people, 8, (6, 12))
    np.testing.assert_array_equal(people, before)
    np.testing.assert_allclose(cells[0, 0], [0, 1, 2])
    assert cells[0, :, 2].tolist() == [2, 0, 1, 0], "the map spans -0.5 to its size - 0.5"


@pytest.mark.parametrize("count", [0, 2, 5], ids=["nobody", "fewer", "more"])
def test_tag_cells(count: int) -> None:
    cells = scene_targets.to_cells(crowd(count), 1, HW)
    place, labelled = scene_targets.tag_cells(cells, HW, 3)
    assert place.shape == labelled.shape == (3, 3)
    assert (labelled[count:] == 0).all()
    for person in range(min(count, 3)):
        for joint in range(3):
            x, y, visibility = cells[person, joint]
            assert labelled[person, joint] == (visibility > 0)
            if visibility > 0:
                assert place[person, joint] == round(y) * HW[1] + round(x)


def test_weights_take_the_greater_part_of_a_cell() -> None:
    counts = np.ones((8, 8), np.bool_)
    counts[:4, :3] = False  # 12 of 16 px
    counts[4:, 4:5] = False  # 4 of 16 px
    before = counts.copy()
    assert scene_targets.weights(counts, (2, 2)).tolist() == [[0, 1], [1, 1]]
    np.testing.assert_array_equal(counts, before)
