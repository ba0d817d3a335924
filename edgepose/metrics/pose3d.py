# SPDX-License-Identifier: Apache-2.0
"""Errors of poses in space: MPJPE, and with poses aligned first PA-MPJPE and N-MPJPE.

Source: Ionescu et al., Human3.6M: Large Scale Datasets and Predictive Methods for 3D Human Sensing;
Umeyama, Least-squares estimation of transformation parameters between two point patterns; Rhodin
et al., Unsupervised Geometry-Aware Representation for 3D Human Pose Estimation (N-MPJPE).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose import _core
from edgepose.errors import InputError

Alignment = Literal["none", "scale", "procrustes", "rigid"]


@dataclass(frozen=True, slots=True, eq=False)
class PositionError:
    """Result of `mpjpe`, in the unit of the poses.

    Attributes:
        per_person: [N] mean over the counted joints; NaN for a person without one.
        counted: [N] counted joints.
        aligned: [N,K,3] the predicted poses after alignment.
    """

    per_person: NDArray[np.float64]
    counted: NDArray[np.int64]
    aligned: NDArray[np.float64]

    @property
    def value(self) -> float:
        """Mean over all counted joints of all people; NaN when there is none."""
        any_counted = self.counted > 0
        total = int(self.counted.sum())
        weighted = self.per_person[any_counted] * self.counted[any_counted]
        return float(weighted.sum()) / total if total else float("nan")


def mpjpe(
    predicted: ArrayLike,
    labelled: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    alignment: Alignment = "none",
    fit_mask: ArrayLike | None = None,
) -> PositionError:
    """Mean per-joint position error.

    Args:
        predicted: [N,K,3].
        labelled: [N,K,3] in the same unit.
        mask: [N,K] joints that the error is over; all when None.
        alignment: "none"; "scale" multiplies each predicted pose by the factor that fits best
            (N-MPJPE); "procrustes" moves, turns and scales it (PA-MPJPE); "rigid" moves and turns.
        fit_mask: [N,K] joints that the alignment is over; all when None, as in mmpose.

    Returns:
        Errors per person and the aligned poses.

    Raises:
        InputError: Shapes that do not fit together, or an unknown alignment.

    Example:
        >>> pose = np.array([[[0.0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]]])
        >>> mpjpe(pose + [0, 0, 2.0], pose).value
        2.0
        >>> round(mpjpe(2 * pose + 5, pose, alignment="procrustes").value, 9)
        0.0
    """
    points = np.asarray(predicted, dtype=np.float64)
    truth = np.asarray(labelled, dtype=np.float64)
    if points.ndim != 3 or points.shape[2] != 3 or points.shape != truth.shape:
        raise InputError(
            f"predicted and labelled must be [N,K,3]; got {points.shape} and {truth.shape}"
        )
    counted = np.ones(points.shape[:2], np.bool_) if mask is None else np.asarray(mask, np.bool_)
    fitted = None if fit_mask is None else np.asarray(fit_mask, np.bool_)
    per_person, aligned = _core.mpjpe(points, truth, counted, fitted, alignment)
    return PositionError(per_person, counted.sum(axis=1), aligned)


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """target = scale * rotation @ source + translation; `rotation` [3,3] never mirrors."""

    rotation: NDArray[np.float64]
    scale: float
    translation: NDArray[np.float64]

    def __call__(self, points: ArrayLike) -> NDArray[np.float64]:
        """Moves points [...,3]."""
        moved: NDArray[np.float64] = (
            self.scale * (np.asarray(points, np.float64) @ self.rotation.T) + self.translation
        )
        return moved


def fit_similarity(
    source: ArrayLike, target: ArrayLike, *, mask: ArrayLike | None = None, scaled: bool = True
) -> Similarity:
    """The similarity transform that brings `source` closest to `target`.

    Args:
        source: [K,3].
        target: [K,3].
        mask: [K] points that count; all when None.
        scaled: Whether the scale is free, or 1.

    Returns:
        The transform. Points that span only a line or a plane leave the rotation open: one of the
        best is given.

    Raises:
        InputError: Shapes that do not fit together.

    Example:
        >>> points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
        >>> round(fit_similarity(points, 3 * points).scale, 9)
        3.0
    """
    counted = None if mask is None else np.asarray(mask, np.bool_)
    found = _core.fit_similarity(
        np.asarray(source, np.float64), np.asarray(target, np.float64), counted, scaled
    )
    return Similarity(*found)
