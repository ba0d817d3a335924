# SPDX-License-Identifier: Apache-2.0
"""Augmentation of one picture: geometry as a matrix, colour as a table, occlusion as patches."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

UPPER_BODY = ("nose", "eye", "ear", "shoulder", "elbow", "wrist")


def flip_order(names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the permutation that swaps ``left_*`` and ``right_*`` names."""
    swap = {"left_": "right_", "right_": "left_"}
    order = []
    for index, name in enumerate(names):
        twin = next((swap[p] + name[len(p) :] for p in swap if name.startswith(p)), name)
        order.append(names.index(twin) if twin in names else index)
    return np.asarray(order, np.int64)


def half_body(
    keypoints: NDArray[np.float32], names: tuple[str, ...], rng: np.random.Generator
) -> tuple[NDArray[np.float64], float] | None:
    """Choose the upper or lower body; return its centre and long side, or None if too few."""
    upper = np.array([any(part in name for part in UPPER_BODY) for name in names])
    chosen = keypoints[(keypoints[:, 2] > 0) & (upper if rng.random() < 0.7 else ~upper), :2]
    if len(chosen) < 4:
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
    """Return the [2, 3] matrix that turns, scales and mirrors about ``center_from``."""
    angle = np.deg2rad(degrees)
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if flip:
        linear = linear @ np.diag([-1.0, 1.0])
    return np.column_stack([linear, center_to - linear @ center_from])


def random_rotation(rng: np.random.Generator, strength: float) -> float:
    """Draw degrees: mostly near upright, sometimes any angle (upside-down people)."""
    draw = rng.random()
    if draw < 0.12 * strength:
        return float(rng.uniform(-180, 180))
    if draw < 0.75:
        return float(np.clip(rng.normal(0, 20 * strength), -60, 60))
    return 0.0


def random_colour(
    picture: NDArray[np.uint8], rng: np.random.Generator, strength: float
) -> NDArray[np.uint8]:
    """Change gain, gamma and channel balance by a table; sometimes grey, sometimes blurred."""
    if rng.random() < 0.8:
        ramp = np.linspace(0.0, 1.0, 256)[:, None]
        gamma = np.exp(rng.normal(0, 0.25 * strength))
        gain = np.exp(rng.normal(0, 0.18 * strength)) * np.exp(rng.normal(0, 0.08, 3) * strength)
        shift = rng.normal(0, 0.06 * strength)
        table = np.clip(ramp**gamma * gain + shift, 0, 1) * 255
        picture = cv2.LUT(picture, table.astype(np.uint8)[None]).astype(np.uint8, copy=False)
    if rng.random() < 0.06 * strength:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    if rng.random() < 0.12 * strength:
        picture = cv2.blur(picture, (3, 3)).astype(np.uint8, copy=False)
    if rng.random() < 0.1 * strength:
        noise = rng.normal(0, rng.uniform(2, 12), picture.shape)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return picture


def random_occlusion(
    picture: NDArray[np.uint8], rng: np.random.Generator, strength: float
) -> NDArray[np.uint8]:
    """Cover one or two rectangles by a flat colour or by another part of the picture."""
    height, width = picture.shape[:2]
    for _ in range(int(rng.integers(0, 3) * (rng.random() < 0.5 * strength))):
        h, w = (int(rng.uniform(0.08, 0.3) * size) for size in (height, width))
        top, left = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
        if rng.random() < 0.5:
            picture[top : top + h, left : left + w] = rng.integers(0, 256, 3)
        else:
            y, x = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
            picture[top : top + h, left : left + w] = picture[y : y + h, x : x + w].copy()
    return picture
