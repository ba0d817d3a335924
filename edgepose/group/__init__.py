# SPDX-License-Identifier: Apache-2.0
"""Loose keypoints to people: typed faces of the compiled core."""

from __future__ import annotations

from edgepose.group.aggregate import ScaleOutputs, aggregate_outputs, resize_maps
from edgepose.group.assign import assign
from edgepose.group.multi_scale import ScaledInput, scaled_input, to_image
from edgepose.group.tags import COCO_JOINT_ORDER, TagPeople, group_tags

__all__ = [
    "COCO_JOINT_ORDER",
    "ScaleOutputs",
    "ScaledInput",
    "TagPeople",
    "aggregate_outputs",
    "assign",
    "group_tags",
    "resize_maps",
    "scaled_input",
    "to_image",
]
