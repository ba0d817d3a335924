# SPDX-License-Identifier: Apache-2.0
"""Loose keypoints to people: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.group.aggregate import ScaleOutputs, aggregate_outputs, resize_maps
from edgepose.group.assign import assign
from edgepose.group.multi_scale import ScaledInput, scaled_input, to_image
from edgepose.group.paf import PAF_PRESETS, PafOptions, PafPeople, group_paf, paf_options
from edgepose.group.paf_skeleton import PAF_BODY_25, PAF_COCO_18, PafSkeleton
from edgepose.group.tags import COCO_JOINT_ORDER, TagPeople, group_tags

__all__ = [
    "COCO_JOINT_ORDER",
    "PAF_BODY_25",
    "PAF_COCO_18",
    "PAF_PRESETS",
    "PafOptions",
    "PafPeople",
    "PafSkeleton",
    "ScaleOutputs",
    "ScaledInput",
    "TagPeople",
    "aggregate_outputs",
    "assign",
    "group_paf",
    "group_tags",
    "paf_options",
    "resize_maps",
    "scaled_input",
    "to_image",
]
