# SPDX-License-Identifier: Apache-2.0
"""PCKh: correct keypoints by the size of the head, and MPII's table.

Source: Andriluka et al., 2D Human Pose Estimation: New Benchmark and State of the Art Analysis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from edgepose.errors import InputError
from edgepose.metrics.pck import PckCounts, pck

# MPII divides by this share of the head box's diagonal.
HEAD_SHARE = 0.6

# Rows of MPII's table and the joints (0-based, MPII's order of 16) whose mean they are.
MPII_GROUPS = {
    "Head": (9,),
    "Shoulder": (12, 13),
    "Elbow": (11, 14),
    "Wrist": (10, 15),
    "Hip": (2, 3),
    "Knee": (1, 4),
    "Ankle": (0, 5),
}
# Pelvis and thorax take no part in the mean.
MPII_LEFT_OUT = (6, 7)


def pckh(
    predicted: ArrayLike,
    labelled: ArrayLike,
    visible: ArrayLike,
    head_box: ArrayLike,
    threshold: float = 0.5,
) -> PckCounts:
    """Counts keypoints within `threshold` head sizes of their label.

    Args:
        predicted: [N,K,2] pixels; NaN for what was not found, which counts as wrong.
        labelled: [N,K,2] pixels in the same frame (MPII's own files count from 1).
        visible: [N,K] True where labelled.
        head_box: [N,4] xyxy pixels; the head's size is 0.6 x its diagonal.
        threshold: Share of the head's size that is still correct (a distance equal to it is).

    Returns:
        The counts per keypoint.

    Raises:
        InputError: Shapes that do not fit together, or a head without a size.

    Example:
        >>> pckh([[[0, 0]]], [[[3, 0]]], [[True]], [[0, 0, 6, 8]]).value
        1.0
    """
    box = np.asarray(head_box, dtype=np.float64)
    if box.ndim != 2 or box.shape[1] != 4:
        raise InputError(f"head_box must be [N,4]; got {box.shape}")
    size = HEAD_SHARE * np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    return pck(predicted, labelled, visible, size, threshold)


def mpii_table(counts: PckCounts) -> dict[str, float]:
    """Head to Ankle and the Mean of MPII's table from the counts of its 16 joints.

    Sides of a pair weigh alike; the mean weighs every labelled keypoint alike, without pelvis and
    thorax.

    Args:
        counts: From `pckh` with MPII's 16 joints in their own order.

    Returns:
        Fractions by name; NaN where nothing is labelled.

    Raises:
        InputError: Not 16 joints.

    Example:
        >>> mpii_table(PckCounts(np.full(16, 3), np.full(16, 4)))["Mean"]
        0.75
    """
    if len(counts.labelled) != 16:
        raise InputError(f"MPII has 16 joints; got {len(counts.labelled)}")
    share = counts.per_keypoint
    table = {name: float(share[list(joints)].mean()) for name, joints in MPII_GROUPS.items()}
    kept = np.setdiff1d(np.arange(16), MPII_LEFT_OUT)
    table["Mean"] = PckCounts(counts.correct[kept], counts.labelled[kept]).value
    return table
