# SPDX-License-Identifier: Apache-2.0
"""Losses over maps of several sizes, squared error, SimCC, imitation of a teacher."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.train.heatmap_losses import (  # noqa: E402
    coarse_to_fine,
    hardest_mean,
    heatmap_mse,
)
from edgepose.train.losses import gaussian_rows, map_cross_entropy  # noqa: E402
from edgepose.train.simcc_losses import simcc_labels, simcc_loss  # noqa: E402
from edgepose.train.teacher import imitation  # noqa: E402


def batch() -> tuple[Any, Any, Any]:
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(2, 3, 8, 6, generator=generator)
    xy = torch.rand(2, 3, 2, generator=generator) * torch.tensor([5.0, 7.0])
    return maps, xy, torch.tensor([[1.0, 1, 0], [1, 0, 1]])


@pytest.mark.parametrize(("hardest", "expected"), [(0, 3.75), (1, 6.0), (2, 15 / 4), (9, 3.75)])
def test_hardest_mean(hardest: int, expected: float) -> None:
    loss = torch.tensor([[1.0, 4, 99], [8, 99, 2]])
    mask = torch.tensor([[1.0, 1, 0], [1, 0, 1]])
    assert float(hardest_mean(loss, mask, hardest)) == expected
    assert float(hardest_mean(loss, mask * 0, hardest)) == 0


def test_squared_error_equals_the_slow_reading() -> None:
    maps, xy, mask = batch()
    before = [item.clone() for item in (maps, xy, mask)]
    found = heatmap_mse(maps, xy, mask, sigma=1.2)
    slow = np.zeros((2, 3))
    for n, k in np.ndindex(2, 3):
        rows = [
            np.exp(-((np.arange(size) - c) ** 2) / 2 / 1.2**2)
            for size, c in zip((6, 8), xy[n, k].tolist(), strict=True)
        ]
        gain = 2 * np.pi * 1.2**2
        target = gain * np.outer(rows[1] / rows[1].sum(), rows[0] / rows[0].sum())
        slow[n, k] = ((maps[n, k].numpy() - target) ** 2).sum() / (gain / 2)
    assert float(found) == pytest.approx((slow * mask.numpy()).sum() / 4, rel=1e-5)
    assert all((a == b).all() for a, b in zip(before, (maps, xy, mask), strict=True))


def test_the_empty_map_costs_about_one_and_the_target_nothing() -> None:
    xy, mask = torch.tensor([[[15.2, 16.7]]]), torch.ones(1, 1)
    assert float(heatmap_mse(torch.zeros(1, 1, 32, 32), xy, mask, sigma=2.0)) == pytest.approx(
        1, rel=1e-3
    )
    x, y = gaussian_rows(xy, 32, 32, 2.0)
    target = 2 * np.pi * 4 * y[..., :, None] * x[..., None, :]
    assert float(heatmap_mse(target, xy, mask, sigma=2.0)) < 1e-10


def test_one_map_is_the_plain_loss() -> None:
    maps, xy, mask = batch()
    plain = map_cross_entropy(maps, xy, mask, sigma=1.2, hardest=1)
    assert coarse_to_fine([maps], xy, mask, sigma=1.2, hardest=1) == plain
    squared = heatmap_mse(maps, xy, mask, sigma=1.2)
    assert coarse_to_fine([maps], xy, mask, sigma=1.2, objective="mse") == squared


def test_a_coarser_map_has_its_target_at_the_same_place() -> None:
    _, xy, mask = batch()
    tables = []
    for scale in (2.0, 1.0):
        x, y = gaussian_rows((xy + 0.5) / scale - 0.5, int(6 / scale), int(8 / scale), 0.8)
        tables.append((y[..., :, None] * x[..., None, :]).clamp_min(1e-30).log())
    assert abs(float(coarse_to_fine(tables, xy, mask, sigma=0.8))) < 1e-5


def test_factors_widen_and_only_the_last_map_is_mined() -> None:
    maps, xy, mask = batch()
    found = coarse_to_fine([maps, maps], xy, mask, sigma=1.0, factors=(1.5, 1.0), hardest=1)
    wide = map_cross_entropy(maps, xy, mask, sigma=1.5)
    mined = map_cross_entropy(maps, xy, mask, sigma=1.0, hardest=1)
    assert float(found) == pytest.approx(float(wide + mined) / 2)


def test_simcc_labels() -> None:
    xy = torch.tensor([[[3.0, 1.5], [1e6, -1e6]]])
    x, y = simcc_labels(xy, (8, 6), 2.0, 1.0)
    assert (x.shape, y.shape) == ((1, 2, 16), (1, 2, 12))
    assert (int(x[0, 0].argmax()), int(y[0, 0].argmax())) == (6, 3)
    assert x[0, 0].sum() == pytest.approx(1)
    assert float(x[0, 1].sum()) == float(y[0, 1].sum()) == 0


def test_simcc_divergence() -> None:
    xy = torch.tensor([[[3.0, 1.5], [2.0, 2.0]]])
    labels = simcc_labels(xy, (8, 6), 2.0, 1.0)
    perfect = (labels[0].clamp_min(1e-30).log(), labels[1].clamp_min(1e-30).log())
    mask = torch.tensor([[1.0, 0.0]])
    assert abs(float(simcc_loss(perfect, labels, mask, beta=1.0))) < 1e-5
    flat = (torch.zeros(1, 2, 16), torch.zeros(1, 2, 12))
    entropy = sum(float(torch.xlogy(label[0, 0], label[0, 0]).sum()) for label in labels)
    expected = entropy + np.log(16) + np.log(12)
    assert float(simcc_loss(flat, labels, mask)) == pytest.approx(expected, rel=1e-5)
    assert float(simcc_loss(flat, labels, mask * 0)) == 0


@pytest.mark.parametrize("objective", ["cross_entropy", "mse"])
def test_imitation(objective: str) -> None:
    maps, _, _ = batch()
    assert float(imitation(maps, maps, objective)) == pytest.approx(0, abs=1e-6)
    other = maps.flip(3).requires_grad_()
    loss: Any = imitation(other, maps, objective)
    loss.backward()
    assert float(loss.detach()) > 0.1
    assert torch.isfinite(other.grad).all()
