# SPDX-License-Identifier: Apache-2.0
"""Losses of bottom-up networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reference import scene_targets as reference

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.train.bottom_up_losses import map_squares, pull_push  # noqa: E402


def ones(*shape: int) -> Any:
    return torch.ones(*shape)


TARGET = torch.zeros(2, 3, 4, 5)
TARGET[0, 1, 2, 3], TARGET[1, 0, 0, 0] = 1.0, -0.5


@pytest.mark.parametrize(
    ("maps", "expected"),
    [
        pytest.param(TARGET, 0.0, id="perfect"),
        pytest.param(torch.zeros_like(TARGET), 1.0, id="nothing"),
        pytest.param(2 * TARGET, 1.0, id="twice"),
    ],
)
def test_map_squares(maps: Any, expected: float) -> None:
    loss = map_squares(maps, TARGET, ones(2, 1, 4, 5), ones(2, 3))
    assert float(loss) == pytest.approx(expected)


def test_what_does_not_count_is_not_seen() -> None:
    weight, known = ones(2, 1, 4, 5), ones(2, 3)
    weight[:, :, 3] = 0
    known[0, 2] = 0
    wrong = TARGET.clone()
    wrong[:, :, 3] = 9.0
    wrong[0, 2] = 9.0
    assert float(map_squares(wrong, TARGET, weight, known)) == 0
    wrong[0, 0, 0, 0] = 9.0
    assert float(map_squares(wrong, TARGET, weight, known)) > 0


def test_nothing_to_be_found_is_punished_still() -> None:
    nothing = torch.zeros(1, 1, 2, 2)
    assert float(map_squares(nothing, nothing, ones(1, 1, 2, 2), ones(1, 1))) == 0
    loss = map_squares(nothing + 0.5, nothing, ones(1, 1, 2, 2), ones(1, 1))
    assert float(loss) == pytest.approx(1.0)
    assert float(map_squares(nothing + 0.5, nothing, ones(1, 1, 2, 2), 0 * ones(1, 1))) == 0


@pytest.mark.parametrize("people", [0, 1, 2, 5], ids=["nobody", "one", "two", "five"])
def test_pull_push(people: int) -> None:
    rng = np.random.default_rng(people)
    tags = rng.normal(0, 1, (3, 4, 6, 5)).astype(np.float32)
    place = rng.integers(0, 30, (3, 6, 4))
    labelled = (rng.random((3, 6, 4)) < 0.7).astype(np.float32)
    labelled[:, people:] = 0
    arrays = [torch.from_numpy(array) for array in (tags, place, labelled)]
    before = [array.clone() for array in arrays]
    pull, push = pull_push(*arrays)
    assert all(torch.equal(a, b) for a, b in zip(arrays, before, strict=True))
    rows = zip(tags, place, labelled, strict=True)
    expected = np.mean([reference.pull_push(*row) for row in rows], axis=0)
    np.testing.assert_allclose([float(pull), float(push)], expected, rtol=1e-5, atol=1e-6)


def test_tags_apart_cost_nothing() -> None:
    tags = torch.zeros(1, 1, 1, 2)
    tags[..., 1] = 9.0
    place, labelled = torch.tensor([[[0], [1]]]), ones(1, 2, 1)
    pull, push = pull_push(tags, place, labelled)
    assert float(pull) == 0
    assert float(push) == pytest.approx(0, abs=1e-9)
    _, push = pull_push(torch.zeros_like(tags), place, labelled)
    assert float(push) == pytest.approx(1.0)
