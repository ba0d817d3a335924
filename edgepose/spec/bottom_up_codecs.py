# SPDX-License-Identifier: Apache-2.0
"""How the outputs of a network that looks at a whole picture are to be grouped into people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgepose.errors import SpecError
from edgepose.spec import check
from edgepose.spec.codec_parts import (
    MAX_CHANNELS,
    MAX_PEOPLE,
    Shape,
    check_maps,
    check_numbers,
    map_shape,
    odd,
    tiles,
)
from edgepose.spec.input import InputSpec
from edgepose.types import Skeleton

PAF_PRESETS = ("openpose", "lightweight", "tf_pose")
PAF_MATCHINGS = ("greedy", "optimal")
MAX_UPSCALE = 16
MAX_PARTS = 256
MAX_LIMBS = 1024
MAX_TAGS = 64
MAX_VALUE = 1e4


@dataclass(frozen=True, slots=True)
class PafCodec:
    """A heatmap per keypoint and a field along each limb.

    Attributes:
        stride: Input px per cell.
        warp: How cells lie on the input: "half_pixel", "udp" or "legacy".
        preset: Published decoder whose rules apply where no field says otherwise, see
            `edgepose.group.paf_options`: "openpose", "lightweight" or "tf_pose".
        upscale: Enlarged cells per cell along each axis, 1..16.
        peak_threshold: Excluded lower bound of a peak's value.
        sample_threshold: Excluded lower bound of the field along a link for a sample to pass.
        min_fraction: Excluded lower bound 0..1 of the fraction of samples that pass.
        matching: Of peaks along a limb, "greedy" or "optimal".
        min_joints: Least keypoints of a person.
        min_joint_score: Least sum of joint and link scores by the number of joints.
        max_people: Most people per picture, best first.
        limbs: From keypoint, to keypoint, channels of the field's x and y; from the root outwards.
        redundant: Limbs (indices) that close a cycle: they fill keypoints that people lack.
        uncounted: Keypoints that do not speak for a person.

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    type: ClassVar[str] = "paf"
    task: ClassVar[str] = "bottom_up"
    roles: ClassVar[tuple[str, ...]] = ("heatmap", "paf")

    stride: int
    warp: str
    preset: str
    upscale: int
    peak_threshold: float
    sample_threshold: float
    min_fraction: float
    matching: str
    min_joints: int
    min_joint_score: float
    max_people: int
    limbs: tuple[tuple[int, int, int, int], ...]
    redundant: tuple[int, ...]
    uncounted: tuple[int, ...]

    def __post_init__(self) -> None:
        check_maps(self)
        check.choice("codec.preset", self.preset, PAF_PRESETS)
        check.integer("codec.upscale", self.upscale, 1, MAX_UPSCALE)
        bounds = {"peak_threshold": (0, MAX_VALUE), "sample_threshold": (0, MAX_VALUE)}
        check_numbers(self, {**bounds, "min_fraction": (0, 1), "min_joint_score": (0, MAX_VALUE)})
        check.choice("codec.matching", self.matching, PAF_MATCHINGS)
        check.integer("codec.min_joints", self.min_joints, 1, MAX_PARTS)
        check.integer("codec.max_people", self.max_people, 1, MAX_PEOPLE)
        limbs = check.items("codec.limbs", self.limbs, 1, MAX_LIMBS)
        object.__setattr__(self, "limbs", tuple(_limb(i, limb) for i, limb in enumerate(limbs)))
        for name, count in (("redundant", len(limbs)), ("uncounted", MAX_PARTS)):
            object.__setattr__(self, name, _indices(name, getattr(self, name), count))

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that cells tile the input.

        Raises:
            SpecError: They do not, or warp "udp" has no distance between two px to scale by.
        """
        tiles(self, input_spec)

    def check_keypoints(self, skeleton: Skeleton) -> None:
        """Checks that the keypoints that limbs join are there.

        Raises:
            SpecError: One is not, or there are more than a decoder takes.
        """
        count = len(skeleton)
        if count > MAX_PARTS:
            raise SpecError(
                f"keypoints.names must be at most {MAX_PARTS} with codec 'paf'; got {count}"
            )
        for index, limb in enumerate(self.limbs):
            for part in limb[:2]:
                check.integer(f"codec.limbs[{index}]", part, 0, count - 1)
        for index, part in enumerate(self.uncounted):
            check.integer(f"codec.uncounted[{index}]", part, 0, count - 1)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:
        """[N, channels, height / stride, width / stride], channels at least those in use."""
        joints = 1 if skeleton is None else len(skeleton)
        fields = 1 + max(channel for limb in self.limbs for channel in limb[2:])
        least = joints if role == "heatmap" else fields
        return map_shape(range(least, MAX_CHANNELS + 1), self.stride, input_spec)


@dataclass(frozen=True, slots=True)
class TagsCodec:
    """A heatmap and tags per keypoint (associative embedding).

    Attributes:
        stride: Input px per cell.
        warp: How cells lie on the input: "half_pixel", "udp" or "legacy".
        tag_dimensions: Length 1..64 of a tag; channel d * K + k is dimension d of keypoint k.
        nms_kernel: Odd side 1..63 in cells of the square that a peak is the maximum of.
        peak_threshold: Excluded lower bound of a peak's value.
        tag_threshold: Excluded upper bound of the distance between a peak's tag and a person's.
        person_threshold: Least mean of a person's joint scores before `refine`, over all joints.
        max_people: Most peaks kept per keypoint, and people that they are matched with.
        use_detection_val: Whether distances are rounded and the surer of equal peaks is taken.
        ignore_too_much: Whether peaks are passed over once `max_people` people are found.
        merge_equal_tags: Whether a peak joins a person that was started with the same tag.
        adjust: Whether keypoints move a quarter of a cell towards the higher neighbour.
        refine: Whether people are given the keypoints they lack; needs `adjust`.
        joint_order: Order of matching, each keypoint once.

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    type: ClassVar[str] = "tags"
    task: ClassVar[str] = "bottom_up"
    roles: ClassVar[tuple[str, ...]] = ("heatmap", "tags")
    switches: ClassVar[tuple[str, ...]] = (
        *("use_detection_val", "ignore_too_much", "merge_equal_tags", "adjust", "refine"),
    )

    stride: int
    warp: str
    tag_dimensions: int
    nms_kernel: int
    peak_threshold: float
    tag_threshold: float
    person_threshold: float
    max_people: int
    use_detection_val: bool
    ignore_too_much: bool
    merge_equal_tags: bool
    adjust: bool
    refine: bool
    joint_order: tuple[int, ...]

    def __post_init__(self) -> None:
        check_maps(self)
        check.integer("codec.tag_dimensions", self.tag_dimensions, 1, MAX_TAGS)
        odd("codec.nms_kernel", self.nms_kernel)
        thresholds = ("peak_threshold", "tag_threshold", "person_threshold")
        check_numbers(self, dict.fromkeys(thresholds, (0, MAX_VALUE)))
        check.integer("codec.max_people", self.max_people, 1, MAX_PEOPLE)
        for name in self.switches:
            check.boolean(f"codec.{name}", getattr(self, name))
        if self.refine and not self.adjust:
            raise SpecError("codec.refine needs adjust; got refine true and adjust false")
        order = _indices("joint_order", self.joint_order, 1024)
        object.__setattr__(self, "joint_order", order)

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that cells tile the input.

        Raises:
            SpecError: They do not, or warp "udp" has no distance between two px to scale by.
        """
        tiles(self, input_spec)

    def check_keypoints(self, skeleton: Skeleton) -> None:
        """Checks that the order of matching names each keypoint.

        Raises:
            SpecError: It does not.
        """
        count = len(skeleton)
        if sorted(self.joint_order) != list(range(count)):
            raise SpecError(
                f"codec.joint_order must name each of {count} keypoints once; "
                f"got {len(self.joint_order)} items"
            )

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:
        """[N, K or K * tag_dimensions, height / stride, width / stride]."""
        joints = len(self.joint_order) if skeleton is None else len(skeleton)
        channels = joints if role == "heatmap" else joints * self.tag_dimensions
        return map_shape(channels, self.stride, input_spec)


def _limb(index: int, value: object) -> tuple[int, ...]:
    field = f"codec.limbs[{index}]"
    limb = check.items(field, value, 4, 4)
    for item in limb[:2]:
        check.integer(field, item, 0, MAX_PARTS - 1)
    for item in limb[2:]:
        check.integer(field, item, 0, MAX_CHANNELS - 1)
    if limb[0] == limb[1]:
        raise SpecError(f"{field} must join two different keypoints; got {limb[0]} twice")
    return limb


def _indices(name: str, value: object, count: int) -> tuple[int, ...]:
    """Different whole numbers below `count`."""
    found = check.items(f"codec.{name}", value, 0, 1024)
    for index, item in enumerate(found):
        check.integer(f"codec.{name}[{index}]", item, 0, count - 1)
    return check.different(f"codec.{name}", found)
