# SPDX-License-Identifier: Apache-2.0
"""Outputs of several stages, scales and mirrored passes of a tag network made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError

Maps = NDArray[np.float32]


def resize_maps(maps: Maps, out_hw: tuple[int, int]) -> Maps:
    """Resize maps bilinearly with half-pixel centres (align_corners = False of PyTorch).

    Args:
        maps: float32 [C, H, W].
        out_hw: Rows and columns of the result.

    Returns:
        float32 [C, *out_hw].

    Raises:
        InputError: Wrong dtype or shape, or a size that is not positive.

    Example:
        >>> resize_maps(np.float32([[[0, 4]]]), (1, 4)).tolist()
        [[[0.0, 1.0, 3.0, 4.0]]]
    """
    return _core.resize_bilinear(maps, out_hw)


@dataclass(frozen=True)
class ScaleOutputs:
    """What the network gave at one scale of the picture.

    Attributes:
        stages: One float32 [C, h, w] per stage, the largest last. The first K channels are
            heatmaps, what follows are tags: K, one map for all joints, or none.
        mirrored: The same for the mirrored picture, not yet mirrored back; None without that pass.
    """

    stages: Sequence[Maps]
    mirrored: Sequence[Maps] | None = None


def aggregate_outputs(
    scales: Sequence[ScaleOutputs],
    *,
    keypoints: int,
    out_hw: tuple[int, int] | None = None,
    flip_indices: Sequence[int] | None = None,
    tag_scale: int = 0,
) -> tuple[Maps, Maps]:
    """Average the heatmaps of all stages, passes and scales, and stack the tags of one scale.

    Stages are resized to the last stage's size and averaged, then resized to `out_hw`; mirrored
    passes are mirrored back with left and right joints swapped, and averaged with the plain ones;
    scales are averaged.

    Args:
        scales: One entry per scale, at least one.
        keypoints: K.
        out_hw: Rows and columns of the result; the size of the first scale's last stage by default.
        flip_indices: [K] the joint that each joint becomes in a mirrored picture; needed with
            mirrored passes.
        tag_scale: The scale whose tags count.

    Returns:
        Heatmaps float32 [K, H, W] and tags float32 [K or 1, H, W, T], T the number of tag stages
        times passes, plain before mirrored.

    Raises:
        InputError: No scale, stages without tags, maps that do not fit together, or mirrored passes
            without `flip_indices`.

    Example:
        >>> low = np.zeros((2, 2, 2), np.float32)
        >>> high = np.ones((1, 4, 4), np.float32)
        >>> heat, tags = aggregate_outputs([ScaleOutputs([low, high])], keypoints=1)
        >>> heat.shape, tags.shape, float(heat[0, 0, 0])
        ((1, 4, 4), (1, 4, 4, 1), 0.5)

    Source:
        Cheng et al. 2020, "HigherHRNet".
    """
    if not scales:
        raise InputError("scales must name at least one scale; got none")
    if not 0 <= tag_scale < len(scales):
        raise InputError(f"tag_scale must be below {len(scales)}; got {tag_scale}")
    size = tuple(scales[0].stages[-1].shape[1:]) if out_hw is None else out_hw
    total = np.zeros((keypoints, *size), np.float32)
    tags: list[Maps] = []
    for index, scale in enumerate(scales):
        passes = [_merge_stages(scale.stages, keypoints, None)]
        if scale.mirrored is not None:
            if flip_indices is None:
                raise InputError("flip_indices must be given with mirrored passes")
            passes.append(_merge_stages(scale.mirrored, keypoints, flip_indices))
        for heat, _ in passes:
            total += resize_maps(heat, (size[0], size[1])) / np.float32(len(passes))
        if index == tag_scale:
            tags = [resize_maps(tag, (size[0], size[1])) for _, found in passes for tag in found]
    if not tags:
        raise InputError("stages must hold tags after the heatmaps; got none")
    return total / np.float32(len(scales)), np.stack(tags, axis=-1)


def _merge_stages(
    stages: Sequence[Maps], keypoints: int, flip_indices: Sequence[int] | None
) -> tuple[Maps, list[Maps]]:
    """The stages' mean heatmaps and their tags, at the size of the last stage."""
    if not stages:
        raise InputError("stages must hold at least one output; got none")
    size = stages[-1].shape[1:]
    heat = np.zeros((keypoints, *size), np.float32)
    tags: list[Maps] = []
    for stage in stages:
        if stage.ndim != 3 or len(stage) not in (keypoints, keypoints + 1, 2 * keypoints):
            wanted = f"[C,h,w] with C = {keypoints}, {keypoints + 1} or {2 * keypoints}"
            raise InputError(f"stages must be float32 {wanted}; got {stage.dtype} {stage.shape}")
        maps = resize_maps(stage, (size[0], size[1]))
        if flip_indices is not None:
            maps = maps[:, :, ::-1]
        heat += _swap(maps[:keypoints], flip_indices)
        if len(stage) > keypoints:
            tags.append(_swap(maps[keypoints:], flip_indices))
    return heat / np.float32(len(stages)), tags


def _swap(maps: Maps, flip_indices: Sequence[int] | None) -> Maps:
    return maps if flip_indices is None or len(maps) == 1 else maps[list(flip_indices)]
