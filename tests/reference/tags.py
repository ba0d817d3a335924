# SPDX-License-Identifier: Apache-2.0
"""Associative-embedding grouping, step by step as HigherHRNet's parser defines it (slow)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Solver = Callable[[Array], Array]


@dataclass
class Settings:
    """What the parser can be told."""

    order: tuple[int, ...]
    detection_threshold: float = 0.1
    tag_threshold: float = 1.0
    max_people: int = 30
    nms_kernel: int = 5
    use_detection_val: bool = True
    ignore_too_much: bool = False
    adjust: bool = True
    refine: bool = True
    merge_equal_tags: bool = True


def peaks_of(heat: Array, settings: Settings) -> Array:
    """[M, 2] columns and rows of one joint's peaks, highest first."""
    size = settings.nms_kernel
    padded = np.pad(heat, size // 2, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, (size, size)).max(axis=(2, 3))
    rows, columns = np.nonzero((heat == highest) & (heat > settings.detection_threshold))
    order = np.argsort(-heat[rows, columns], kind="stable")[: settings.max_people]
    return np.stack([columns[order], rows[order]], axis=1)


class Person:
    """Joints and the tags that brought them here."""

    def __init__(self, joints: int, tag: Array) -> None:
        self.rows = np.zeros((joints, 3 + len(tag)), np.float32)
        self.key = tag[0]
        self.tags: list[Array] = []

    def add(self, joint: int, x: int, y: int, score: float, tag: Array) -> None:
        self.rows[joint] = [x, y, score, *tag]
        self.tags.append(tag)

    def mean_tag(self) -> Array:
        total = self.tags[0]
        for tag in self.tags[1:]:
            total = total + tag
        return np.asarray(total / np.float32(len(self.tags)))


def start_person(people: list[Person], heat: Array, tag: Array, settings: Settings) -> Person:
    """A new person, or the one whose first peak had the same first tag component."""
    for person in people if settings.merge_equal_tags else []:
        if person.key == tag[0]:
            person.tags = []
            return person
    people.append(Person(len(heat), tag))
    return people[-1]


def match(heat: Array, tag: Array, settings: Settings, solve: Solver) -> list[Person]:
    """Peaks to people, joint after joint."""
    people: list[Person] = []
    for joint in settings.order:
        peaks = peaks_of(heat[joint], settings)
        values = heat[joint][peaks[:, 1], peaks[:, 0]]
        tags = tag[joint][peaks[:, 1], peaks[:, 0]]
        known = people[: settings.max_people]
        if settings.ignore_too_much and known and len(known) == settings.max_people:
            continue
        owner: dict[int, int] = {}
        if known and len(peaks):
            means = np.array([person.mean_tag() for person in known])
            difference = tags[:, None].astype(np.float64) - means[None].astype(np.float64)
            distance = np.sqrt((difference**2).sum(axis=2))
            cost = distance
            if settings.use_detection_val:
                cost = np.round(distance) * 100 - values[:, None].astype(np.float64)
            surplus = max(0, len(peaks) - len(known))
            cost = np.pad(cost, ((0, 0), (0, surplus)), constant_values=1e10)
            pairs = [(r, c) for r, c in solve(cost).tolist() if c < len(known)]
            owner = {r: c for r, c in pairs if distance[r, c] < settings.tag_threshold}
        for i, (x, y) in enumerate(peaks.tolist()):
            if i in owner:
                person = people[owner[i]]
            else:
                person = start_person(people, heat, tags[i], settings)
            person.add(joint, x, y, float(values[i]), tags[i])
    return people


def _quarter(heat: Array, x: int, y: int) -> tuple[float, float]:
    height, width = heat.shape
    right = heat[y, min(x + 1, width - 1)] > heat[y, max(x - 1, 0)]
    down = heat[min(y + 1, height - 1), x] > heat[max(y - 1, 0), x]
    return x + 0.5 + (0.25 if right else -0.25), y + 0.5 + (0.25 if down else -0.25)


def refine(heat: Array, tag: Array, rows: Array) -> None:
    """Fill the joints that a person lacks with the best cell of the whole map, in place."""
    seen = np.flatnonzero(rows[:, 2] > 0)
    total = np.zeros(tag.shape[-1], np.float32)
    for joint in seen:
        x, y = rows[joint, :2].astype(int)
        total = total + tag[joint, y, x]
    mean = total / np.float32(len(seen))
    for joint in np.flatnonzero(rows[:, 2] == 0):
        distance = np.sqrt(((tag[joint] - mean) ** 2).sum(axis=2))
        y, x = np.unravel_index(np.argmax(heat[joint] - np.round(distance)), heat.shape[1:])
        if heat[joint, y, x] > 0:
            rows[joint, :2] = _quarter(heat[joint], int(x), int(y))
            rows[joint, 2] = heat[joint, y, x]


def group(heat: Array, tag: Array, settings: Settings, solve: Solver) -> tuple[Array, Array]:
    """People [P, K, 3 + T] as x, y, score, tag and their scores [P].

    `solve` gives the pairs (row, column) of least total cost: peaks tie often, and which of several
    equal assignments is taken is its choice.
    """
    people = [person.rows for person in match(heat, tag, settings, solve)]
    score = np.array([rows[:, 2].mean() for rows in people], np.float32)
    for rows in people:
        if settings.adjust:
            for joint in np.flatnonzero(rows[:, 2] > 0):
                x, y = rows[joint, :2].astype(int)
                rows[joint, :2] = _quarter(heat[joint], int(x), int(y))
        if settings.refine:
            refine(heat, tag, rows)
    stacked = np.array(people, np.float32).reshape(-1, len(heat), 3 + tag.shape[-1])
    return stacked, score
