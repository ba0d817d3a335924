# SPDX-License-Identifier: Apache-2.0
"""Augmentation of one picture: geometry as a matrix, colour as a table, occlusion as patches."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

UPPER_BODY = ("nose", "eye", "ear", "head", "neck", "shoulder", "elbow", "wrist")
HALF_BODY_KEYPOINTS = 4
NOISE_VALUES = 1 << 20
_RAMP = np.linspace(0.0, 1.0, 256)[:, None]


def flip_order(names: tuple[str, ...]) -> NDArray[np.int64]:
    """The permutation [K] that swaps `left_*` and `right_*` names."""
    swap = {"left_": "right_", "right_": "left_"}
    order = []
    for index, name in enumerate(names):
        twin = next((swap[p] + name[len(p) :] for p in swap if name.startswith(p)), name)
        order.append(names.index(twin) if twin in names else index)
    return np.asarray(order, np.int64)


def upper_body(names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which keypoints [K] lie above the hips, by name."""
    return np.array([any(part in name for part in UPPER_BODY) for name in names], np.bool_)


def half_body(
    keypoints: NDArray[np.float32], upper: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.float64], float] | None:
    """Chooses the upper or the lower body.

    Args:
        keypoints: [K, 3] x, y and whether it is labelled.
        upper: [K] from `upper_body`.
        rng: Random numbers; one is drawn.

    Returns:
        Centre and long side of its labelled keypoints; None if there are less than four.
    """
    chosen = keypoints[(keypoints[:, 2] > 0) & (upper if rng.random() < 0.7 else ~upper), :2]
    if len(chosen) < HALF_BODY_KEYPOINTS:
        return None
    low, high = chosen.min(0).astype(np.float64), chosen.max(0).astype(np.float64)
    return (low + high) / 2, float(max(high - low))


def similarity(
    center_from: NDArray[np.float64],
    center_to: NDArray[np.float64],
    scale: float,
    degrees: float,
    flip: bool,
) -> NDArray[np.float64]:
    """The [2, 3] matrix that turns, scales and mirrors about `center_from`."""
    angle = np.deg2rad(degrees)
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    across = -1.0 if flip else 1.0
    linear = np.array([[cosine * across, -sine], [sine * across, cosine]])
    return np.column_stack([linear, center_to - linear @ center_from])


def random_rotation(rng: np.random.Generator, strength: float) -> float:
    """Draws degrees: mostly near upright, sometimes any angle (upside-down people)."""
    draw = rng.random()
    if draw < 0.12 * strength:
        return float(rng.uniform(-180, 180))
    if draw < 0.75:
        return float(np.clip(rng.normal(0, 20 * strength), -60, 60))
    return 0.0


def random_colour(
    picture: NDArray[np.uint8], rng: np.random.Generator, strength: float
) -> NDArray[np.uint8]:
    """Changes gain, gamma and channel balance by a table; sometimes grey, blurred or noisy.

    Args:
        picture: uint8 BGR [H, W, 3]; not modified.
        rng: Random numbers; nothing else decides.
        strength: 0 leaves the picture as it is.

    Returns:
        A new picture, or `picture` itself if nothing was drawn.
    """
    if strength <= 0:
        return picture
    changed = picture
    if rng.random() < 0.8:
        gamma = np.exp(rng.normal(0, 0.25 * strength))
        gain = np.exp(rng.normal(0, 0.18 * strength)) * np.exp(rng.normal(0, 0.08, 3) * strength)
        shift = rng.normal(0, 0.06 * strength)
        table = np.clip(_RAMP**gamma * gain + shift, 0, 1) * 255
        changed = _uint8(cv2.LUT(changed, table.astype(np.uint8)[None]))
    if rng.random() < 0.06 * strength:
        grey = cv2.cvtColor(changed, cv2.COLOR_BGR2GRAY)
        changed = _uint8(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    if rng.random() < 0.12 * strength:
        changed = _uint8(cv2.blur(changed, (3, 3)))
    if rng.random() < 0.1 * strength:
        noise = _noise(changed.shape, rng) * np.float32(rng.uniform(2, 12))
        changed = _uint8(cv2.add(changed, noise, dtype=cv2.CV_8U))
    return changed


def random_occlusion(
    picture: NDArray[np.uint8], rng: np.random.Generator, strength: float
) -> NDArray[np.uint8]:
    """Covers one or two rectangles by a flat colour or by another part of the picture.

    Args:
        picture: uint8 [H, W, 3]; not modified.
        rng: Random numbers; nothing else decides.
        strength: 0 leaves the picture as it is.

    Returns:
        A new picture, or `picture` itself if nothing was drawn.
    """
    height, width = picture.shape[:2]
    count = int(rng.integers(0, 3) * (rng.random() < 0.5 * strength))
    covered = picture.copy() if count else picture
    for _ in range(count):
        h, w = (int(rng.uniform(0.08, 0.3) * size) for size in (height, width))
        top, left = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
        if rng.random() < 0.5:
            covered[top : top + h, left : left + w] = rng.integers(0, 256, 3)
        else:
            y, x = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
            covered[top : top + h, left : left + w] = covered[y : y + h, x : x + w].copy()
    return covered


@lru_cache(maxsize=1)
def _noise_values() -> NDArray[np.float32]:
    """Normal noise drawn once: fresh values would cost ten times the rest of the colour."""
    return np.random.default_rng(0).standard_normal(NOISE_VALUES, np.float32)


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """A random window into the noise, [H, W, 3]."""
    count = int(np.prod(shape))
    values = _noise_values()
    if count > len(values):
        return rng.standard_normal(shape, np.float32)
    start = int(rng.integers(0, len(values) - count + 1))
    return values[start : start + count].reshape(shape)


def _uint8(picture: object) -> NDArray[np.uint8]:
    return np.asarray(picture, np.uint8)
