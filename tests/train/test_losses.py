# SPDX-License-Identifier: Apache-2.0
"""Losses: against slow references, masks, bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.train import losses  # noqa: E402


def _batch(seed: int = 0) -> tuple[Any, Any, Any]:
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(2, 3, 6, 5, generator=generator)
    xy = torch.rand(2, 3, 2, generator=generator) * torch.tensor([4.0, 5.0])
    return logits, xy, torch.tensor([[1.0, 1, 0], [1, 0, 1]])


def _slow(logits: Any, xy: Any, sigma: float) -> Any:
    """Kullback-Leibler divergence of every map, one cell at a time."""
    out = np.zeros(logits.shape[:2])
    for n, k in np.ndindex(*out.shape):
        y, x = np.mgrid[: logits.shape[2], : logits.shape[3]]
        cx, cy = xy[n, k].tolist()
        target = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * sigma**2))
        target /= target.sum()
        scores = logits[n, k].double().numpy()
        log_probability = scores - np.log(np.exp(scores).sum())
        out[n, k] = (target * (np.log(np.maximum(target, 1e-300)) - log_probability)).sum()
    return out


def test_cross_entropy_equals_the_slow_reading() -> None:
    logits, xy, mask = _batch()
    before = [item.clone() for item in (logits, xy, mask)]
    found = losses.map_cross_entropy(logits, xy, mask, sigma=1.2)
    expected = (_slow(logits, xy, 1.2) * mask.numpy()).sum() / 4
    assert float(found) == pytest.approx(expected, rel=1e-5)
    assert all((a == b).all() for a, b in zip(before, (logits, xy, mask), strict=True))


def test_only_the_hardest_keypoints_count() -> None:
    logits, xy, mask = _batch()
    every = _slow(logits, xy, 1.2) * mask.numpy()
    found = losses.map_cross_entropy(logits, xy, mask, sigma=1.2, hardest=1)
    assert float(found) == pytest.approx(every.max(1).mean(), rel=1e-5)
    found = losses.map_cross_entropy(logits, xy, mask, sigma=1.2, hardest=99)
    assert float(found) == pytest.approx(every.sum() / 4, rel=1e-5)


def test_a_masked_keypoint_teaches_nothing() -> None:
    logits, xy, mask = _batch()
    xy[0, 2] = 1e4
    logits.requires_grad_()
    loss: Any = losses.map_cross_entropy(logits, xy, mask, sigma=1.2, hardest=2)
    loss.backward()
    assert torch.isfinite(logits.grad).all()
    assert (logits.grad[0, 2] == 0).all()
    assert (logits.grad[1, 1] == 0).all()
    assert (logits.grad[0, 0] != 0).all()


def test_nothing_labelled_is_zero() -> None:
    logits, xy, mask = _batch()
    assert float(losses.map_cross_entropy(logits, xy, mask * 0, sigma=1, hardest=1)) == 0
    empty = losses.map_cross_entropy(logits[:0], xy[:0], mask[:0], sigma=1)
    assert float(empty) == 0


def test_the_target_itself_is_perfect() -> None:
    xy = torch.tensor([[[2.3, 3.1]]])
    x, y = losses.gaussian_rows(xy, 5, 6, 0.8)
    logits = (y[..., :, None] * x[..., None, :]).log()
    assert abs(float(losses.map_cross_entropy(logits, xy, torch.ones(1, 1), sigma=0.8))) < 1e-6


def test_autocast_does_not_round_the_loss() -> None:
    logits, xy, mask = _batch()
    exact = losses.map_cross_entropy(logits, xy, mask, sigma=1.2)
    with torch.autocast("cpu", torch.bfloat16):
        assert losses.map_cross_entropy(logits, xy, mask, sigma=1.2) == exact


def test_focal_loss() -> None:
    target = torch.tensor([[[[1.0, 0.5], [0.0, 0.0]]]])
    weight = torch.tensor([[[[1.0, 1.0], [1.0, 0.0]]]])
    logits = torch.tensor([[[[0.3, -1.0], [0.2, 50.0]]]])
    p = 1 / (1 + np.exp(-logits[0, 0].double().numpy()))
    expected = -((1 - p[0, 0]) ** 2 * np.log(p[0, 0]))
    expected -= 0.5**4 * p[0, 1] ** 2 * np.log(1 - p[0, 1]) + p[1, 0] ** 2 * np.log(1 - p[1, 0])
    assert float(losses.focal_heatmap_loss(logits, target, weight)) == pytest.approx(expected)
    assert float(losses.focal_heatmap_loss(logits, target, weight * 0)) == 0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param([0, 0, 2, 2], [0, 0, 2, 2], 1.0, id="same"),
        pytest.param([0, 0, 1, 1], [2, 0, 3, 1], -1 / 3, id="apart"),
        pytest.param([0, 0, 2, 1], [1, 0, 3, 1], 1 / 3, id="half"),
    ],
)
def test_generalized_iou(a: list[float], b: list[float], expected: float) -> None:
    found = losses.generalized_iou(torch.tensor([a]).float(), torch.tensor([b]).float())
    assert found.tolist() == pytest.approx([expected])
    assert losses.generalized_iou(torch.zeros(0, 4), torch.zeros(0, 4)).shape == (0,)
