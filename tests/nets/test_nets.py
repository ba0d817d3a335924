# SPDX-License-Identifier: Apache-2.0
"""Every architecture of the registry: shapes, batch norms folded, outputs as promised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.errors import InputError  # noqa: E402
from edgepose.nets import registry  # noqa: E402
from edgepose.nets.constants import MEAN, STD  # noqa: E402
from edgepose.nets.detector import DetectorExport  # noqa: E402
from edgepose.nets.fold import fold_batch_norm  # noqa: E402
from edgepose.nets.normalize import Normalized  # noqa: E402
from edgepose.nets.pose import PoseExport  # noqa: E402


@pytest.fixture(autouse=True)
def _no_grad() -> Iterator[None]:
    with torch.no_grad():
        yield


def shaken(net: Any) -> Any:
    """The network with batch norm statistics as after training."""
    generator = torch.Generator().manual_seed(0)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    return net.eval()


@pytest.mark.parametrize("arch", registry.POSE)
@pytest.mark.parametrize("batch", [1, 3])
def test_pose(arch: str, batch: int) -> None:
    net = shaken(registry.build_pose(arch, 5))
    picture = torch.randn(batch, 3, 128, 96)
    logits = net(picture)
    assert logits.shape == (batch, 5, 32, 24)
    heatmap = PoseExport(net, 1.5, (128, 96)).eval()(picture)
    assert heatmap.shape == logits.shape
    total = heatmap.sum((2, 3)) / (2 * torch.pi * 1.5**2)
    assert torch.allclose(total, torch.ones(batch, 5), atol=1e-4)
    assert (heatmap.flatten(2).argmax(2) == logits.flatten(2).argmax(2)).all()


@pytest.mark.parametrize("arch", registry.DETECTOR)
def test_detector(arch: str) -> None:
    net = shaken(registry.build_detector(arch))
    heatmap, size, offset = DetectorExport(net).eval()(torch.randn(2, 3, 64, 96))
    assert heatmap.shape == (2, 1, 8, 12)
    assert size.shape == offset.shape == (2, 2, 8, 12)
    assert ((heatmap >= 0) & (heatmap <= 1)).all()
    assert (size > 0).all()


@pytest.mark.parametrize("arch", [*registry.POSE, *registry.DETECTOR])
def test_folding_changes_nothing(arch: str) -> None:
    pose = arch in registry.POSE
    net = shaken(registry.build_pose(arch, 3) if pose else registry.build_detector(arch))
    before = {key: value.clone() for key, value in net.state_dict().items()}
    folded = fold_batch_norm(net)
    assert all((before[key] == value).all() for key, value in net.state_dict().items())
    picture = torch.randn(1, 3, 64, 64)
    ours, theirs = folded(picture), net(picture)
    pairs = [(ours, theirs)] if pose else zip(ours, theirs, strict=True)
    for a, b in pairs:
        assert torch.allclose(a, b, atol=1e-4 * float(b.abs().max()))


def test_a_batch_norm_elsewhere_is_refused() -> None:
    with pytest.raises(InputError, match="right after its convolution"):
        fold_batch_norm(torch.nn.Sequential(torch.nn.BatchNorm2d(3)))


@pytest.mark.parametrize(
    "build", [lambda: registry.build_pose("x", 1), lambda: registry.build_detector("x")]
)
def test_an_unknown_name_is_refused(build: Any) -> None:
    with pytest.raises(InputError, match="expected an architecture of"):
        build()


def test_channels_fill_simd_lanes() -> None:
    for pose in registry.POSE.values():
        assert all(width % 8 == 0 for width in (*pose.widths, pose.stem_width))
    for detector in registry.DETECTOR.values():
        assert all(width % 8 == 0 for width in detector.widths)


def test_pictures_are_normalised() -> None:
    normalized = Normalized(torch.nn.Identity())
    picture = torch.randint(0, 256, (2, 5, 4, 3), dtype=torch.uint8)
    found = normalized(picture)
    expected = (picture.float() - torch.tensor(MEAN)) / torch.tensor(STD)
    assert torch.allclose(found, expected.permute(0, 3, 1, 2))
    assert not normalized.state_dict()
