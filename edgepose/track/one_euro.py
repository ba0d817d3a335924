# SPDX-License-Identifier: Apache-2.0
"""Keypoints smoothed over time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError


class OneEuro:
    """One Euro filter over the keypoints of one person: calm at rest, quick in motion.

    Timestamps need not be even. A missing keypoint (NaN) stays missing in the output, keeps its
    state, and is weighed by the time since it was last seen when it comes back. A sample that is
    not later than the last one is not taken in: the last smoothed place is the answer.

    Args:
        keypoints: K.
        min_cutoff_hz: Cutoff of a keypoint at rest; lower is calmer.
        beta: Cutoff added per speed in object sizes per second; higher lags less.
        derivative_cutoff_hz: Cutoff of the speed.

    Raises:
        InputError: A negative count, a cutoff that is not positive and finite, a `beta` that is
            negative or not finite.

    Example:
        >>> smooth = OneEuro(1)
        >>> smooth([[10.0, 20.0]], seconds=0.0, object_size=100.0).tolist()
        [[10.0, 20.0]]
        >>> x, y = smooth([[11.0, 20.0]], seconds=0.1, object_size=100.0)[0].tolist()
        >>> 10.0 < x < 11.0, y
        (True, 20.0)

    Source:
        Casiez, Roussel and Vogel 2012, "1 Euro Filter"; defaults and scaling by the object's size
        as in MediaPipe's pose landmarks.
    """

    def __init__(
        self,
        keypoints: int,
        *,
        min_cutoff_hz: float = 0.05,
        beta: float = 80.0,
        derivative_cutoff_hz: float = 1.0,
    ) -> None:
        self._options = _checked(min_cutoff_hz, beta, derivative_cutoff_hz)
        self._keypoints = keypoints
        self.reset()

    def __call__(self, xy: ArrayLike, *, seconds: float, object_size: float) -> NDArray[np.float64]:
        """Smooth one sample.

        Args:
            xy: [K, 2] in any one frame; NaN where a keypoint is missing.
            seconds: When the sample was taken.
            object_size: Size of the person in the unit of `xy`, such as the longer side of the
                box. If it is not positive and finite the sample comes back as it is.

        Returns:
            float64 [K, 2], NaN where missing.

        Raises:
            InputError: Another number of keypoints, or `seconds` that is not finite.
        """
        if not np.isfinite(seconds):
            raise InputError(f"seconds must be finite; got {seconds}")
        points = np.asarray(xy, np.float64)
        return _core.one_euro_apply(points, self._states, seconds, object_size, *self._options)

    def reset(self) -> None:
        """Forget all samples."""
        self._states = _core.one_euro_states(self._keypoints)


class OneEuroPeople:
    """One Euro filters over the keypoints of many people, all of whom one call smooths.

    Each person has an id, such as the track's, and what `OneEuro` keeps. People who are not in a
    frame keep it until they are forgotten, so somebody who comes back is smoothed on.

    Args:
        keypoints: K.
        min_cutoff_hz: As for `OneEuro`, and the next two.
        beta: Cutoff added per speed in object sizes per second; higher lags less.
        derivative_cutoff_hz: Cutoff of the speed.

    Raises:
        InputError: As `OneEuro`.

    Example:
        >>> smooth = OneEuroPeople(1)
        >>> smooth([7, 3], [[[10, 20]], [[5, 5]]], seconds=0.0, object_size=100.0).tolist()
        [[[10.0, 20.0]], [[5.0, 5.0]]]
        >>> x, y = smooth([7], [[[11, 20]]], seconds=0.1, object_size=100.0)[0, 0].tolist()
        >>> 10.0 < x < 11.0, y
        (True, 20.0)
        >>> smooth.keep([7])
        >>> smooth.people
        [7]
    """

    def __init__(
        self,
        keypoints: int,
        *,
        min_cutoff_hz: float = 0.05,
        beta: float = 80.0,
        derivative_cutoff_hz: float = 1.0,
    ) -> None:
        self._options = _checked(min_cutoff_hz, beta, derivative_cutoff_hz)
        self._unseen = _core.one_euro_states(keypoints)
        self.reset()

    def __call__(
        self,
        person: Sequence[int],
        xy: ArrayLike,
        *,
        seconds: ArrayLike,
        object_size: ArrayLike,
    ) -> NDArray[np.float64]:
        """Smooth one sample of each person.

        Args:
            person: N ids, none twice; one that is not known yet starts anew.
            xy: [N, K, 2] in any one frame; NaN where a keypoint is missing.
            seconds: When the samples were taken, one time or [N].
            object_size: Size of each person in the unit of `xy`, one or [N]; see `OneEuro`.

        Returns:
            float64 [N, K, 2], NaN where missing.

        Raises:
            InputError: Arrays that do not fit `person`, an id twice, or a time that is not finite.
        """
        count, joints = len(person), len(self._unseen)
        points = np.asarray(xy, np.float64)
        if points.shape != (count, joints, 2):
            raise InputError(f"xy must be [{count},{joints},2]; got {points.shape}")
        times = _one_each("seconds", seconds, count)
        if not (np.isfinite(times).all() if times.ndim else math.isfinite(times)):
            raise InputError(f"seconds must be finite; got {seconds!r}")
        sizes = _one_each("object_size", object_size, count)
        if len(set(person)) != count:
            raise InputError(f"person must be different ids; got {list(person)}")
        slots = list(map(self._slots.get, person))
        if None in slots:
            slots = [self._slot(each) for each in person]
        rows = np.array(slots, np.int64)
        return _core.one_euro_apply_people(points, self._states, rows, times, sizes, *self._options)

    @property
    def people(self) -> list[int]:
        """Ids that are known, in the order in which they came."""
        return list(self._slots)

    def keep(self, person: Iterable[int]) -> None:
        """Forget everybody but these; ids that are not known are passed over."""
        kept = set(person)
        for gone in [each for each in self._slots if each not in kept]:
            slot = self._slots.pop(gone)
            self._states[slot] = self._unseen
            self._free.append(slot)

    def reset(self) -> None:
        """Forget everybody."""
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._states = np.empty((0, *self._unseen.shape))

    def _slot(self, person: int) -> int:
        """The row of a person's states, a fresh one for somebody new."""
        slot = self._slots.get(person)
        if slot is None:
            if not self._free:
                known = len(self._states)
                rows = np.broadcast_to(self._unseen, (max(4, known), *self._unseen.shape))
                self._states = np.concatenate([self._states, rows])
                self._free = list(range(len(self._states) - 1, known - 1, -1))
            slot = self._slots[person] = self._free.pop()
        return slot


def _checked(*options: float) -> tuple[float, float, float]:
    """The options of a filter, whose faults are told now rather than at the first frame."""
    cutoff, beta, derivative = map(float, options)
    _core.one_euro_apply(np.zeros((0, 2)), np.zeros((0, 7)), 0.0, 1.0, cutoff, beta, derivative)
    return cutoff, beta, derivative


def _one_each(name: str, value: ArrayLike, count: int) -> NDArray[np.float64]:
    """One number for each of the people, or for all."""
    found = np.asarray(value, np.float64)
    if found.shape not in ((), (count,)):
        raise InputError(f"{name} must be one number or [{count}]; got {found.shape}")
    return found
