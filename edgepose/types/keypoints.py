# SPDX-License-Identifier: Apache-2.0
"""Keypoints of one person, and of all people of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.types.frozen import Frozen, image_size, keypoint_names, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints(Frozen):
    """Keypoints of one person.

    Attributes:
        xy: [K, 2] float32 image px, read-only; may lie outside the picture.
        score: [K] float32, read-only.
        names: K names.
        image_wh: Width and height of the picture, px.

    Raises:
        InputError: Shapes that disagree, or a value that is not finite.

    Example:
        >>> keypoints = Keypoints([[4, 2]], [0.5], ("nose",), (10, 10))
        >>> keypoints["nose"]
        (4.0, 2.0, 0.5)
        >>> keypoints.xyn.tolist()
        [[0.44999998807907104, 0.25]]
    """

    xy: NDArray[np.float32]
    score: NDArray[np.float32]
    names: tuple[str, ...]
    image_wh: tuple[int, int]

    def __post_init__(self) -> None:
        names = keypoint_names(self.names)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "xy", read_only(self.xy, (len(names), 2), "keypoints.xy"))
        object.__setattr__(self, "score", read_only(self.score, (len(names),), "keypoints.score"))
        object.__setattr__(self, "image_wh", image_size(self.image_wh))

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> tuple[float, float, float]:
        """(x, y, score) of the keypoint with this name; x and y in image px.

        Raises:
            InputError: The skeleton has no such keypoint.
        """
        if name not in self.names:
            raise InputError(f"keypoint must be one of {', '.join(self.names)}; got {name!r}")
        index = self.names.index(name)
        x, y = self.xy[index].tolist()
        return x, y, float(self.score[index])

    @property
    def xyn(self) -> NDArray[np.float32]:
        """[K, 2] as fractions of the picture: 0 is its left or top edge, 1 the other edge."""
        return normalized(self.xy, self.image_wh)


@dataclass(frozen=True, slots=True, eq=False)
class KeypointArrays(Frozen):
    """Keypoints of N people, stacked; N may be 0.

    Attributes:
        xy: [N, K, 2] float32 image px, read-only.
        score: [N, K] float32, read-only.
        names: K names.
        image_wh: Width and height of the picture, px.

    Raises:
        InputError: Shapes that disagree, or a value that is not finite.
    """

    xy: NDArray[np.float32]
    score: NDArray[np.float32]
    names: tuple[str, ...]
    image_wh: tuple[int, int]

    def __post_init__(self) -> None:
        names = keypoint_names(self.names)
        count = len(names)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "image_wh", image_size(self.image_wh))
        object.__setattr__(self, "xy", read_only(self.xy, (None, count, 2), "keypoints.xy"))
        shape = (len(self.xy), count)
        object.__setattr__(self, "score", read_only(self.score, shape, "keypoints.score"))

    def __len__(self) -> int:
        return len(self.xy)

    @property
    def xyn(self) -> NDArray[np.float32]:
        """[N, K, 2] as fractions of the picture: 0 is its left or top edge, 1 the other edge."""
        return normalized(self.xy, self.image_wh)


def normalized(xy: NDArray[np.float32], image_wh: tuple[int, int]) -> NDArray[np.float32]:
    """Image px to fractions of the picture, (xy + 0.5) / (width, height); read-only."""
    size = np.array(image_wh, np.float32)
    fractions: NDArray[np.float32] = np.divide(xy + np.float32(0.5), size, dtype=np.float32)
    fractions.setflags(write=False)
    return fractions
