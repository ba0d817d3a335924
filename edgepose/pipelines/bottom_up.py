# SPDX-License-Identifier: Apache-2.0
"""A whole picture to the keypoints of its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError, ModelError
from edgepose.geometry import apply_matrix, cells_to_input
from edgepose.group import PafSkeleton, group_paf, group_tags, paf_options
from edgepose.pipelines.detector import fill_crops, input_to_image
from edgepose.pipelines.network import Network
from edgepose.pipelines.stopwatch import Stopwatch
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


Grouping = Callable[[dict[str, Floats], Spec], Grouped]


class BottomUp:
    """A network that looks at a whole picture. Several threads may use it at once.

    Args:
        network: A model for task "bottom_up".

    Example:
        >>> find = BottomUp(open_network("paf.onnx", task="bottom_up"))  # doctest: +SKIP
        >>> people = find(image)  # doctest: +SKIP
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.skeleton = cast(Skeleton, network.spec.keypoints)  # the task has them
        self._group = GROUPINGS[network.spec.codec.type]

    def __call__(self, image: NDArray[np.uint8], watch: Stopwatch | None = None) -> Grouped:
        """Finds the people of a picture.

        Args:
            image: uint8 BGR [H, W, 3].
            watch: Takes the stages preprocess, pose and decode.

        Returns:
            Everybody; xy in image px, not cut to the picture.

        Raises:
            SpecError: An output is not what the contract says.
            ModelError: The network fails or gives values that are not finite.
        """
        watch = watch or Stopwatch()
        spec = self.network.spec
        matrix = input_to_image(spec.input, (image.shape[1], image.shape[0]))
        with self.network.workspace() as workspace:
            fill_crops(image, matrix, spec.input, workspace.crops(1))
            watch.lap("preprocess")
            outputs = {role: maps[0] for role, maps in workspace.run(1).items()}
            watch.lap("pose")
            people = self._decode(outputs, matrix)
            watch.lap("decode")
        return people

    def _decode(self, outputs: dict[str, Floats], matrix: Doubles) -> Grouped:
        spec = self.network.spec
        codec = cast("PafCodec | TagsCodec", spec.codec)
        if not all(np.isfinite(maps).all() for maps in outputs.values()):
            raise ModelError(f"{spec.name}: the network gives values that are not finite")
        try:
            people = self._group(outputs, spec)
        except InputError as error:  # arrays are as the contract says, so the options are not
            raise ModelError(f"{spec.name}: {error}") from error
        height, width = outputs["heatmap"].shape[1:]
        xy_in = cells_to_input(
            people.xy,
            stride=codec.stride,
            warp=codec.warp,
            input_wh=spec.input.wh,
            map_wh=(width, height),
        )
        xy = apply_matrix(matrix, xy_in.reshape(1, -1, 2)).reshape(xy_in.shape)
        xy = np.where(people.found[..., None], xy, 0.0)
        return Grouped(xy.astype(np.float32), people.keypoint_score, people.score)


def _paf(outputs: dict[str, Floats], spec: Spec) -> Grouped:
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
    # OpenPose counts from the corner of the map: its offset of half a cell is taken off again.
    cells = (people.xy - options.peak_offset + 0.5) / codec.upscale - 0.5
    return Grouped(cells, people.joint_score, people.score)


def _tags(outputs: dict[str, Floats], spec: Spec) -> Grouped:
    codec = cast(TagsCodec, spec.codec)
    maps, tags = outputs["heatmap"], outputs["tags"]
    each = tags.reshape(codec.tag_dimensions, *maps.shape).transpose(1, 2, 3, 0)
    people = group_tags(
        maps,
        each,
        detection_threshold=codec.peak_threshold,
        tag_threshold=codec.tag_threshold,
        max_people=codec.max_people,
        nms_kernel=codec.nms_kernel,
        joint_order=codec.joint_order,
        **{name: getattr(codec, name) for name in codec.switches},
    )
    order = np.argsort(-people.score, kind="stable")
    order = order[people.score[order] >= codec.person_threshold]
    # Adjusted keypoints are counted from the corner of the map, others from its first cell.
    cells = people.xy[order] - (0.5 if codec.adjust else 0.0)
    return Grouped(cells, np.maximum(people.score_kp[order], 0), people.score[order])


GROUPINGS: dict[str, Grouping] = {PafCodec.type: _paf, TagsCodec.type: _tags}
