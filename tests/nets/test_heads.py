# SPDX-License-Identifier: Apache-2.0
"""Heads that give coordinates: against the runtime's decoders, trained to a known place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.decode import decode_simcc, soft_argmax_3d  # noqa: E402
from edgepose.nets.heads import IntegralHead2d, IntegralHead3d, SimccHead  # noqa: E402


@pytest.mark.parametrize("beta", [1.0, 10.0])
def test_integral_2d_reads_as_the_runtime(beta: float) -> None:
    torch.manual_seed(0)
    head = IntegralHead2d(4, 3, beta)
    x = torch.randn(2, 4, 6, 5)
    found: Any = head(x)
    maps = head.conv(x).detach().numpy()
    xyz, _ = soft_argmax_3d(maps[:, :, None], beta=beta)
    assert found.shape == (2, 3, 2)
    assert np.abs(found.detach().numpy() - xyz[..., :2]).max() < 1e-4


def test_integral_3d_reads_as_the_runtime() -> None:
    torch.manual_seed(0)
    head = IntegralHead3d(4, 3, depth=7, beta=2.0)
    x = torch.randn(2, 4, 6, 5)
    found: Any = head(x)
    volumes = head.conv(x).detach().numpy().reshape(2, 3, 7, 6, 5)
    xyz, _ = soft_argmax_3d(volumes, beta=2.0)
    assert found.shape == (2, 3, 3)
    assert np.abs(found.detach().numpy() - xyz).max() < 1e-4


def test_no_pictures() -> None:
    assert IntegralHead2d(4, 3)(torch.zeros(0, 4, 6, 5)).shape == (0, 3, 2)
    assert SimccHead(4, 3, (6, 5), (24, 20))(torch.zeros(0, 4, 6, 5))[0].shape == (0, 3, 40)


def test_a_simcc_head_learns_and_is_decoded() -> None:
    from edgepose.train.simcc_losses import simcc_labels, simcc_loss

    torch.manual_seed(0)
    head = SimccHead(4, 2, (6, 5), (24, 20))
    x = torch.randn(1, 4, 6, 5)
    xy = torch.tensor([[[7.0, 11.5], [15.5, 3.0]]])
    labels = simcc_labels(xy, (20, 24), 2.0, 2.0)
    optimizer = torch.optim.Adam(head.parameters(), 0.05)
    for _ in range(40):
        loss: Any = simcc_loss(head(x), labels, torch.ones(1, 2), beta=1.0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    logits_x, logits_y = (item.detach().softmax(2).numpy() for item in head(x))
    assert logits_x.shape == (1, 2, 40)
    assert logits_y.shape == (1, 2, 48)
    found, _ = decode_simcc(logits_x, logits_y, split_ratio=2.0)
    assert np.abs(found - xy.numpy()).max() <= 0.5
