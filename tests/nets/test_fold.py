# SPDX-License-Identifier: Apache-2.0
"""Folding by running: whatever the nesting, only batch norms that read a convolution go."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from torch import nn  # noqa: E402

from edgepose.nets.fold import fold_by_running  # noqa: E402
from edgepose.nets.published.hourglass import Residual  # noqa: E402
from edgepose.nets.published.resnet import BasicBlock  # noqa: E402


class Twice(nn.Module):
    """Two convolutions before one batch norm, which therefore must stay."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)
        self.bn = nn.BatchNorm2d(3)

    def forward(self, x: Any) -> Any:
        return self.bn(self.a(x)) + self.bn(self.b(x))


@pytest.mark.parametrize(
    ("net", "left"),
    [
        pytest.param(nn.Conv2d(3, 4, 1), 0, id="no-batch-norm"),
        pytest.param(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)), 0, id="sequence"),
        pytest.param(
            nn.Sequential(nn.ConvTranspose2d(3, 4, 4, 2, 1), nn.BatchNorm2d(4)), 0, id="transposed"
        ),
        pytest.param(BasicBlock(3, 8, 2), 0, id="named"),
        pytest.param(Residual(3, 8), 1, id="before-the-convolution"),
        pytest.param(Twice(), 1, id="read-by-two"),
    ],
)
def test_folding_changes_nothing(net: Any, left: int) -> None:
    generator = torch.Generator().manual_seed(0)
    norms: list[Any] = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.running_mean.normal_(0, 0.5, generator=generator)
        norm.running_var.uniform_(0.5, 2, generator=generator)
    net.eval()
    before = {key: value.clone() for key, value in net.state_dict().items()}
    folded = fold_by_running(net, (8, 8))
    assert all((before[key] == value).all() for key, value in net.state_dict().items())
    found = [module for module in folded.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(found) == left
    picture = torch.randn(2, 3, 8, 8, generator=generator)
    with torch.no_grad():
        assert torch.allclose(folded(picture), net(picture), atol=1e-5)
