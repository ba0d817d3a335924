# SPDX-License-Identifier: Apache-2.0
"""The contract's keypoints: a Skeleton with the bounds that every reader relies on."""

from __future__ import annotations

from typing import Any

from edgepose.errors import InputError, SpecError
from edgepose.spec import check
from edgepose.spec.build import keys, mapping
from edgepose.types import Skeleton

MAX_KEYPOINTS = 1024
MAX_PAIRS = 4096
MAX_SIGMA = 10


def skeleton(value: Any) -> Skeleton:
    """Reads the object `keypoints` of a contract.

    Raises:
        SpecError: A field is missing, unknown, malformed or contradicts another.
    """
    found = mapping("keypoints", value)
    keys("keypoints", found, ("names", "edges", "flip_pairs", "sigmas"), ())
    names = check.items("keypoints.names", found["names"], 1, MAX_KEYPOINTS)
    for index, name in enumerate(names):
        check.text(f"keypoints.names[{index}]", name)
    edges = _pairs("keypoints.edges", found["edges"], len(names))
    flip_pairs = _pairs("keypoints.flip_pairs", found["flip_pairs"], len(names))
    sigmas = check.items("keypoints.sigmas", found["sigmas"], 0, MAX_KEYPOINTS)
    if len(sigmas) not in (0, len(names)):
        raise SpecError(
            f"keypoints.sigmas must be a list of {len(names)} items, one per name, or none; "
            f"got {len(sigmas)} items"
        )
    counts = (len(sigmas), len(sigmas))
    sigmas = check.numbers("keypoints.sigmas", sigmas, counts, 0, MAX_SIGMA, above=True)
    try:
        return Skeleton(names=names, edges=edges, flip_pairs=flip_pairs, sigmas=sigmas)
    except InputError as error:
        raise SpecError(f"keypoints.{error}") from error


def _pairs(field: str, value: Any, count: int) -> tuple[tuple[int, int], ...]:
    pairs = []
    for index, pair in enumerate(check.items(field, value, 0, MAX_PAIRS)):
        found = check.items(f"{field}[{index}]", pair, 2, 2)
        a, b = (check.integer(f"{field}[{index}]", item, 0, count - 1) for item in found)
        pairs.append((a, b))
    return tuple(pairs)
