# SPDX-License-Identifier: Apache-2.0
"""Keypoints smoothed over time."""

from __future__ import annotations

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
        self._options = (float(min_cutoff_hz), float(beta), float(derivative_cutoff_hz))
        self._keypoints = keypoints
        self.reset()
        # Told now rather than at the first frame.
        _core.one_euro_apply(np.zeros((0, 2)), np.zeros((0, 7)), 0.0, 1.0, *self._options)

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
