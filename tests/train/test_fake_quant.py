# SPDX-License-Identifier: Apache-2.0
"""Rounding in PyTorch: the numbers of the INT8 writer bit for bit, and gradients worked by hand."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
pytest.importorskip("onnx", reason="needs edgepose[train]")
if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)

from edgepose.quantize.qdq import CODES, Numbers, round_weights, step_and_zero  # noqa: E402

from edgepose.train.fake_quant import (  # noqa: E402
    round_activation,
    round_layer,
    scales_and_zeros,
    straight,
)

RANGES = [
    (0.0, 0.0), (0.0, 1e-20), (0.0, 6.0), (-1.0, 1.0), (-0.3, 5.1), (-7.7, 0.0), (-1e-3, 1e6),
    (-2.1179039, 2.64),
]  # fmt: skip


@pytest.mark.parametrize("kind", list(CODES))
def test_scales_and_zeros_are_the_writers(kind: str) -> None:
    rng = np.random.default_rng(0)
    drawn = rng.lognormal(0, 4, (200, 2)) * [-1, 1]
    rows = [*RANGES, *map(tuple, drawn.tolist())]
    ends = torch.tensor(rows, dtype=torch.float64)
    symmetric = kind == "symmetric"
    scale, zero = scales_and_zeros(ends[:, 0], ends[:, 1], CODES[kind][:2], symmetric=symmetric)
    expected = [step_and_zero(row, kind) for row in rows]
    assert scale.dtype == torch.float32
    assert scale.tolist() == [float(step) for step, _ in expected]
    assert zero.tolist() == [code for _, code in expected]


@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("limit", [127, 63])
@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        pytest.param((4, 3, 3, 3), 0, id="conv"),
        pytest.param((6, 5), 1, id="matmul"),
        pytest.param((2, 1, 1, 1), 0, id="depthwise"),
    ],
)
def test_weights_are_the_writers(
    shape: tuple[int, ...], axis: int, limit: int, per_channel: bool
) -> None:
    rng = np.random.default_rng(1)
    weight = rng.normal(0, 1, shape).astype(np.float32)
    weight.swapaxes(0, axis)[0] = 0  # a dead channel
    bias = rng.normal(0, 1e4, shape[axis]).astype(np.float32)
    bias[-1] = 1e12  # so large that it sets the scale
    step = np.float32(0.037)
    floor = np.abs(bias).astype(np.float64) / (float(step) * 2.0**30)
    numbers = Numbers("uint8", limit, per_channel)
    codes, scale = round_weights(weight, axis, numbers, floor)
    kept = torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy())
    rounded, rounded_bias = round_layer(
        *kept, torch.tensor(step), axis, limit, per_channel=per_channel
    )
    turned = [-1 if i == axis else 1 for i in range(len(shape))]
    steps = np.broadcast_to(scale, shape[axis]).astype(np.float32)
    assert np.array_equal(rounded.numpy(), codes * steps.reshape(turned))
    whole = (float(step) * steps.astype(np.float64)).astype(np.float32)
    expected = np.rint(bias.astype(np.float64) / whole).astype(np.int32).astype(np.float32) * whole
    assert rounded_bias is not None
    assert np.array_equal(rounded_bias.numpy(), expected)
    assert np.array_equal(kept[0].numpy(), weight)
    assert np.array_equal(kept[1].numpy(), bias)


def test_a_layer_without_bias() -> None:
    weight, bias = round_layer(
        torch.tensor([[0.5], [2.0]]), None, torch.tensor(1.0), 0, 127, per_channel=True
    )
    assert weight.tolist() == [[0.5], [2.0]]
    assert bias is None


def test_nothing_is_rounded_of_nothing() -> None:
    value = torch.zeros(0, 3, requires_grad=True)
    scale = torch.tensor(0.5, requires_grad=True)
    result = round_activation(value, scale, torch.tensor(3.0), (0, 255))
    result.sum().backward()  # type: ignore[no-untyped-call]
    assert result.shape == (0, 3)
    assert scale.grad is not None
    assert float(scale.grad) == 0


def test_activations_go_to_the_next_even_code_and_are_cut() -> None:
    value = torch.tensor([-9.0, -1.0, -0.25, 0.0, 0.25, 0.75, 0.8, 99.0])
    kept = value.clone()
    result = round_activation(value, torch.tensor(0.5), torch.tensor(2.0), (0, 10))
    assert result.tolist() == [-1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 4.0]
    assert torch.equal(value, kept)


def test_gradients() -> None:
    value = torch.tensor([-9.0, 0.3, 1.2, 99.0], requires_grad=True)
    scale = torch.tensor(0.5, requires_grad=True)
    zero = torch.tensor(2.0, requires_grad=True)
    result = round_activation(value, scale, zero, (0, 10))
    weights = torch.tensor([1.0, 10.0, 100.0, 1000.0])
    (result * weights).sum().backward()
    share = 1 / np.sqrt(4 * 10)
    assert value.grad is not None
    assert value.grad.tolist() == [0, 10, 100, 0]  # none where it is cut
    # Codes less zero: -2 (cut), 1, 2, 8 (cut); the places between codes: 0.6, 2.4.
    by_scale = 1 * -2 + 10 * (1 - 0.6) + 100 * (2 - 2.4) + 1000 * 8
    assert scale.grad is not None
    assert zero.grad is not None
    assert float(scale.grad) == pytest.approx(by_scale * share, rel=1e-5)
    assert float(zero.grad) == pytest.approx(-0.5 * (1 + 1000) * share, rel=1e-5)


def test_straight_gives_the_value_with_the_gradient_of_the_source() -> None:
    source = torch.tensor([0.1, 0.7], requires_grad=True)
    result = straight(source, source.detach().round())
    (result * torch.tensor([2.0, 3.0])).sum().backward()
    assert result.tolist() == [0, 1]
    assert source.grad is not None
    assert source.grad.tolist() == [2, 3]
