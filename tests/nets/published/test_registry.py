# SPDX-License-Identifier: Apache-2.0
"""Every published network of the registry: built, run without memory, described in full."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.errors import InputError  # noqa: E402
from edgepose.nets.published.registry import (  # noqa: E402
    architecture,
    architectures,
    read_json,
)

# Sizes that papers or the released files give, in millions of parameters.
MILLIONS = {
    "hrnet-w48": 63.6,
    "simplebaseline-r101": 53.0,
    "simplebaseline-r152": 68.6,
    "litehrnet-30": 1.8,
    "higherhrnet-w48": 63.8,
    "openpose-body25": 26.2,
}


@pytest.mark.parametrize("name", architectures())
def test_shapes(name: str) -> None:
    kind = architecture(name)
    with torch.device("meta"):
        net: Any = kind.build().eval()
        outputs = net(torch.zeros(2, 3, 128, 64))
    assert len(outputs) == len(net.outputs) == len(set(net.outputs))
    rules = read_json("conventions.json")[kind.convention]
    assert len(read_json("keypoint_sets.json")[rules["keypoint_set"]]) == kind.keypoints
    if rules["task"] == "top_down":
        stride = rules["codec"]["stride"]
        found = dict(zip(net.outputs, outputs, strict=True))[kind.output]
        background = kind.convention == "cpm"
        assert found.shape == (2, kind.keypoints + background, 128 // stride, 64 // stride)
    else:
        assert not kind.output


@pytest.mark.parametrize("name", MILLIONS)
def test_sizes(name: str) -> None:
    with torch.device("meta"):
        net = architecture(name).build()
    count = sum(parameter.numel() for parameter in net.parameters())
    assert round(count / 1e6, 1) == MILLIONS[name]


def test_the_number_of_keypoints_is_free() -> None:
    with torch.device("meta"):
        net: Any = architecture("hrnet-w32").build(5)
    assert net.final_layer.out_channels == 5


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="expected a published architecture of"):
        architecture("hrnet-w99")
