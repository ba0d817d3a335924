# SPDX-License-Identifier: Apache-2.0
"""Targets of bottom-up training on one picture: heatmaps, fields along limbs, cells of tags."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

FIELD_WIDTH = 1.0  # cells to either side of a limb
WEIGHED_SHARE = 0.5  # of a cell that must count for the cell to count


def to_cells(people: NDArray[np.float64], stride: int, hw: tuple[int, int]) -> NDArray[np.float64]:
    """Keypoints of input px in cells; those outside the map become unlabelled.

    Args:
        people: [P, K, 3] x, y in input px and visibility; not modified.
        stride: Input px per cell.
        hw: Rows and columns of the map.

    Returns:
        [P, K, 3], the inverse of the runtime's `half_pixel`.
    """
    cells = people.copy()
    cells[..., :2] = (people[..., :2] + 0.5) / stride - 0.5
    limit = np.array([hw[1], hw[0]]) - 0.5
    inside = ((cells[..., :2] >= -0.5) & (cells[..., :2] < limit)).all(-1)
    cells[..., 2] *= inside
    return cells


def heatmaps(cells: NDArray[np.float64], hw: tuple[int, int], sigma: float) -> NDArray[np.float32]:
    """The highest Gaussian over everybody: [K, H, W], 1 at a keypoint.

    Args:
        cells: [P, K, 3] of `to_cells`.
        hw: Rows and columns of the maps.
        sigma: Standard deviation in cells.
    """
    result = np.zeros((cells.shape[1], *hw), np.float32)
    for person in cells:
        tables = []
        for axis, size in ((1, hw[0]), (0, hw[1])):
            away = np.arange(size) - person[:, axis, None]
            tables.append(np.exp(-(away**2) / (2 * sigma * sigma)).astype(np.float32))
        tables[0][person[:, 2] <= 0] = 0
        np.maximum(result, tables[0][:, :, None] * tables[1][:, None, :], out=result)
    return result


def fields(
    cells: NDArray[np.float64], hw: tuple[int, int], pairs: Sequence[tuple[int, int]]
) -> NDArray[np.float32]:
    """Unit vectors along the limbs (Cao et al. 2017, eq. 8 and 9): [2 L, H, W], x before y.

    A cell belongs to a limb if it lies beside it, no further than a cell; where limbs of several
    people meet, it holds their mean. Limbs without length have no direction and no field.

    Args:
        cells: [P, K, 3] of `to_cells`.
        hw: Rows and columns of the maps.
        pairs: L pairs of keypoints.
    """
    first, second = (list(side) for side in zip(*pairs, strict=True))
    total = np.zeros((len(pairs), 2, *hw), np.float32)
    count = np.zeros((len(pairs), *hw), np.float32)
    columns, rows = np.arange(hw[1]), np.arange(hw[0])[:, None]
    for person in cells:
        start, end = person[first], person[second]
        limb = end[:, :2] - start[:, :2]
        length = np.hypot(limb[:, 0], limb[:, 1])
        good = (start[:, 2] > 0) & (end[:, 2] > 0) & (length > 1e-6)
        if not good.any():
            continue
        unit = (limb[good] / length[good, None])[:, :, None, None]
        away_x = columns - start[good, 0, None, None]
        away_y = rows - start[good, 1, None, None]
        along = away_x * unit[:, 0] + away_y * unit[:, 1]
        across = np.abs(away_x * unit[:, 1] - away_y * unit[:, 0])
        beside = (along >= 0) & (along <= length[good, None, None]) & (across <= FIELD_WIDTH)
        total[good] += beside[:, None] * unit.astype(np.float32)
        count[good] += beside
    total /= np.maximum(count, 1)[:, None]
    return total.reshape(-1, *hw)


def tag_cells(
    cells: NDArray[np.float64], hw: tuple[int, int], most: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Where the tags of each person are read.

    Args:
        cells: [P, K, 3] of `to_cells`.
        hw: Rows and columns of the maps.
        most: People kept, the first.

    Returns:
        Places [most, K] as row * columns + column, and 1 where there is a keypoint, else 0.
    """
    kept = cells[:most]
    place = np.zeros((most, cells.shape[1]), np.int64)
    labelled = np.zeros((most, cells.shape[1]), np.float32)
    limit = np.array([hw[1] - 1, hw[0] - 1])
    nearest = np.clip(np.round(kept[..., :2]), 0, limit).astype(np.int64)
    place[: len(kept)] = nearest[..., 1] * hw[1] + nearest[..., 0]
    labelled[: len(kept)] = kept[..., 2] > 0
    return place, labelled


def weights(counts: NDArray[np.bool_], hw: tuple[int, int]) -> NDArray[np.float32]:
    """Which cells [H, W] count, 1 or 0, of which pixels do, bool [h, w]."""
    share = cv2.resize(counts.astype(np.float32), (hw[1], hw[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(share >= WEIGHED_SHARE, np.float32)
