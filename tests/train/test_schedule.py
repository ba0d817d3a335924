# SPDX-License-Identifier: Apache-2.0
"""Numbers that change with the step."""

from __future__ import annotations

import pytest

from edgepose.train.config import Phase
from edgepose.train.schedule import average_decay, check_interval, learning_rate, phase_steps

PHASE = Phase(128, 96, passes=4, learning_rate=0.1, batch_size=8, final_rate=0.05)


@pytest.mark.parametrize(("samples", "steps"), [(0, 1), (1, 1), (16, 8), (17, 9)])
def test_phase_steps(samples: int, steps: int) -> None:
    assert phase_steps(PHASE, samples) == steps


def test_the_rate_warms_up_and_falls() -> None:
    rates = [learning_rate(PHASE, step, 1000) for step in range(1000)]
    assert rates[0] == pytest.approx(0.1 / 30)
    assert max(rates) == rates[30] == pytest.approx(0.1)
    assert rates[:30] == sorted(rates[:30])
    assert rates[30:] == sorted(rates[30:], reverse=True)
    assert rates[-1] == pytest.approx(0.005, rel=1e-3)


def test_one_step_has_a_rate() -> None:
    assert learning_rate(PHASE, 0, 1) == pytest.approx(0.1)


def test_the_check_comes_about_once_a_pass() -> None:
    assert check_interval(PHASE, 100) == 25
    assert check_interval(PHASE, 1) == 1


def test_the_average_catches_up_first() -> None:
    assert average_decay(0.999, 0) == 0.1
    assert average_decay(0.999, 10**6) == 0.999
