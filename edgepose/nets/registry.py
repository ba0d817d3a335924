# SPDX-License-Identifier: Apache-2.0
"""The architectures by name; the list drives training, export and the tests."""

from __future__ import annotations

from typing import TypeVar, cast

from torch import nn

from edgepose.errors import InputError
from edgepose.nets.bottom_up import BottomUpConfig, BottomUpNet
from edgepose.nets.coordinates import SimccPose
from edgepose.nets.detector import CenterDetector, DetectorConfig
from edgepose.nets.hrnet import HRNetConfig
from edgepose.nets.mspn import MSPN, MSPNConfig
from edgepose.nets.pose import PoseNet, PublishedPose
from edgepose.nets.published.registry import architectures, read_json

T = TypeVar("T")

# Widths from benchmarks/search_compact.py, whose table is in docs/training.md.
POSE: dict[str, HRNetConfig | MSPNConfig] = {
    "hrnet-s": HRNetConfig(),
    "hrnet-xs": HRNetConfig(widths=(16, 32, 64, 128), blocks=(1, 1, 2)),
    "hrnet-tiny": HRNetConfig(
        widths=(16, 32), stem_width=8, stem_blocks=0, modules=(1,), blocks=(1,)
    ),
    "mspn-s": MSPNConfig(blocks=(0, 1, 2, 2), up_width=24, stages=2),
    "mspn-xs": MSPNConfig(),
    "mspn-n": MSPNConfig(widths=(16, 32, 64, 128), blocks=(0, 1, 2, 2)),
    "mspn-tiny": MSPNConfig(
        widths=(8, 16, 16), blocks=(0, 1, 1), stem_width=8, up_width=16, stages=2
    ),
}
DETECTOR: dict[str, DetectorConfig] = {
    "det-n": DetectorConfig(),
    "det-tiny": DetectorConfig(widths=(8, 8, 16, 16, 16), blocks=(0, 0, 0, 0, 0)),
}
TRAINED_STRIDE = 4
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


def build_pose(arch: str, keypoints: int) -> nn.Module:
    """Build the top-down network ``arch`` for ``keypoints`` maps: a compact or a published one.

    It has ``keypoints`` and ``stride``. In evaluation mode it gives one map [N, K, H/4, W/4]; in
    training mode perhaps a tuple of maps, of other sizes too, the one that counts last.

    Raises:
        InputError: the name is unknown, or the network gives no heatmaps at stride 4.
    """
    if arch in architectures():
        return _published(arch, keypoints)
    config = _lookup(POSE, arch)
    if isinstance(config, MSPNConfig):
        return MSPN(config, keypoints)
    return PoseNet(config, keypoints)


def build_simcc(
    arch: str, keypoints: int, input_hw: tuple[int, int], split_ratio: float
) -> SimccPose:
    """Build ``arch`` with bins along each axis instead of maps, for pictures of ``input_hw``.

    Raises:
        InputError: the name is unknown, or the network gives several maps a keypoint, of which all
            but the last would learn nothing.
    """
    net = build_pose(arch, keypoints)
    factors = cast("tuple[float, ...]", getattr(net, "sigma_factors", ()))
    if len(factors) > 1:
        raise InputError(
            f"bins along the axes need an architecture of one map a keypoint; got {arch!r}, "
            f"which is trained on {len(factors)}"
        )
    return SimccPose(net, input_hw, split_ratio)


def _published(arch: str, keypoints: int) -> PublishedPose:
    kind = architectures()[arch]
    stride = read_json("conventions.json")[kind.convention]["codec"]["stride"]
    if not kind.output or stride != TRAINED_STRIDE:
        raise InputError(
            f"expected an architecture with keypoint maps at stride {TRAINED_STRIDE}; got {arch!r}"
        )
    return PublishedPose(kind.build(keypoints), kind.output, keypoints, stride)


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
