# SPDX-License-Identifier: Apache-2.0
"""Operators in PyTorch give what ONNX Runtime gives; forms that are not supported are refused."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
onnx = pytest.importorskip("onnx", reason="needs edgepose[train]")
if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)

from edgepose.quantize.graph import read_graph  # noqa: E402
from edgepose.quantize.observe import run_outputs  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from edgepose.errors import ModelError  # noqa: E402
from edgepose.train.graph_net import GraphNet  # noqa: E402
from edgepose.train.graph_ops import OPERATORS  # noqa: E402

RNG = np.random.default_rng(0)
SHAPE = (2, 4, 6, 8)


def draw(*shape: int) -> Any:
    return RNG.standard_normal(shape, np.float32)


def whole(*values: int) -> Any:
    return np.array(values, np.int64)


NONE = np.array([], np.float32)
# id: operator, constants after the input, attributes
CASES: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "conv": ("Conv", [draw(5, 4, 3, 3), draw(5)], {"pads": [1, 1, 1, 1], "strides": [2, 1]}),
    "conv-uneven": ("Conv", [draw(5, 4, 3, 3)], {"pads": [0, 1, 1, 0]}),
    "conv-depthwise": ("Conv", [draw(4, 1, 3, 3), draw(4)], {"group": 4, "dilations": [2, 2]}),
    "conv-transpose": (
        "ConvTranspose",
        [draw(4, 3, 4, 4), draw(3)],
        {"pads": [1, 1, 1, 1], "strides": [2, 2]},
    ),
    "matmul": ("MatMul", [draw(8, 3)], {}),
    "add": ("Add", [draw(4, 1, 1)], {}),
    "sub": ("Sub", [draw(4, 1, 1)], {}),
    "mul": ("Mul", [np.float32(3)], {}),
    "div": ("Div", [np.float32(3)], {}),
    "identity": ("Identity", [], {}),
    "relu": ("Relu", [], {}),
    "leaky-relu": ("LeakyRelu", [], {"alpha": 0.2}),
    "clip": ("Clip", [np.float32(-0.5), np.float32(0.3)], {}),
    "clip-nothing": ("Clip", [], {}),
    "sigmoid": ("Sigmoid", [], {}),
    "exp": ("Exp", [], {}),
    "tanh": ("Tanh", [], {}),
    "softmax": ("Softmax", [], {"axis": 2}),
    "max-pool": (
        "MaxPool",
        [],
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
    ),
    "max-pool-uneven": ("MaxPool", [], {"kernel_shape": [2, 2], "pads": [0, 0, 1, 1]}),
    "average-pool": ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    "average-pool-whole": (
        "AveragePool",
        [],
        {"kernel_shape": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1},
    ),
    "global-average-pool": ("GlobalAveragePool", [], {}),
    "reduce-mean": ("ReduceMean", [], {"axes": [2, 3], "keepdims": 0}),
    "resize-nearest": (
        "Resize",
        [NONE, np.array([1, 1, 2, 2], np.float32)],
        {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    ),
    "resize-linear": (
        "Resize",
        [NONE, NONE, whole(2, 4, 9, 16)],
        {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
    ),
    "resize-aligned": (
        "Resize",
        [NONE, NONE, whole(2, 4, 9, 16)],
        {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
    ),
    "reshape": ("Reshape", [whole(0, 2, -1, 8)], {}),
    "flatten": ("Flatten", [], {}),
    "transpose": ("Transpose", [], {"perm": [0, 2, 3, 1]}),
    "slice": ("Slice", [whole(0, -1), whole(3, -9), whole(1, 3), whole(2, -1)], {}),
}
REFUSED: dict[str, tuple[str, list[Any], dict[str, Any], str]] = {
    "operator": ("Sin", [], {}, "through Sin$"),
    "auto-pad": ("Conv", [draw(4, 4, 3, 3)], {"auto_pad": "SAME_UPPER"}, "Conv with auto_pad"),
    "pool": ("MaxPool", [], {"kernel_shape": [2, 2], "ceil_mode": 1}, "MaxPool with ceil_mode"),
    "resize": (
        "Resize",
        [NONE, np.array([1, 1, 2, 2], np.float32)],
        {"mode": "cubic"},
        "Resize by cubic, half_pixel",
    ),
    "average-pool": (
        "AveragePool",
        [],
        {"kernel_shape": [2, 2], "pads": [0, 0, 1, 1]},
        "AveragePool padded unevenly",
    ),
}


def network(folder: Path, operator: str, constants: list[Any], options: dict[str, Any]) -> Any:
    """The graph of one node."""
    names = [f"c{number}" for number in range(len(constants))]
    node = helper.make_node(operator, ["x", *names], ["y"], name="node", **options)
    tensors = [
        numpy_helper.from_array(np.asarray(each), name)
        for name, each in zip(names, constants, strict=True)
    ]
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = folder / "one.onnx"
    onnx.save(model, str(path))
    return read_graph(path)


@pytest.mark.parametrize("case", CASES)
def test_a_node_gives_what_onnx_runtime_gives(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The outputs' shapes are left out above, which a strict check would not take.
    monkeypatch.setattr(onnx.checker, "check_model", lambda _model: None)
    graph = network(tmp_path, *CASES[case])
    x = draw(*SHAPE)
    from edgepose.quantize import observe

    monkeypatch.setattr(observe, "batches", lambda _graph, inputs: [inputs])
    expected = run_outputs(graph, x)["y"]
    found = GraphNet(graph, ("y",))(torch.from_numpy(x)).numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_supported_is_refused(case: str, tmp_path: Path) -> None:
    operator, constants, options, message = REFUSED[case]
    net = GraphNet(network(tmp_path, operator, constants, options), ("y",))
    with pytest.raises(ModelError, match=message):
        net(torch.from_numpy(draw(*SHAPE)))


def test_every_operator_has_a_case() -> None:
    rest = {"Concat", "Gemm", "Split"}  # of several tensors, or of another rank: below
    assert {operator for operator, *_ in CASES.values()} | rest == set(OPERATORS)


def test_split_concat_and_gemm() -> None:
    nodes = [
        helper.make_node("Split", ["x", "sizes"], ["a", "b"], name="split", axis=1),
        helper.make_node("Concat", ["b", "a"], ["c"], name="concat", axis=1),
        helper.make_node("Flatten", ["c"], ["d"], name="flatten"),
        helper.make_node("Gemm", ["d", "w", "v"], ["y"], name="gemm", transB=1, alpha=0.5),
    ]
    weights = {"sizes": whole(1, 3), "w": draw(5, 192), "v": draw(5)}
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)]
    from edgepose.quantize.graph import Graph

    graph = Graph(nodes, weights, inputs, [], 13, 8)
    x = draw(*SHAPE)
    turned = np.concatenate([x[:, 1:], x[:, :1]], 1).reshape(2, -1)
    first, found = GraphNet(graph, ("a", "y"))(torch.from_numpy(x))
    assert np.array_equal(first.numpy(), x[:, :1])
    expected = 0.5 * turned @ weights["w"].T + weights["v"]
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-4)
