# SPDX-License-Identifier: Apache-2.0
"""Outputs of a bottom-up network to people on its input, as the contract says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.geometry import cells_to_input
from edgepose.group import PafSkeleton, group_paf, group_tags, paf_options
from edgepose.spec import PafCodec, Spec, TagsCodec
from edgepose.types import Skeleton

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Keypoints of N people as arrays, by falling score.

    Attributes:
        xy: [N, K, 2], (0, 0) where missing.
        keypoint_score: [N, K], values of the heatmaps, 0 where missing.
        score: [N] of the person, as the codec's grouping defines it.
    """

    xy: NDArray[Any]
    keypoint_score: Floats
    score: Floats

    def __len__(self) -> int:
        return len(self.score)

    @property
    def found(self) -> NDArray[np.bool_]:
        """[N, K] whether the keypoint was found."""
        return self.keypoint_score > 0

    @property
    def box(self) -> Doubles:
        """[N, 4] x1, y1, x2, y2 around the keypoints that were found."""
        kept = self.found[..., None]
        low = np.where(kept, self.xy, np.inf).min(axis=1)
        high = np.where(kept, self.xy, -np.inf).max(axis=1)
        return np.concatenate([low, high], axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What a grouping gives, and how it counts, see `cells_to_input`."""

    xy: Floats
    keypoint_score: Floats
    score: Floats
    upscale: float
    offset: float


def people_on_input(outputs: dict[str, Floats], spec: Spec) -> Grouped:
    """The people of a picture.

    Args:
        outputs: By role, [channels, height, width].
        spec: A contract for task "bottom_up".

    Returns:
        Everybody; xy float64 in input px.

    Raises:
        InputError: Options of the contract that do not suit the maps.
    """
    codec = cast("PafCodec | TagsCodec", spec.codec)
    found = GROUPINGS[codec.type](outputs, spec)
    height, width = outputs["heatmap"].shape[1:]
    xy = cells_to_input(
        found.xy,
        stride=codec.stride,
        warp=codec.warp,
        input_wh=spec.input.wh,
        map_wh=(width, height),
        upscale=found.upscale,
        offset=found.offset,
    )
    xy = np.where(found.keypoint_score[..., None] > 0, xy, 0.0)
    return Grouped(xy, found.keypoint_score, found.score)


def _paf(outputs: dict[str, Floats], spec: Spec) -> _Found:
    codec = cast(PafCodec, spec.codec)
    names = (
        *("upscale", "peak_threshold", "sample_threshold", "min_fraction", "matching"),
        *("min_joints", "min_joint_score"),
    )
    options = paf_options(codec.preset, **{name: getattr(codec, name) for name in names})
    skeleton = PafSkeleton(
        cast(Skeleton, spec.keypoints).names,
        tuple((limb[0], limb[1]) for limb in codec.limbs),
        tuple((limb[2], limb[3]) for limb in codec.limbs),
        codec.redundant,
        codec.uncounted,
    )
    maps, fields = outputs["heatmap"], outputs["paf"]
    people = group_paf(maps, fields, skeleton, options, max_people=codec.max_people)
    # OpenPose counts from the corner of the map.
    return _Found(people.xy, people.joint_score, people.score, codec.upscale, options.peak_offset)


def _tags(outputs: dict[str, Floats], spec: Spec) -> _Found:
    codec = cast(TagsCodec, spec.codec)
    maps, tags = outputs["heatmap"], outputs["tags"]
    each = tags.reshape(codec.tag_dimensions, *maps.shape).transpose(1, 2, 3, 0)
    people = group_tags(
        maps,
        each,
        detection_threshold=codec.peak_threshold,
        tag_threshold=codec.tag_threshold,
        person_threshold=codec.person_threshold,
        max_people=codec.max_people,
        nms_kernel=codec.nms_kernel,
        joint_order=codec.joint_order,
        by_score=True,
        **{name: getattr(codec, name) for name in codec.switches},
    )
    # Adjusted keypoints are counted from the corner of the map, others from its first cell.
    return _Found(people.xy, people.score_kp, people.score, 1.0, 0.5 if codec.adjust else 0.0)


GROUPINGS: dict[str, Callable[[dict[str, Floats], Spec], _Found]] = {
    PafCodec.type: _paf,
    TagsCodec.type: _tags,
}
