# SPDX-License-Identifier: Apache-2.0
"""Augmentation of one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgepose.train import augment

NAMES = ("nose", "left_eye", "right_eye", "left_hip")


def _picture() -> Any:
    return np.random.default_rng(5).integers(0, 256, (40, 30, 3), np.uint8)


@pytest.mark.parametrize(
    ("names", "order"),
    [
        pytest.param((), [], id="empty"),
        pytest.param(NAMES, [0, 2, 1, 3], id="a-twin-is-missing"),
        pytest.param(("right_a", "x", "left_a"), [2, 1, 0], id="apart"),
    ],
)
def test_flip_order(names: tuple[str, ...], order: list[int]) -> None:
    assert augment.flip_order(names).tolist() == order


def test_upper_body() -> None:
    assert augment.upper_body(("head_top", "left_knee", "right_wrist")).tolist() == [1, 0, 1]
    assert augment.upper_body(()).tolist() == []


def test_half_body_needs_four_keypoints() -> None:
    keypoints = np.array([[0, 0, 1], [4, 0, 1], [0, 2, 1], [4, 8, 1], [90, 90, 0]], np.float32)
    upper, rng = np.ones(5, np.bool_), np.random.default_rng(0)
    found = [augment.half_body(keypoints, upper, rng) for _ in range(20)]
    kept = [item for item in found if item is not None]
    assert 0 < len(kept) < 20  # the lower body has no keypoint
    assert kept[0][0].tolist() == [2, 4]
    assert kept[0][1] == 8
    assert augment.half_body(keypoints[:3], upper[:3], rng) is None


@given(
    st.floats(0.2, 3), st.floats(-180, 180), st.booleans(), st.floats(-50, 50), st.floats(-50, 50)
)
def test_similarity(scale: float, degrees: float, flip: bool, x: float, y: float) -> None:
    start, end = np.array([3.0, 4.0]), np.array([10.0, -2.0])
    matrix = augment.similarity(start, end, scale, degrees, flip)
    assert np.allclose(matrix[:, :2] @ start + matrix[:, 2], end)
    moved = matrix[:, :2] @ [x, y] + matrix[:, 2]
    assert np.isclose(np.linalg.norm(moved - end), scale * np.hypot(x - 3, y - 4), atol=1e-6)
    assert np.isclose(np.linalg.det(matrix[:, :2]), scale**2 * (-1 if flip else 1))


def test_rotation_covers_all_angles_but_mostly_small_ones() -> None:
    rng = np.random.default_rng(0)
    draws = np.array([augment.random_rotation(rng, 1.0) for _ in range(4000)])
    assert 0.04 < (np.abs(draws) > 90).mean() < 0.09
    assert 0.2 < (draws == 0).mean() < 0.3
    assert np.median(np.abs(draws)) < 20


@pytest.mark.parametrize("change", [augment.random_colour, augment.random_occlusion])
def test_changes_are_seeded_and_leave_the_input(change: Any) -> None:
    picture = _picture()
    before = picture.copy()
    first = [change(picture, np.random.default_rng(seed), 1.0) for seed in range(60)]
    second = [change(picture, np.random.default_rng(seed), 1.0) for seed in range(60)]
    assert (picture == before).all()
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    assert all(item.shape == picture.shape and item.dtype == np.uint8 for item in first)
    assert len({item.tobytes() for item in first}) > 20


@pytest.mark.parametrize("change", [augment.random_colour, augment.random_occlusion])
def test_strength_zero_changes_nothing(change: Any) -> None:
    picture = _picture()
    for seed in range(40):
        assert (change(picture, np.random.default_rng(seed), 0.0) == picture).all()


def test_noise_of_a_large_picture_is_drawn_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augment, "NOISE_VALUES", 100)
    augment._noise_values.cache_clear()
    try:
        noise = augment._noise((20, 20, 3), np.random.default_rng(0))
        assert noise.shape == (20, 20, 3)
        assert len(np.unique(noise)) > 1000
    finally:
        augment._noise_values.cache_clear()
