# SPDX-License-Identifier: Apache-2.0
"""The order of the samples."""

from __future__ import annotations

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.train.sampling import Sampler


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([], id="empty"),
        pytest.param([(np.arange(0), 1.0)], id="no-sample"),
        pytest.param([(np.arange(3), 0.1)], id="thinned-to-nothing"),
    ],
)
def test_a_pass_needs_a_sample(members: list[tuple[np.ndarray, float]]) -> None:
    with pytest.raises(InputError, match="one sample or more"):
        Sampler(members, 0)


def test_a_pass_shows_each_sample_by_its_weight() -> None:
    sampler = Sampler([(np.arange(10), 1.0), (np.arange(10, 20), 0.5), (np.arange(20, 24), 2.5)], 3)
    assert sampler.samples_per_pass == 25
    for number in range(3):
        shown = sampler.batch(25, 0, number)
        counts = np.bincount(shown, minlength=24)
        assert (counts[:10] == 1).all()
        assert counts[10:20].sum() == 5
        assert counts[10:20].max() == 1
        assert counts[20:].sum() == 10
        assert set(counts[20:].tolist()) == {2, 3}


def test_batches_follow_each_other_across_passes_and_do_not_depend_on_the_past() -> None:
    members = [(np.arange(7), 1.0)]
    one = Sampler(members, 3)
    whole = np.concatenate([one.batch(3, 0, step) for step in range(14)])
    assert all(sorted(part.tolist()) == list(range(7)) for part in whole.reshape(6, 7))
    assert Sampler(members, 3).batch(3, 0, 11).tolist() == whole[33:36].tolist()
    assert one.batch(3, 0, 0).tolist() == whole[:3].tolist()


def test_a_batch_may_be_larger_than_a_pass() -> None:
    shown = Sampler([(np.arange(3), 1.0)], 0).batch(10, 0, 0)
    assert np.bincount(shown).min() == 3


def test_seed_and_phase_change_the_order() -> None:
    members = [(np.arange(100), 1.0)]
    orders = [
        Sampler(members, seed).batch(100, phase, 0).tolist()
        for seed, phase in ((0, 0), (1, 0), (0, 1))
    ]
    assert orders[0] != orders[1]
    assert orders[0] != orders[2]
