# SPDX-License-Identifier: Apache-2.0
"""Bottom-up networks: shapes, one output for each kind of map, hrnet's names in the backbone."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.errors import InputError  # noqa: E402
from edgepose.nets.bottom_up import BottomUpNet  # noqa: E402
from edgepose.nets.fold import fold_batch_norm  # noqa: E402
from edgepose.nets.registry import BOTTOM_UP, build_bottom_up, build_pose  # noqa: E402
from edgepose.nets.strides import BOTTOM_UP_STRIDES  # noqa: E402

SMALL = [name for name in BOTTOM_UP if name.endswith("tiny")]


@pytest.mark.parametrize("arch", BOTTOM_UP)
def test_shapes(arch: str) -> None:
    net = build_bottom_up(arch, 5, 8).eval()
    with torch.no_grad():
        maps, fields = net(torch.randn(2, 3, 64, 96))
    stride = BOTTOM_UP[arch].stride
    assert net.stride == stride
    assert maps.shape == (2, 5, 64 // stride, 96 // stride)
    assert fields.shape == (2, 8, 64 // stride, 96 // stride)


def test_strides_are_those_of_the_tasks() -> None:
    found = {name: BOTTOM_UP[f"{name}-s"].stride for name in ("paf", "ae")}
    assert found == {name.rsplit("_", 1)[1]: stride for name, stride in BOTTOM_UP_STRIDES.items()}


@pytest.mark.parametrize("arch", BOTTOM_UP)
def test_folding_changes_nothing(arch: str) -> None:
    net: Any = build_bottom_up(arch, 3, 4)
    generator = torch.Generator().manual_seed(0)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    picture = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        for ours, theirs in zip(fold_batch_norm(net)(picture), net.eval()(picture), strict=True):
            assert torch.allclose(ours, theirs, atol=1e-4 * float(theirs.abs().max()))


def test_no_parameter_is_idle() -> None:
    """What the loss does not reach would stay random and yet be shipped."""
    for arch in SMALL:
        net = build_bottom_up(arch, 3, 4)
        maps, fields = net(torch.randn(2, 3, 64, 64))
        (maps.sum() + fields.sum()).backward()
        assert all(parameter.grad is not None for parameter in net.parameters())


def test_it_starts_out_by_finding_nothing() -> None:
    for raw in build_bottom_up("paf-tiny", 3, 4).eval()(torch.randn(1, 3, 64, 64)):
        assert float(raw.detach().abs().max()) < 0.1


@pytest.mark.parametrize(("arch", "pose"), [("paf-s", "hrnet-s"), ("ae-s", "hrnet-s")])
def test_the_backbone_is_that_of_the_top_down_network(arch: str, pose: str) -> None:
    ours, theirs = build_bottom_up(arch, 17, 38).state_dict(), build_pose(pose, 17).state_dict()
    backbone = {name for name in ours if name.startswith("backbone.")}
    assert backbone <= set(theirs)
    assert all(ours[name].shape == theirs[name].shape for name in backbone)
    rest = {name for name in theirs if name.startswith("backbone.")} - backbone
    assert all(".exchange." in name for name in rest), "only the last exchange is its own"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="expected an architecture of"):
        build_bottom_up("paf-x", 1, 2)


def test_channels_fill_simd_lanes() -> None:
    assert all(row.head_width % 8 == 0 for row in BOTTOM_UP.values())
    assert isinstance(build_bottom_up("paf-tiny", 1, 2), BottomUpNet)
