# SPDX-License-Identifier: Apache-2.0
"""What a comparison of two networks found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PictureBoxes:
    """A picture and the people to look at.

    Attributes:
        path: The picture's file.
        boxes: [N, 4] x1, y1, x2, y2 image px with width and height.
    """

    path: Path
    boxes: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Disagreement:
    """One person as both see it.

    Attributes:
        path: The picture's file.
        box: [4] image px.
        xy_a: [K, 2] image px by the first, over the shared keypoints.
        xy_b: [K, 2] by the second.
        score_a: [K] scores by the first.
        score_b: [K] by the second.
        distance: [K] image px between them; NaN where the keypoint does not count.
        oks: Similarity of the two, 0..1; NaN without OKS constants or where nothing counts.
        only: "a" or "b" if nobody like that was found by the other; else empty.
    """

    path: Path
    box: Doubles
    xy_a: Doubles
    xy_b: Doubles
    score_a: Doubles
    score_b: Doubles
    distance: Doubles
    oks: float
    only: str = ""

    @property
    def max_px(self) -> float:
        """Largest distance of the keypoints that count; 0 if none does, infinite if unmatched."""
        if self.only:
            return np.inf
        return float(np.nanmax(self.distance, initial=0.0))


@dataclass(frozen=True, slots=True)
class Distances:
    """Numbers of many distances; NaN of none.

    Attributes:
        max: Largest.
        mean: Mean.
        p99: 99th percentile.
    """

    max: float
    mean: float
    p99: float

    @classmethod
    def of(cls, values: Doubles) -> Distances:
        """Numbers of an array, NaN left out."""
        known = values[np.isfinite(values)]
        if known.size == 0:
            return cls(np.nan, np.nan, np.nan)
        return cls(float(known.max()), float(known.mean()), float(np.percentile(known, 99)))


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How far two networks agree.

    Attributes:
        names: Keypoints that both have, in the first one's order.
        pictures: Pictures that were looked at.
        persons: People compared.
        keypoints: Keypoints that count.
        left_out: Keypoints that do not, for their score.
        image_px: Distances in px of the pictures.
        input_px: Distances in px of the first network's input.
        oks_mean: Mean similarity of the people, NaN without OKS constants.
        oks_min: Smallest similarity.
        outputs: Largest absolute difference of each output that both have in the same shape.
        worst: The people who differ most, the worst first.
        unmatched_a: People whom only the first found; of models that find people themselves.
        unmatched_b: People whom only the second found.
        only_a: Keypoints of matched people that only the first found.
        only_b: Keypoints of matched people that only the second found.
    """

    names: tuple[str, ...]
    pictures: int
    persons: int
    keypoints: int
    left_out: int
    image_px: Distances
    input_px: Distances
    oks_mean: float
    oks_min: float
    outputs: dict[str, float]
    worst: tuple[Disagreement, ...]
    unmatched_a: int = 0
    unmatched_b: int = 0
    only_a: int = 0
    only_b: int = 0

    @classmethod
    def of(
        cls,
        image_px: Sequence[Doubles],
        input_px: Sequence[Doubles],
        oks: Sequence[float],
        **rest: Any,
    ) -> Agreement:
        """The numbers of people who were compared.

        Args:
            image_px: [K] of each: distances in px of the picture, NaN where they do not count.
            input_px: The same in px of the first network's input.
            oks: Similarity of each, NaN where it is not known.
            rest: The other attributes.
        """
        every = np.concatenate([np.zeros(0), *image_px])
        known = np.array(oks, np.float64)
        known = known[np.isfinite(known)]
        return cls(
            persons=len(image_px),
            keypoints=int(np.isfinite(every).sum()),
            image_px=Distances.of(every),
            input_px=Distances.of(np.concatenate([np.zeros(0), *input_px])),
            oks_mean=float(known.mean()) if known.size else np.nan,
            oks_min=float(known.min()) if known.size else np.nan,
            **rest,
        )

    @property
    def is_complete(self) -> bool:
        """Whether everything that one found was found by the other."""
        return not (self.unmatched_a or self.unmatched_b or self.only_a or self.only_b)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is not known is None."""
        return {
            "pictures": self.pictures,
            "persons": self.persons,
            "keypoints": self.keypoints,
            "left_out": self.left_out,
            "unmatched": {"a": self.unmatched_a, "b": self.unmatched_b},
            "found_by_one": {"a": self.only_a, "b": self.only_b},
            "image_px": _plain(self.image_px),
            "input_px": _plain(self.input_px),
            "oks_mean": _number(self.oks_mean),
            "oks_min": _number(self.oks_min),
            "outputs_max_abs": {role: _number(value) for role, value in self.outputs.items()},
            "worst": [self._worst(person) for person in self.worst],
        }

    def _worst(self, person: Disagreement) -> dict[str, Any]:
        known = np.isfinite(person.distance)
        joint = int(np.nanargmax(person.distance)) if known.any() else None
        return {
            "picture": person.path.name,
            "box": [round(float(value), 2) for value in person.box],
            "max_px": _number(person.max_px),
            "keypoint": None if joint is None else self.names[joint],
            "oks": _number(person.oks),
            "only": person.only or None,
        }


def _plain(distances: Distances) -> dict[str, float | None]:
    return {
        "max": _number(distances.max),
        "mean": _number(distances.mean),
        "p99": _number(distances.p99),
    }


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None
