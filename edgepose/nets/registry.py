# SPDX-License-Identifier: Apache-2.0
"""The architectures by name; the list drives training, export and the tests."""

from __future__ import annotations

from typing import TypeVar

from edgepose.errors import InputError
from edgepose.nets.bottom_up import BottomUpConfig, BottomUpNet
from edgepose.nets.detector import CenterDetector, DetectorConfig
from edgepose.nets.hrnet import HRNetConfig
from edgepose.nets.pose import PoseNet

T = TypeVar("T")

POSE: dict[str, HRNetConfig] = {
    "hrnet-s": HRNetConfig(),
    "hrnet-tiny": HRNetConfig(
        widths=(16, 32), stem_width=8, stem_blocks=0, modules=(1,), blocks=(1,)
    ),
}
DETECTOR: dict[str, DetectorConfig] = {
    "det-n": DetectorConfig(),
    "det-tiny": DetectorConfig(widths=(8, 8, 16, 16, 16), blocks=(0, 0, 0, 0, 0)),
}
# Networks for whole pictures; docs/training.md says how they share hrnet-s's backbone.
BOTTOM_UP: dict[str, BottomUpConfig] = {
    "paf-s": BottomUpConfig(HRNetConfig(), stride=8, head_width=48, head_blocks=2),
    "ae-s": BottomUpConfig(HRNetConfig(), stride=4, head_width=32, head_blocks=1),
    "paf-tiny": BottomUpConfig(
        HRNetConfig(widths=(16, 32), stem_width=8, modules=(1,), blocks=(1,)),
        stride=8,
        head_width=16,
        head_blocks=0,
    ),
    "ae-tiny": BottomUpConfig(
        HRNetConfig(widths=(16, 32), stem_width=8, modules=(1,), blocks=(1,)),
        stride=4,
        head_width=16,
        head_blocks=0,
    ),
}


def build_bottom_up(arch: str, keypoints: int, fields: int) -> BottomUpNet:
    """Build the bottom-up network ``arch`` for ``keypoints`` maps and ``fields`` further ones.

    Raises:
        InputError: the name is unknown.
    """
    return BottomUpNet(_lookup(BOTTOM_UP, arch), keypoints, fields)


def build_pose(arch: str, keypoints: int) -> PoseNet:
    """Build the top-down network ``arch`` for ``keypoints`` maps.

    Raises:
        InputError: the name is unknown.
    """
    return PoseNet(_lookup(POSE, arch), keypoints)


def build_detector(arch: str) -> CenterDetector:
    """Build the detector ``arch``.

    Raises:
        InputError: the name is unknown.
    """
    return CenterDetector(_lookup(DETECTOR, arch))


def _lookup(table: dict[str, T], arch: str) -> T:
    if arch not in table:
        raise InputError(f"expected an architecture of {sorted(table)}; got {arch!r}")
    return table[arch]
