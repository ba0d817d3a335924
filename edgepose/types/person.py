# SPDX-License-Identifier: Apache-2.0
"""One person, and the boxes of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.types.frozen import Frozen, finite, read_only
from edgepose.types.keypoints import Keypoints


@dataclass(frozen=True, slots=True, eq=False)
class Person(Frozen):
    """One person in a picture.

    Attributes:
        box: [4] float32 x1, y1, x2, y2 image px, read-only; the box that was looked at, or that
            around the keypoints.
        score: Of the person, to rank people by.
        keypoints: Where the joints are.
        box_score: Of the box alone: the detector's, 1 for a box that the caller gave, or the
            person's where the box comes from the keypoints.

    Raises:
        InputError: A box that is not four finite numbers, or a score that is not finite.
    """

    box: NDArray[np.float32]
    score: float
    keypoints: Keypoints
    box_score: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", read_only(self.box, (4,), "box"))
        object.__setattr__(self, "score", finite(self.score, "score"))
        object.__setattr__(self, "box_score", finite(self.box_score, "box_score"))
        if not isinstance(self.keypoints, Keypoints):
            got = type(self.keypoints).__name__
            raise InputError(f"keypoints must be Keypoints; got {got}")


@dataclass(frozen=True, slots=True, eq=False)
class Boxes(Frozen):
    """Boxes of N people, stacked; N may be 0.

    Attributes:
        xyxy: [N, 4] float32 x1, y1, x2, y2 image px, read-only.
        score: [N] float32 scores of the boxes, read-only.
    """

    xyxy: NDArray[np.float32]
    score: NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "xyxy", read_only(self.xyxy, (None, 4), "boxes.xyxy"))
        score = read_only(self.score, (len(self.xyxy),), "boxes.score")
        object.__setattr__(self, "score", score)

    def __len__(self) -> int:
        return len(self.xyxy)
