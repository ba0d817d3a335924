# SPDX-License-Identifier: Apache-2.0
"""Linear assignment: SciPy's answer, forbidden pairs, order and refusals."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.group import assign

optimize = pytest.importorskip("scipy.optimize")


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0)], ids=str)
def test_an_empty_table_has_no_pairs(shape: tuple[int, int]) -> None:
    found = assign(np.zeros(shape))
    assert found.shape == (0, 2)
    assert found.dtype == np.int64


@settings(max_examples=200, deadline=None)
@given(
    cost=st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
        lambda shape: arrays(
            np.float64, shape, elements=st.one_of(st.integers(-9, 9), st.floats(-1e6, 1e6))
        )
    )
)
def test_total_equals_scipy(cost: NDArray[np.float64]) -> None:
    before = cost.copy()
    found = assign(cost)
    rows, columns = optimize.linear_sum_assignment(cost)
    assert len(found) == len(rows)
    assert (np.diff(found[:, 0]) > 0).all()
    assert len(set(found[:, 1].tolist())) == len(found)
    total = cost[found[:, 0], found[:, 1]].sum()
    assert total == pytest.approx(cost[rows, columns].sum(), rel=1e-12, abs=1e-7)
    np.testing.assert_array_equal(cost, before)


@settings(max_examples=200, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 25), st.integers(1, 25)),
    share=st.floats(0, 1),
    seed=st.integers(0, 10**6),
)
def test_forbidden_pairs_cost_as_much_as_a_missing_one(
    shape: tuple[int, int], share: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.integers(-50, 50, shape).astype(np.float64)
    cost[rng.uniform(size=shape) < share] = np.inf
    found = assign(cost)
    missing = 1e6  # dearer than any sum of allowed costs, and exact beside them
    rows, columns = optimize.linear_sum_assignment(np.where(np.isinf(cost), missing, cost))
    kept = np.isfinite(cost[rows, columns])
    assert len(found) == kept.sum()
    assert cost[found[:, 0], found[:, 1]].sum() == cost[rows, columns][kept].sum()


@pytest.mark.parametrize("forbidden", [np.inf, -np.inf, np.nan, 1e200])
def test_what_is_no_cost_forbids_its_pair(forbidden: float) -> None:
    assert assign([[forbidden, 3.0], [forbidden, 2.0]]).tolist() == [[1, 1]]


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (5, 2)], ids=str)
def test_equal_costs_follow_the_order(shape: tuple[int, int]) -> None:
    assert assign(np.ones(shape)).tolist() == [[i, i] for i in range(min(shape))]


def test_reads_any_layout() -> None:
    cost = np.random.default_rng(1).uniform(size=(9, 6))
    for view in (cost.T, cost[::-1], cost[:, ::2], cost.astype(np.float32)):
        np.testing.assert_array_equal(assign(view), assign(np.array(view, np.float64)))


@pytest.mark.parametrize("cost", [np.zeros(3), np.zeros((1, 2, 3)), 1.0], ids=["row", "3D", "one"])
def test_refuses_what_is_no_table(cost: NDArray[np.float64]) -> None:
    with pytest.raises(InputError, match=r"cost must be float64 \[N,M\]"):
        assign(cost)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(importlib.import_module("edgepose.group.assign")).failed == 0
