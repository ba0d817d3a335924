# SPDX-License-Identifier: Apache-2.0
"""People from joint heatmaps and tag maps (associative embedding)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

# COCO-17: head and trunk first, then the limbs, as HigherHRNet groups them.
COCO_JOINT_ORDER = (0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16)


@dataclass(frozen=True)
class TagPeople:
    """People, in the order that `group_tags` was asked for; joints not found hold zeros.

    Attributes:
        xy: float32 [P, K, 2] cells.
        score_kp: float32 [P, K].
        tags: float32 [P, K, T] of the peaks; zeros for joints filled by `refine`.
        score: float32 [P], mean of the joint scores before `refine`.
    """

    xy: NDArray[np.float32]
    score_kp: NDArray[np.float32]
    tags: NDArray[np.float32]
    score: NDArray[np.float32]


def group_tags(
    heatmaps: NDArray[np.float32],
    tags: NDArray[np.float32],
    *,
    detection_threshold: float = 0.1,
    tag_threshold: float = 1.0,
    max_people: int = 30,
    nms_kernel: int = 5,
    use_detection_val: bool = True,
    ignore_too_much: bool = False,
    merge_equal_tags: bool = True,
    adjust: bool = True,
    refine: bool = True,
    joint_order: Sequence[int] | None = None,
    person_threshold: float = -math.inf,
    by_score: bool = False,
) -> TagPeople:
    """Group the peaks of all joints of one picture into people.

    Joint after joint, the highest peaks are assigned to the people so far at the least total
    distance of tags; a peak further than `tag_threshold` from its person starts a new one.

    With `adjust`, and for every joint that `refine` fills in, x and y are column + 0.5 +- 0.25 and
    row + 0.5 +- 0.25 as published (0 is the corner of the map); without, the column and row.

    Args:
        heatmaps: float32 [K, H, W], any strides. NaN cells are passed over.
        tags: float32 [K, H, W, T], any strides; [1, H, W, T] is shared by all joints. Peaks with a
            tag that is not finite are dropped.
        detection_threshold: Excluded lower bound of a peak; below 0 counts as 0.
        tag_threshold: Excluded upper bound of the distance between a peak's tag and a person's.
        max_people: Highest peaks kept per joint, and people that peaks are matched with.
        nms_kernel: Odd side in cells of the square that a peak must be the maximum of.
        use_detection_val: Round the distances and take the surer peak among equals.
        ignore_too_much: Skip a joint's peaks once `max_people` people are found.
        merge_equal_tags: A peak that would start a person joins one started with exactly the same
            first tag component instead, as published.
        adjust: Move joints a quarter of a cell towards the higher neighbour.
        refine: Give people each joint they lack at the cell of the highest heat - round(distance).
        joint_order: Order of matching, each joint once; 0, 1, ... by default.
        person_threshold: Least score of a person; others go.
        by_score: Give people by falling score instead of in the order in which they were started.

    Returns:
        The people found, at most K * `max_people`.

    Raises:
        InputError: Wrong dtype or shape, an even `nms_kernel`, a NaN threshold, `max_people`
            outside 0..4096 or a `joint_order` that is no order of the joints.

    Example:
        >>> heat = np.zeros((2, 5, 5), np.float32)
        >>> heat[0, 1, 1] = heat[1, 3, 3] = 0.9
        >>> people = group_tags(heat, np.zeros((2, 5, 5, 1), np.float32), adjust=False)
        >>> people.xy.tolist()
        [[[1.0, 1.0], [3.0, 3.0]]]

    Source:
        Newell et al. 2017, "Associative Embedding"; Cheng et al. 2020, "HigherHRNet".
    """
    if nms_kernel < 1 or nms_kernel % 2 == 0:
        raise InputError(f"nms_kernel must be odd and positive; got {nms_kernel}")
    order = [] if joint_order is None else [int(joint) for joint in joint_order]
    if joint_order is not None and sorted(order) != list(range(len(heatmaps))):
        raise InputError(f"joint_order must name each of {len(heatmaps)} joints once; got {order}")
    found = _core.tags_group(
        heatmaps,
        tags,
        detection_threshold,
        tag_threshold,
        max_people,
        nms_kernel // 2,
        use_detection_val,
        ignore_too_much,
        merge_equal_tags,
        adjust,
        refine,
        order,
        person_threshold,
        by_score,
    )
    return TagPeople(*found)
