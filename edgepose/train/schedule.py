# SPDX-License-Identifier: Apache-2.0
"""Numbers that change with the step: length of a phase, learning rate, weight of the average."""

from __future__ import annotations

import math

from edgepose.train.config import Phase

WARM_UP = 0.03


def phase_steps(phase: Phase, samples_per_pass: int) -> int:
    """Updates of a phase, at least one."""
    return max(1, math.ceil(samples_per_pass * phase.passes / phase.batch_size))


def check_interval(phase: Phase, total: int) -> int:
    """Updates between two looks at the held-out samples: about a pass."""
    return max(1, total // max(1, round(phase.passes)))


def learning_rate(phase: Phase, step: int, total: int) -> float:
    """Warms up over 3 % of the phase, then falls on a cosine to `final_rate` of the peak."""
    warm = max(1, int(WARM_UP * total))
    if step < warm:
        return phase.learning_rate * (step + 1) / warm
    progress = (step - warm) / max(1, total - warm)
    floor = phase.final_rate
    return phase.learning_rate * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


def average_decay(decay: float, updates: int) -> float:
    """Share that the averaged weights keep, less at the start so that they catch up."""
    return min(decay, (1 + updates) / (10 + updates))
