# SPDX-License-Identifier: Apache-2.0
"""Names of keypoints and how they belong together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from edgepose.errors import InputError
from edgepose.types.frozen import Frozen, finite, keypoint_names


@dataclass(frozen=True, slots=True)
class Skeleton(Frozen):
    """K keypoint names, the limbs between them, their mirror twins and OKS constants.

    Attributes:
        names: K different names, as "left_knee".
        edges: Pairs of keypoint indices that a limb joins.
        flip_pairs: Pairs of keypoint indices that change places in a mirrored picture.
        sigmas: K positive OKS constants of the COCO evaluation, or none.

    Raises:
        InputError: No name, a name twice, an index out of range, a keypoint in two flip pairs,
            or another number of sigmas than names.

    Example:
        >>> Skeleton(("nose", "left_eye", "right_eye"), ((0, 1),), ((1, 2),), ()).flip_index
        (0, 2, 1)
    """

    names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...] = ()
    flip_pairs: tuple[tuple[int, int], ...] = ()
    sigmas: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        names = keypoint_names(self.names)
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"names must differ; got {twice!r} twice")
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "edges", _pairs(self.edges, len(names), "edges"))
        flips = _pairs(self.flip_pairs, len(names), "flip_pairs")
        paired = [index for pair in flips for index in pair]
        if len(set(paired)) != len(paired):
            twice_index = next(index for index in paired if paired.count(index) > 1)
            raise InputError(
                f"flip_pairs must name a keypoint once; got {names[twice_index]!r} in two pairs"
            )
        object.__setattr__(self, "flip_pairs", flips)
        sigmas = tuple(finite(value, "sigmas") for value in _iterable(self.sigmas, "sigmas"))
        if len(sigmas) not in (0, len(names)):
            raise InputError(f"sigmas must be {len(names)}, one per name; got {len(sigmas)}")
        if any(value <= 0 for value in sigmas):
            raise InputError(f"sigmas must be positive; got {min(sigmas)}")
        object.__setattr__(self, "sigmas", sigmas)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def flip_index(self) -> tuple[int, ...]:
        """[K] for each keypoint the index that it has in a mirrored picture."""
        index = list(range(len(self.names)))
        for a, b in self.flip_pairs:
            index[a], index[b] = b, a
        return tuple(index)


def _pairs(pairs: object, count: int, name: str) -> tuple[tuple[int, int], ...]:
    """Checked pairs of different indices below `count`."""
    checked = []
    for pair in _iterable(pairs, name):
        try:
            a, b = pair
            good = int(a) == a and int(b) == b and a != b and 0 <= a < count and 0 <= b < count
        except (TypeError, ValueError, OverflowError):
            good = False
        if not good:
            raise InputError(
                f"{name} must be pairs of different keypoint indices 0..{count - 1}; got {pair!r}"
            )
        checked.append((int(a), int(b)))
    return tuple(checked)


def _iterable(values: object, name: str) -> Iterable[Any]:
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise InputError(f"{name} must be a list; got {type(values).__name__}")
    return values
