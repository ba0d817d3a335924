# SPDX-License-Identifier: Apache-2.0
"""How trained bottom-up networks are to be decoded."""

from __future__ import annotations

from typing import Any, Protocol

from edgepose.nets.strides import BOTTOM_UP_STRIDES
from edgepose.spec import PafCodec, TagsCodec
from edgepose.train.limbs import limbs
from edgepose.train.recipe import Recipe

# The joints that are found most surely start the groups.
SUREST_FIRST = ("nose", "eye", "ear", "shoulder", "hip", "elbow", "wrist", "knee", "ankle")


class Trained(Protocol):
    """What a recipe and a configuration have in common."""

    @property
    def task(self) -> str:
        """`bottom_up_paf` or `bottom_up_ae`."""
        ...

    @property
    def keypoint_names(self) -> tuple[str, ...]:
        """Of the maps, in order."""
        ...


def field_count(trained: Trained) -> int:
    """Channels of the second head: two for each limb, or a tag for each keypoint."""
    names = trained.keypoint_names
    return 2 * len(limbs(names).pairs) if trained.task == "bottom_up_paf" else len(names)


def bottom_up_codec(recipe: Recipe) -> PafCodec | TagsCodec:
    """The codec of a recipe's network.

    Raises:
        SpecError: A value of the recipe is not possible.
        InputError: No limb joins the keypoints.
    """
    common: dict[str, Any] = {"stride": BOTTOM_UP_STRIDES[recipe.task], "warp": "half_pixel"}
    if recipe.task == "bottom_up_ae":
        return TagsCodec(
            **common,
            tag_dimensions=1,
            nms_kernel=5,
            peak_threshold=0.1,
            tag_threshold=1.0,
            person_threshold=0.05,
            max_people=30,
            use_detection_val=True,
            ignore_too_much=False,
            merge_equal_tags=False,
            adjust=True,
            refine=True,
            joint_order=joint_order(recipe.keypoint_names),
        )
    found = limbs(recipe.keypoint_names)
    return PafCodec(
        **common,
        preset="openpose",
        upscale=4,
        peak_threshold=0.1,
        sample_threshold=0.05,
        min_fraction=0.7,
        matching="greedy",
        min_joints=min(3, len(recipe.keypoint_names)),
        min_joint_score=0.2,
        max_people=64,
        limbs=tuple((a, b, 2 * i, 2 * i + 1) for i, (a, b) in enumerate(found.pairs)),
        redundant=found.redundant,
        uncounted=(),
    )


def joint_order(names: tuple[str, ...]) -> tuple[int, ...]:
    """Keypoints from the surest to the least sure, by name.

    Example:
        >>> joint_order(("left_ankle", "nose", "left_hip"))
        (1, 2, 0)
    """
    last = len(SUREST_FIRST)

    def rank(index: int) -> int:
        return next((i for i, part in enumerate(SUREST_FIRST) if part in names[index]), last)

    return tuple(sorted(range(len(names)), key=rank))
