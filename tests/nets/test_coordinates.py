# SPDX-License-Identifier: Apache-2.0
"""Networks trained on coordinates, and what their exports promise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.decode import decode_heatmaps, decode_simcc  # noqa: E402
from edgepose.errors import InputError  # noqa: E402
from edgepose.nets.coordinates import (  # noqa: E402
    IntegralExport,
    SimccExport,
    SimccPose,
    mean_places,
)
from edgepose.nets.registry import build_simcc  # noqa: E402
from edgepose.nets.sharpness import LEAST_BETA, integral_beta  # noqa: E402


class Fixed:
    """Gives the same outputs whatever the picture."""

    keypoints, stride = 3, 4

    def __init__(self, *outputs: Any) -> None:
        self.outputs = outputs

    def __call__(self, x: Any) -> Any:
        return self.outputs if len(self.outputs) > 1 else self.outputs[0]


def fixed(*outputs: Any) -> Any:
    """Stands in for a network."""
    return Fixed(*outputs)


def pictures(count: int, hw: tuple[int, int] = (32, 24)) -> Any:
    return torch.zeros(count, 3, *hw)


def test_simcc_shapes() -> None:
    net = build_simcc("hrnet-tiny", 3, (64, 32), 1.5).eval()
    with torch.no_grad():
        for count in (0, 2):
            along_x, along_y = net(pictures(count, (64, 32)))
            assert (along_x.shape, along_y.shape) == ((count, 3, 48), (count, 3, 96))
    assert (net.keypoints, net.stride) == (3, 4)


def test_simcc_reads_the_last_of_several_maps() -> None:
    maps = torch.randn(2, 3, 8, 6)
    nets = [SimccPose(net, (32, 24), 2.0) for net in (fixed(maps), fixed(maps * 0, maps))]
    nets[1].axes = nets[0].axes
    for a, b in zip(nets[0](pictures(2)), nets[1](pictures(2)), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    ("arch", "message"),
    [("none", "expected an architecture"), ("mspn-tiny", "one map a keypoint; got 'mspn-tiny'")],
)
def test_simcc_refuses(arch: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_simcc(arch, 3, (64, 32), 2.0)


def test_simcc_export_scores_about_one() -> None:
    sigma, center = 3.0, torch.tensor([[[20.25], [15.0], [30.5]]])
    logits = -((torch.arange(48.0) - center) ** 2) / (2 * sigma**2)
    before = logits.clone()
    x, y = SimccExport(fixed(logits, logits), sigma)(pictures(1))
    xy, score = decode_simcc(x.numpy(), y.numpy(), split_ratio=2.0, blur_kernel=(17, 17))
    np.testing.assert_allclose(score, 1, atol=0.02)  # half a bin off the peak
    np.testing.assert_allclose(xy[0, :, 0], center[0, :, 0] / 2, atol=0.02)
    assert torch.equal(logits, before)


@pytest.mark.parametrize("sigma", [0.5, 1.5, 30.0])
def test_integral_export_keeps_the_mean_place(sigma: float) -> None:
    logits = 4 * torch.randn(2, 3, 8, 6, generator=torch.Generator().manual_seed(0))
    export = IntegralExport(fixed(logits), sigma, (32, 24))
    maps = export(pictures(2)).numpy()
    xy, _ = decode_heatmaps(maps, subpixel="integral", beta=export.beta, debias=False)
    np.testing.assert_allclose(xy, mean_places(logits).numpy(), atol=1e-4)


def test_integral_scores_go_from_flat_to_sharp() -> None:
    y, x = torch.meshgrid(torch.arange(16.0), torch.arange(12.0), indexing="ij")
    sharp = -((x - 5) ** 2 + (y - 7) ** 2) / (2 * 1.5**2)
    logits = torch.stack([torch.zeros(16, 12), sharp, sharp + 9])[None]
    maps = IntegralExport(fixed(logits), 1.5, (64, 48))(pictures(1, (64, 48))).numpy()
    _, score = decode_heatmaps(maps, subpixel="integral", beta=1.0, debias=False)
    np.testing.assert_allclose(score[0], [0, 1, 1], atol=0.02)


def test_sharpness() -> None:
    assert integral_beta(1.5, 3072) == pytest.approx(math.log(3072 / (2 * math.pi * 2.25)))
    assert integral_beta(32.0, 64) == LEAST_BETA
