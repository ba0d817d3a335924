# SPDX-License-Identifier: Apache-2.0
"""The architectures by name; the list drives training, export and the tests."""

from __future__ import annotations

from typing import TypeVar

from edgepose.errors import InputError
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
