# SPDX-License-Identifier: Apache-2.0
"""What comparisons of two networks have in common, whether they look at boxes or at pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.evaluation.disagreement import Doubles
from edgepose.metrics.oks import oks_matrix
from edgepose.types import Skeleton

# Area of a person over that of its box, as COCO's people have it on average.
AREA_OF_BOX = 0.53
Outputs = dict[str, NDArray[Any]]


def shared_keypoints(a: Skeleton, b: Skeleton) -> tuple[list[int], list[int]]:
    """Indices in both skeletons of the keypoints that both name, in the first one's order.

    Raises:
        InputError: No name is shared.
    """
    known = {name: index for index, name in enumerate(b.names)}
    pairs = [(index, known[name]) for index, name in enumerate(a.names) if name in known]
    if not pairs:
        raise InputError(
            f"the models share no keypoint name: {', '.join(a.names[:5])}, ... and "
            f"{', '.join(b.names[:5])}, ..."
        )
    return [first for first, _ in pairs], [second for _, second in pairs]


def sigmas_of(skeleton: Skeleton, rows: Sequence[int]) -> list[float] | None:
    """OKS constants of some keypoints; None of a skeleton that has none."""
    return [skeleton.sigmas[row] for row in rows] if skeleton.sigmas else None


def pair_oks(
    xy_a: Doubles,
    xy_b: Doubles,
    area: float,
    sigmas: Sequence[float] | None,
    counts: NDArray[np.bool_],
) -> float:
    """Similarity of two people [K, 2] by the keypoints that count; NaN without any, or sigmas."""
    if sigmas is None or not counts.any():
        return float("nan")
    return float(oks_matrix([xy_a], [xy_b], [area], sigmas, mask=[counts])[0, 0])


def keep(kept: list[Outputs], outputs: Outputs) -> None:
    """Copies outputs by role, which change with the next run."""
    kept.append({role: array.copy() for role, array in outputs.items()})


def add_differences(a: Sequence[Outputs], b: Sequence[Outputs], worst: dict[str, float]) -> None:
    """Raises the largest differences by role, where both ran the same batches to the same shapes.

    Args:
        a: Outputs of each run of the first network.
        b: Of the second.
        worst: Largest absolute difference so far by role; changed.
    """
    if len(a) != len(b):
        return
    for first, second in zip(a, b, strict=True):
        for role, maps in first.items():
            if role in second and second[role].shape == maps.shape:
                found = float(np.abs(maps - second[role]).max(initial=0.0))
                worst[role] = max(worst.get(role, 0.0), found)
