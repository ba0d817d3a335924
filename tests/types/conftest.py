# SPDX-License-Identifier: Apache-2.0
"""A small skeleton and people of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from edgepose.types import Keypoints, Person, Result, Skeleton, Timing

NAMES = ("nose", "left_eye", "right_eye")


@pytest.fixture
def skeleton() -> Skeleton:
    return Skeleton(NAMES, ((0, 1), (0, 2)), ((1, 2),), (0.026, 0.025, 0.025))


@pytest.fixture
def person() -> Person:
    keypoints = Keypoints(
        np.array([[4, 2], [5, 1], [-3, 40]]), np.array([0.5, 0.25, 0.0]), NAMES, (10, 20)
    )
    return Person(np.array([1, 2, 3.5, 4]), 0.75, keypoints, 0.5)


@pytest.fixture
def result(skeleton: Skeleton) -> Callable[..., Result]:
    def make(*persons: Person) -> Result:
        timing = Timing({"detect": 1.5, "pose": 2}, 4)
        return Result(persons, (10, 20), "tiny", None, skeleton, timing)

    return make
