# SPDX-License-Identifier: Apache-2.0
"""Volumes: the definition, edge cases and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgepose.decode import argmax_3d, soft_argmax_3d
from edgepose.errors import InputError


@pytest.mark.parametrize("dhw", [(1, 1, 1), (3, 5, 7), (8, 64, 48), (2, 70, 130)], ids=str)
@pytest.mark.parametrize("beta", [0.5, 10.0])
def test_equals_the_definition(dhw: tuple[int, int, int], beta: float) -> None:
    volumes = np.random.default_rng(0).normal(0, 1, (2, 3, *dhw)).astype(np.float32)
    before = volumes.copy()
    xyz, score = soft_argmax_3d(volumes, beta=beta)
    cells, same = argmax_3d(volumes)
    np.testing.assert_array_equal(volumes, before)
    np.testing.assert_array_equal(score, volumes.max(axis=(2, 3, 4)))
    np.testing.assert_array_equal(same, score)
    for place in np.ndindex(2, 3):
        weight = np.exp(beta * volumes[place].astype(np.float64))
        weight /= weight.sum()
        z, y, x = (float((weight * index).sum()) for index in np.indices(dhw))
        np.testing.assert_allclose(xyz[place], (x, y, z), rtol=2e-6, atol=2e-6)
        z, y, x = np.unravel_index(volumes[place].argmax(), dhw)
        assert cells[place].tolist() == [x, y, z]


@pytest.mark.parametrize("shape", [(0, 4, 3, 3, 3), (2, 0, 3, 3, 3), (0, 0, 0, 0, 0)], ids=str)
def test_nothing(shape: tuple[int, ...]) -> None:
    for decode in (argmax_3d, soft_argmax_3d):
        xyz, score = decode(np.zeros(shape, np.float32))
        assert xyz.shape == (*shape[:2], 3)
        assert score.shape == shape[:2]


def test_odd_values() -> None:
    volumes = np.full((1, 3, 2, 2, 2), np.nan, np.float32)
    volumes[0, 0, 1, 0, 1] = -5
    volumes[0, 1] = -np.inf
    volumes[0, 2, 1, 1, 0] = volumes[0, 2, 1, 1, 1] = np.inf
    wanted = [[[1, 0, 1], [0, 0, 0], [0, 1, 1]]]
    for decode in (argmax_3d, soft_argmax_3d):
        xyz, score = decode(volumes)
        assert xyz.tolist() == wanted
        assert score.tolist() == [[-5, -np.inf, np.inf]]


@pytest.mark.parametrize(
    ("volumes", "options", "message"),
    [
        pytest.param(np.zeros((1, 1, 4, 4), np.float32), {}, "N,K,D,H,W", id="four axes"),
        pytest.param(np.zeros((1, 1, 0, 4, 4), np.float32), {}, "sides of 1", id="no slices"),
        pytest.param(np.zeros((1, 1, 4, 4, 4)), {}, "got float64", id="float64"),
        pytest.param(np.full((1, 1, 2, 2, 2), np.nan, np.float32), {}, "only NaN", id="only NaN"),
        pytest.param(np.zeros((1, 1, 2, 2, 2), np.uint8), {}, "without one", id="no scale"),
        pytest.param(np.zeros((1, 1, 2, 2, 2), np.float32), {"beta": -1.0}, "option", id="beta"),
    ],
)
def test_refuses(volumes: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        soft_argmax_3d(volumes, **options)
    if not options:
        with pytest.raises(InputError, match=message):
            argmax_3d(volumes)
