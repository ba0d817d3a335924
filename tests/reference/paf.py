# SPDX-License-Identifier: Apache-2.0
"""Peaks, limb scores and people from part affinity fields, one obvious loop after another."""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.group import PafOptions, PafSkeleton

Map = NDArray[np.float32]
Link = tuple[float, int, int]


@dataclass
class Person:
    """Peak of each part or -1, the summed score and the counted joints."""

    parts: list[int]
    total: float
    count: int


@dataclass
class Peaks:
    """Of one part, in scan order."""

    xy: list[tuple[float, float]] = field(default_factory=list)
    score: list[float] = field(default_factory=list)


def smoothing_kernel(size: int) -> NDArray[np.float64]:
    """The kernel of tf-pose-estimation: roots of normal bin weights over three deviations."""
    half = 3.0 + (2 * 3.0 + 1) / size / 2
    edges = np.linspace(-half, half, size + 1)
    bins = np.diff([0.5 * (1 + math.erf(edge / math.sqrt(2))) for edge in edges])
    roots = np.sqrt(bins)
    return np.asarray(roots / roots.sum())


def enlarge(maps: Map, rules: PafOptions) -> Map:
    """[C, H, W] to [C, sH, sW]."""
    scale = rules.upscale
    if scale == 1:
        return maps
    if rules.interpolation == "repeat":
        return maps.repeat(scale, axis=1).repeat(scale, axis=2)
    size = (maps.shape[2] * scale, maps.shape[1] * scale)
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_CUBIC) for one in maps])


def smooth(heat: Map, size: int) -> Map:
    """Gaussian over a zero border."""
    kernel = smoothing_kernel(size)
    wide = heat.astype(np.float64)
    return np.asarray(
        cv2.sepFilter2D(wide, -1, kernel, kernel, borderType=cv2.BORDER_CONSTANT), np.float32
    )


def is_peak(heat: Map, x: int, y: int, rules: PafOptions) -> bool:
    """Whether the cell is a local maximum under the rule."""
    height, width = heat.shape
    value = heat[y, x]
    if not value > np.float32(rules.peak_threshold):
        return False
    around = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    if rules.peak_rule != "cross":
        around += [(-1, -1), (1, -1), (-1, 1), (1, 1)]
    inner = 1 < x < width - 2 and 1 < y < height - 2
    ring = x in (1, width - 2) or y in (1, height - 2)
    if rules.peak_rule == "openpose" and not inner and not ring:
        return False
    strict = rules.peak_rule == "cross" or (rules.peak_rule == "openpose" and inner)
    for dx, dy in around:
        if 0 <= x + dx < width and 0 <= y + dy < height:
            other = heat[y + dy, x + dx]
            if other > value or (strict and other == value):
                return False
    return True


def centroid(heat: Map, x: int, y: int) -> tuple[float, float]:
    """Mean place of the positive cells of the 7x7 window, weighted by value."""
    rows, columns = np.mgrid[:7, :7]
    total = sum_x = sum_y = 0.0
    for row, column in zip((rows + y - 3).ravel(), (columns + x - 3).ravel(), strict=True):
        if 0 <= row < heat.shape[0] and 0 <= column < heat.shape[1] and heat[row, column] > 0:
            value = float(heat[row, column])
            total, sum_x, sum_y = total + value, sum_x + column * value, sum_y + row * value
    return (sum_x / total, sum_y / total) if total > 0 else (float(x), float(y))


def find_peaks(heat: Map, rules: PafOptions) -> Peaks:
    """Of one enlarged map."""
    seen = smooth(heat, rules.smoothing_size) if rules.smoothing_size else heat
    cells = [
        (int(x), int(y))
        for y, x in np.argwhere(seen > rules.peak_threshold)
        if is_peak(seen, int(x), int(y), rules)
    ]
    cells.sort(key=lambda cell: (-seen[cell[1], cell[0]], cell[1], cell[0]))
    cells = sorted(cells[: rules.max_peaks], key=lambda cell: (cell[1], cell[0]))
    if rules.min_distance > 0:
        cells.sort()
        kept: list[tuple[int, int]] = []
        for cell in cells:
            if all(math.dist(cell, other) >= rules.min_distance for other in kept):
                kept.append(cell)
        cells = kept
    peaks = Peaks()
    for x, y in cells:
        at = centroid(heat, x, y) if rules.centroid else (float(x), float(y))
        peaks.xy.append((at[0] + rules.peak_offset, at[1] + rules.peak_offset))
        peaks.score.append(float(heat[y, x]))
    return peaks


def link_score(a: Any, b: Any, paf_x: Map, paf_y: Map, rules: PafOptions) -> float:
    """Line integral of the field from a to b, or NaN where they are not linked."""
    height, width = paf_x.shape
    ax, ay, bx, by = map(np.float32, (*a, *b))
    dx, dy = bx - ax, by - ay
    length = np.sqrt(dx * dx + dy * dy)
    if not length > 1e-6:
        return math.nan
    reach = np.sqrt(np.float32(5) * max(abs(dx), abs(dy)))
    count = max(rules.min_samples, min(rules.max_samples, int(reach + np.float32(0.5))))
    steps = np.float32(count - 1 if rules.sample_end else count)
    passed = total = everything = 0.0
    for index in range(count):
        x = math.floor(float(ax + np.float32(index) * (dx / steps)) + 0.5)
        y = math.floor(float(ay + np.float32(index) * (dy / steps)) + 0.5)
        x, y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
        along = float(dx / length * paf_x[y, x] + dy / length * paf_y[y, x])
        everything += along
        if along > np.float32(rules.sample_threshold):
            passed, total = passed + 1, total + along
    if np.float32(passed) / np.float32(count) > np.float32(rules.min_fraction):
        score = everything / count if rules.mean_of_all else total / passed
        if rules.length_prior > 0:
            score += min(0.0, rules.length_prior * height / float(length) - 1)
        return score if score > 1e-6 else math.nan
    near = math.sqrt(width * height) / 150
    return rules.near_score if rules.near_score > 0 and length < near else math.nan


def match(links: list[Link], rows: int, columns: int, rules: PafOptions) -> list[Link]:
    """Links that share no end: best first, or the set of the greatest sum."""
    ordered = sorted(links, reverse=True)
    if rules.matching == "optimal":
        optimize: Any = importlib.import_module("scipy.optimize")
        gain = np.zeros((rows, columns))
        for score, a, b in links:
            gain[a, b] = score
        chosen = set(
            zip(*map(np.ndarray.tolist, optimize.linear_sum_assignment(gain, True)), strict=True)
        )
        return [link for link in ordered if link[1:] in chosen]
    used_a: set[int] = set()
    used_b: set[int] = set()
    kept = []
    for score, a, b in ordered:
        if a not in used_a and b not in used_b:
            used_a.add(a)
            used_b.add(b)
            kept.append((score, a, b))
    return kept


def extend(
    people: list[Person],
    a: tuple[int, int],
    b: tuple[int, int],
    link: float,
    peaks: Any,
    every: bool,
) -> None:
    """A link gives its end to the owners of its start, or starts a person."""
    (part_a, peak_a), (part_b, peak_b) = a, b
    owners = [person for person in people if person.parts[part_a] == peak_a]
    for person in owners if every else owners[:1]:
        if person.parts[part_b] < 0:
            person.parts[part_b] = peak_b
            person.count += 1
            person.total += peaks[part_b].score[peak_b] + link
        elif person.parts[part_b] == peak_b:
            person.total += link
    if not owners:
        start(people, a, b, link, peaks)


def start(
    people: list[Person], a: tuple[int, int], b: tuple[int, int], link: float, peaks: Any
) -> None:
    """A person of two joints."""
    parts = [-1] * len(peaks)
    parts[a[0]], parts[b[0]] = a[1], b[1]
    total = peaks[a[0]].score[a[1]] + peaks[b[0]].score[b[1]] + link
    people.append(Person(parts, total, 2))


def merge(
    people: list[Person],
    a: tuple[int, int],
    b: tuple[int, int],
    link: float,
    peaks: Any,
    starts: bool,
) -> None:
    """A link joins the owners of its two ends."""
    owners = [p for p in people if p.parts[a[0]] == a[1] or p.parts[b[0]] == b[1]]
    if not owners and starts:
        start(people, a, b, link, peaks)
    elif len(owners) == 1:
        one = owners[0]
        if one.parts[b[0]] != b[1]:
            one.parts[b[0]] = b[1]
            one.count += 1
            one.total += peaks[b[0]].score[b[1]] + link
    elif len(owners) == 2:
        one, two = owners
        disjoint = all(i < 0 or j < 0 for i, j in zip(one.parts, two.parts, strict=True))
        if disjoint:
            one.parts = [max(i, j) for i, j in zip(one.parts, two.parts, strict=True)]
            one.count += two.count
            one.total += two.total + link
            people.remove(two)
        else:
            one.parts[b[0]] = b[1]
            one.count += 1
            one.total += peaks[b[0]].score[b[1]] + link


def group(heat: Map, paf: Map, skeleton: PafSkeleton, rules: PafOptions) -> Any:
    """People as (parts, score) by falling score, and the peaks of each part."""
    heat, paf = enlarge(heat[: len(skeleton)], rules), enlarge(paf, rules)
    peaks = [find_peaks(one, rules) for one in heat]
    people: list[Person] = []
    for index, ((a, b), (x, y)) in enumerate(zip(skeleton.limbs, skeleton.channels, strict=True)):
        if not peaks[a].xy or not peaks[b].xy:
            if rules.singles:
                only = a if peaks[a].xy else b
                for peak, score in enumerate(peaks[only].score):
                    if all(person.parts[only] != peak for person in people):
                        people.append(Person([-1] * len(peaks), score, 1))
                        people[-1].parts[only] = peak
            continue
        links = []
        for i, from_xy in enumerate(peaks[a].xy):
            for j, to_xy in enumerate(peaks[b].xy):
                score = link_score(from_xy, to_xy, paf[x], paf[y], rules)
                if math.isfinite(score):
                    links.append((score, i, j))
        for score, i, j in match(links, len(peaks[a].xy), len(peaks[b].xy), rules):
            redundant = index in skeleton.redundant
            if rules.assembly == "merge":
                merge(people, (a, i), (b, j), score, peaks, not redundant)
            elif redundant:
                fill(people, (a, i), (b, j))
            else:
                extend(people, (a, i), (b, j), score, peaks, rules.assembly == "extend_all")
    found = [
        (person.parts, person.total / divisor(person, skeleton, rules))
        for person in people
        if is_kept(person, skeleton, rules)
    ]
    return sorted(found, key=lambda person: -person[1]), peaks


def fill(people: list[Person], a: tuple[int, int], b: tuple[int, int]) -> None:
    """Either end for those who hold the other alone."""
    for person in people:
        if person.parts[a[0]] == a[1] and person.parts[b[0]] < 0:
            person.parts[b[0]] = b[1]
        elif person.parts[b[0]] == b[1] and person.parts[a[0]] < 0:
            person.parts[a[0]] = a[1]


def is_kept(person: Person, skeleton: PafSkeleton, rules: PafOptions) -> bool:
    """Enough counted joints, and enough score for each."""
    uncounted = sum(person.parts[part] >= 0 for part in skeleton.uncounted)
    count = person.count - uncounted
    least = rules.min_joints_partly if uncounted else rules.min_joints
    return count >= max(least, 1) and person.total / count >= rules.min_joint_score


def divisor(person: Person, skeleton: PafSkeleton, rules: PafOptions) -> int:
    """Of the person's total."""
    whole = len(skeleton) + len(skeleton.limbs)
    return {"total": 1, "per_joint": person.count, "per_part_and_limb": whole}[rules.person_score]
