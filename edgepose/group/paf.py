# SPDX-License-Identifier: Apache-2.0
"""People from heatmaps and part affinity fields."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.group.paf_skeleton import PafSkeleton

PAF_PRESETS = ("openpose", "lightweight", "tf_pose")


@dataclass(frozen=True, slots=True)
class PafOptions:
    """The choices in which published PAF decoders differ; `paf_options` starts from a preset.

    Distances and offsets are in cells of the enlarged maps.

    Attributes:
        upscale: Enlarged cells per cell along each axis, 1 to 16.
        interpolation: `cubic` (a = -0.75, half-pixel centres, replicated border) or `repeat`.
        smoothing_size: Odd taps of the Gaussian under which peaks are sought, to 63; 0 for none.
            Not with cubic enlarging.
        peak_rule: `pool`: no cell of the 3x3 window is higher; `cross`: higher than the four cells
            beside; `openpose`: higher than all eight, with that project's rules at the border.
        peak_threshold: Excluded lower bound of a peak's value.
        min_distance: A peak hides later ones nearer than this, from left to right.
        centroid: Whether a peak's place is the mean of its 7x7 window, weighted by value.
        peak_offset: Added to both coordinates, -1 to 1.
        max_peaks: Highest peaks kept per part, to 1024.
        min_samples: Samples along a link: round(sqrt(5 * longer side)) within these two, 2 to 64.
        max_samples: See `min_samples`.
        sample_end: Whether the last sample lies on the link's end.
        sample_threshold: Excluded lower bound of the field along the link for a sample to pass.
        min_fraction: Excluded lower bound of the fraction of samples that pass.
        mean_of_all: Whether a link's score is the mean of all samples, not of those that passed.
        length_prior: Adds min(0, prior * map height / length - 1) to a link's score; 0 for none.
        near_score: Score of ends nearer than sqrt(W * H) / 150 whose samples fail; 0 for none.
        matching: `greedy`: the best link first; `optimal`: the links of the greatest sum.
        assembly: `extend_first`: the first owner of a link's start gains its end; `extend_all`:
            every owner; `merge`: the owners of both ends become one.
        singles: Whether peaks of a limb whose other part has none become people.
        min_joints: Least joints of a person.
        min_joints_partly: The same without uncounted parts, for people who have such.
        min_joint_score: Least sum of joint and link scores over the counted joints.
        person_score: `total`: that sum; `per_joint`: over the joints; `per_part_and_limb`: over the
            parts and limbs of the skeleton.
    """

    upscale: int
    interpolation: str
    smoothing_size: int
    peak_rule: str
    peak_threshold: float
    min_distance: float
    centroid: bool
    peak_offset: float
    max_peaks: int
    min_samples: int
    max_samples: int
    sample_end: bool
    sample_threshold: float
    min_fraction: float
    mean_of_all: bool
    length_prior: float
    near_score: float
    matching: str
    assembly: str
    singles: bool
    min_joints: int
    min_joints_partly: int
    min_joint_score: float
    person_score: str

    def __post_init__(self) -> None:
        kinds: dict[str, Any] = {
            "int": (int, np.integer),
            "float": (float, int, np.floating, np.integer),
            "bool": (bool, np.bool_),
            "str": (str,),
        }
        for field in fields(self):
            value: Any = getattr(self, field.name)
            kind = str(field.type)
            misplaced = isinstance(value, bool) and kind != "bool"
            if misplaced or not isinstance(value, kinds[kind]):
                raise InputError(f"{field.name} must be {kind}; got {value!r}")
            if kind == "int" and not -(2**31) <= value < 2**31:
                raise InputError(f"{field.name} must fit 32 bits; got {value!r}")


def paf_options(preset: str = "openpose", **changes: Any) -> PafOptions:
    """The options of a published decoder, with changes.

    Args:
        preset: `openpose` (its own C++ code), `lightweight`
            (lightweight-human-pose-estimation.pytorch) or `tf_pose` (tf-pose-estimation).
        **changes: Fields of `PafOptions`.

    Returns:
        The options.

    Raises:
        InputError: An unknown preset or field, or a value of the wrong type.

    Example:
        >>> paf_options("lightweight", upscale=4).min_distance
        6.0
    """
    values = _core.paf_preset(preset)
    unknown = sorted(set(changes) - set(values))
    if unknown:
        raise InputError(f"changes must be fields of PafOptions; got {unknown[0]!r}")
    return PafOptions(**{**values, **changes})


@dataclass(frozen=True, slots=True, eq=False)
class PafPeople:
    """N people with K joints by falling score.

    Attributes:
        xy: [N, K, 2] float32 cells of the enlarged maps, (0, 0) where missing. With maps of stride
            s, input px are (xy + 0.5) * s / upscale - 0.5.
        joint_score: [N, K] float32 value of the heatmap, 0 where missing.
        found: [N, K] bool.
        score: [N] float32.
    """

    xy: NDArray[np.float32]
    joint_score: NDArray[np.float32]
    found: NDArray[np.bool_]
    score: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.score)


def group_paf(
    heatmaps: NDArray[np.float32],
    pafs: NDArray[np.float32],
    skeleton: PafSkeleton,
    options: PafOptions | None = None,
    *,
    max_people: int = 128,
) -> PafPeople:
    """Find people by their parts and the fields that link them (Cao et al. 2017).

    Low-resolution maps are enlarged by `options.upscale` only where a peak can be and where a link
    is sampled. NaN cells are no peaks; fields that are NaN or infinite link nothing. Without parts
    or limbs there are no people.

    Args:
        heatmaps: float32 [C, H, W], any strides; the first K channels are the skeleton's parts,
            further ones (background) are not read.
        pafs: float32 [D, H, W], any strides.
        skeleton: Meaning of the channels.
        options: Choices of the decoder; None for `paf_options("openpose")`.
        max_people: People kept, those of the highest scores.

    Returns:
        The people.

    Raises:
        InputError: Wrong dtype or shape, a channel that is not there or an option out of range.

    Example:
        >>> pair = PafSkeleton(("neck", "nose"), ((0, 1),), ((0, 1),))
        >>> heat = np.zeros((2, 5, 12), np.float32)
        >>> heat[0, 2, 2] = heat[1, 2, 9] = 1.0
        >>> field = np.zeros((2, 5, 12), np.float32)
        >>> field[0, 2, 2:10] = 1.0
        >>> options = paf_options("lightweight", min_joints=2)
        >>> group_paf(heat, field, pair, options).xy.tolist()
        [[[2.0, 2.0], [9.0, 2.0]]]
    """
    chosen = paf_options() if options is None else options
    limbs = [
        (*limb, *channel, index in skeleton.redundant)
        for index, (limb, channel) in enumerate(zip(skeleton.limbs, skeleton.channels, strict=True))
    ]
    xy, joint_score, found, score = _core.group_paf(
        heatmaps,
        pafs,
        len(skeleton),
        limbs,
        list(skeleton.uncounted),
        asdict(chosen),
        max_people,
    )
    for array in (xy, joint_score, found, score):
        array.setflags(write=False)
    return PafPeople(xy, joint_score, found, score)
