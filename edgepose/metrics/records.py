# SPDX-License-Identifier: Apache-2.0
"""Labelled and predicted people of a whole data set as plain columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError


def _column(value: ArrayLike, dtype: Any, shape: tuple[int | None, ...], what: str) -> NDArray[Any]:
    """Converts to `dtype`, checks the shape (None is a free axis), makes it read-only."""
    array = np.array(value, dtype=dtype)
    if array.size == 0 and not shape[0]:
        array = array.reshape([size or 0 for size in shape])
    fits = len(array.shape) == len(shape) and all(
        want is None or want == got for want, got in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ",".join("*" if size is None else str(size) for size in shape)
        raise InputError(f"{what} must be [{wanted}]; got {array.shape}")
    array.setflags(write=False)
    return array


def _keypoints(xy: ArrayLike, count: int) -> NDArray[np.float64]:
    """Checks points [count,K,2]; an empty set keeps the K it came with."""
    array = np.array(xy, dtype=np.float64)
    if count == 0 and array.size == 0 and array.ndim != 3:
        array = array.reshape(0, 0, 2)
    if array.ndim != 3 or array.shape[0] != count or array.shape[2] != 2:
        raise InputError(f"xy must be [{count},K,2]; got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError("xy must be finite; got NaN or infinity")
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, eq=False)
class PersonLabels:
    """Ground-truth people, N of them with K keypoints each.

    Attributes:
        image_id: [N] the image each person is in.
        xy: [N,K,2] keypoints in image pixels.
        visible: [N,K] True where the keypoint is labelled.
        box: [N,4] xyxy in image pixels.
        area: [N] square pixels; NaN where the annotation has none.
        crowd: [N] True for a region that stands for many people.
        ignore: [N] True for a person that must neither be found nor missed.
        annotation_id: [N] the annotation's own id.
    """

    image_id: NDArray[np.int64]
    xy: NDArray[np.float64]
    visible: NDArray[np.bool_]
    box: NDArray[np.float64]
    area: NDArray[np.float64]
    crowd: NDArray[np.bool_]
    ignore: NDArray[np.bool_]
    annotation_id: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Checks shapes and makes every column read-only.

        Raises:
            InputError: A column's shape does not fit, or a point is not finite.
        """
        image_id = _column(self.image_id, np.int64, (None,), "image_id")
        count = len(image_id)
        xy = _keypoints(self.xy, count)
        columns: dict[str, NDArray[Any]] = {
            "image_id": image_id,
            "xy": xy,
            "visible": _column(self.visible, np.bool_, (count, xy.shape[1]), "visible"),
            "box": _column(self.box, np.float64, (count, 4), "box"),
            "area": _column(self.area, np.float64, (count,), "area"),
            "crowd": _column(self.crowd, np.bool_, (count,), "crowd"),
            "ignore": _column(self.ignore, np.bool_, (count,), "ignore"),
            "annotation_id": _column(self.annotation_id, np.int64, (count,), "annotation_id"),
        }
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        """Number of people N."""
        return len(self.image_id)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """[N] True for people with any labelled keypoint."""
        return np.asarray(self.visible.any(axis=1), dtype=np.bool_)

    @property
    def sized(self) -> NDArray[np.bool_]:
        """[N] True for people whose box has a width and a height."""
        return np.asarray((self.box[:, 2:] > self.box[:, :2]).all(axis=1), dtype=np.bool_)

    @property
    def counts(self) -> NDArray[np.bool_]:
        """[N] True for people to be found: no crowd, not ignored, with a labelled keypoint."""
        return ~self.crowd & ~self.ignore & self.labelled

    def take(self, rows: NDArray[Any]) -> PersonLabels:
        """The people at `rows` (indices or a mask [N])."""
        return PersonLabels(*(getattr(self, name)[rows] for name in self.__slots__))

    def with_keypoints(self, indices: Sequence[int]) -> PersonLabels:
        """The same people with only the keypoints at `indices`, in that order."""
        chosen = list(indices)
        return PersonLabels(
            self.image_id,
            self.xy[:, chosen],
            self.visible[:, chosen],
            self.box,
            self.area,
            self.crowd,
            self.ignore,
            self.annotation_id,
        )


@dataclass(frozen=True, slots=True, eq=False)
class PersonPredictions:
    """Predicted people, M of them with K keypoints each.

    Attributes:
        image_id: [M] the image each person is in.
        xy: [M,K,2] keypoints in image pixels.
        score: [M] one score per person; only its order counts.
        keypoint_score: [M,K] one score per keypoint (written to results files, not evaluated).
        box: [M,4] xyxy in image pixels; NaN where unknown.
    """

    image_id: NDArray[np.int64]
    xy: NDArray[np.float64]
    score: NDArray[np.float64]
    keypoint_score: NDArray[np.float64]
    box: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Checks shapes and makes every column read-only.

        Raises:
            InputError: A column's shape does not fit, or a point or score is not finite.
        """
        image_id = _column(self.image_id, np.int64, (None,), "image_id")
        count = len(image_id)
        xy = _keypoints(self.xy, count)
        score = _column(self.score, np.float64, (count,), "score")
        if not np.isfinite(score).all():
            raise InputError("score must be finite; got NaN or infinity")
        joints = (count, xy.shape[1])
        columns: dict[str, NDArray[Any]] = {
            "image_id": image_id,
            "xy": xy,
            "score": score,
            "keypoint_score": _column(self.keypoint_score, np.float64, joints, "keypoint_score"),
            "box": _column(self.box, np.float64, (count, 4), "box"),
        }
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        """Number of people M."""
        return len(self.image_id)

    def take(self, rows: NDArray[Any]) -> PersonPredictions:
        """The people at `rows` (indices or a mask [M])."""
        return PersonPredictions(*(getattr(self, name)[rows] for name in self.__slots__))

    def with_keypoints(self, indices: Sequence[int]) -> PersonPredictions:
        """The same people with only the keypoints at `indices`, in that order."""
        chosen = list(indices)
        return PersonPredictions(
            self.image_id,
            self.xy[:, chosen],
            self.score,
            self.keypoint_score[:, chosen],
            self.box,
        )
