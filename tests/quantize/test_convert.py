# SPDX-License-Identifier: Apache-2.0
"""From a float network to a quantized one: simplifying, planning, rounding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from edgepose.quantize.convert import Observed, convert
from edgepose.quantize.equalize import equalize, pairs
from edgepose.quantize.observe import Histogram, run_outputs
from edgepose.quantize.plan import candidates, make_plan
from edgepose.quantize.qdq import Numbers, round_weights, step_and_zero
from edgepose.quantize.ranges import METHODS
from edgepose.quantize.rules import check
from edgepose.quantize.simplify import read_float_graph
from onnx import TensorProto, helper, numpy_helper
from tiny_models import POSE_WH, Graph

from edgepose.errors import ModelError

KINDS = ["uint8", "int8", "symmetric"]


@pytest.mark.parametrize("kind", KINDS)
def test_is_near_the_float_network(residual: Path, noise: Any, kind: Any) -> None:
    graph = read_float_graph(residual)
    inputs = noise(10)
    before = inputs.copy()
    observed = Observed.of(graph, inputs)
    expected = run_outputs(graph, inputs)["maps"]
    found = run_outputs(convert(observed, "minmax", Numbers(kind)), inputs)["maps"]
    assert np.abs(found - expected).max() < 0.03 * np.ptp(expected)
    assert (inputs == before).all()


def test_input_is_not_changed(residual: Path, noise: Any) -> None:
    graph = read_float_graph(residual)
    before = graph.to_model().SerializeToString()
    convert(Observed.of(graph, noise(8)), "mse", Numbers())
    assert graph.to_model().SerializeToString() == before


def test_plan(residual: Path) -> None:
    graph = read_float_graph(residual)
    plan = make_plan(graph)
    kinds = {node.name: node.op_type for node in graph.nodes}
    assert [kinds[name] for name in plan.nodes] == [
        *("AveragePool", "Conv", "Conv", "Resize", "AveragePool", "Conv", "Add", "Conv")
    ]
    assert [kinds[name] for name in plan.absorbed] == ["Relu"]
    assert plan.root["large"] == "back"  # a Resize keeps its input's scale
    assert "mixed" not in plan.root  # rounded after the Relu only


def test_nothing_is_quantized(residual: Path, noise: Any) -> None:
    graph = read_float_graph(residual)
    observed = Observed.of(graph, noise(8))
    same = convert(observed, "minmax", Numbers(), candidates(graph))
    inputs = noise(2, seed=1)
    assert not make_plan(graph, candidates(graph)).nodes
    assert (run_outputs(same, inputs)["maps"] == run_outputs(graph, inputs)["maps"]).all()


@pytest.mark.parametrize("index", range(7))
def test_each_layer_alone_in_float(residual: Path, noise: Any, index: int) -> None:
    graph = read_float_graph(residual)
    name = candidates(graph)[index]
    quantized = convert(Observed.of(graph, noise(8)), "minmax", Numbers(), (name,))
    inputs = noise(2, seed=1)
    expected = run_outputs(graph, inputs)["maps"]
    assert np.abs(run_outputs(quantized, inputs)["maps"] - expected).max() < 0.03 * np.ptp(expected)
    assert not check(quantized)[0].objections


@pytest.mark.parametrize(
    ("kind", "takes"), [("uint8", False), ("int8", False), ("symmetric", True)], ids=KINDS
)
def test_rules(residual: Path, noise: Any, kind: Any, takes: bool) -> None:
    quantized = convert(Observed.of(read_float_graph(residual), noise(8)), "mse", Numbers(kind))
    said = {verdict.runtime: verdict.objections for verdict in check(quantized)}
    assert said["onnxruntime"] == said["qnn"] == ()
    assert (said["tensorrt"] == ()) == takes
    codes = [w for name, w in quantized.weights.items() if w.dtype == np.int8 and w.ndim == 4]
    assert len(codes) == 4
    assert all(int(np.abs(w.astype(int)).max()) == 127 for w in codes)


def test_rules_object(residual: Path, noise: Any) -> None:
    quantized = convert(Observed.of(read_float_graph(residual), noise(8)), "mse", Numbers())
    quantized.opset = 12
    quantized.nodes[-1].op_type = "Einsum"
    for name, array in quantized.weights.items():
        if array.dtype == np.int8 and array.ndim == 4:
            quantized.weights[name] = np.full_like(array, -128)
        if array.dtype == np.int8 and array.ndim == 1:
            quantized.weights[name] = np.ones_like(array)
    text = " ".join(check(quantized)[0].objections)
    for part in ("opset 12", "Einsum", "symmetric"):
        assert part in text


def test_runs_as_integers(residual: Path, noise: Any, tmp_path: Path) -> None:
    """ONNX Runtime melts the pairs into integer kernels: none is left but at the ends."""
    import onnxruntime as ort

    quantized = convert(Observed.of(read_float_graph(residual), noise(8)), "minmax", Numbers())
    path = quantized.save(tmp_path / "int8.onnx")
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    kinds = [node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node]
    assert kinds.count("QLinearConv") == 4
    assert kinds.count("QLinearAdd") == 1
    assert kinds.count("DequantizeLinear") == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.zeros(10), id="zeros"),
        pytest.param(np.ones(10), id="one value"),
        pytest.param(-np.ones(10), id="negative"),
        pytest.param(np.linspace(-1, 3, 5000), id="even"),
        pytest.param(np.append(np.linspace(0, 1, 100_000), 50.0), id="outlier"),
    ],
)
def test_ranges(method: str, values: Any) -> None:
    histogram = Histogram()
    for part in np.array_split(values.astype(np.float32).reshape(1, 1, -1), 2, axis=2):
        histogram.add(part)
    low, high = METHODS[method](histogram)
    assert min(values.min(), 0) - 1e-6 <= low <= 0 <= high <= max(values.max(), 0) + 1e-6
    if method == "minmax":
        assert (low, high) == (min(values.min(), 0), max(values.max(), 0))
    if values.max() == 50:  # entropy loses nothing by wide steps where values are even
        assert (high < 2) == (method == "percentile")
        assert (high < 50) == (method in ("percentile", "mse"))


def test_histogram_refuses_what_is_not_finite() -> None:
    with pytest.raises(ModelError, match="not finite"):
        Histogram().add(np.array([[np.inf]], np.float32))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("span", [(0.0, 0.0), (-1.0, 3.0), (2.0, 3.0), (-5.0, -1.0)], ids=str)
def test_zero_is_exact_and_the_ends_are_reached(kind: str, span: Any) -> None:
    scale, zero = step_and_zero(span, kind)
    low, high = {"uint8": (0, 255), "int8": (-128, 127), "symmetric": (-127, 127)}[kind]
    assert low <= zero <= high
    assert scale > 0
    assert (low - zero) * float(scale) <= min(span[0], 0) + float(scale)
    assert (high - zero) * float(scale) >= max(span[1], 0) - float(scale)


@pytest.mark.parametrize(
    ("weight", "per_channel"),
    [
        pytest.param(np.zeros((0, 2, 1, 1)), True, id="empty"),
        pytest.param(np.zeros((3, 2, 1, 1)), True, id="zeros"),
        pytest.param(np.eye(3)[:, :, None, None] * 1e-20, True, id="tiny"),
        pytest.param(np.arange(6.0).reshape(3, 2, 1, 1) - 2, True, id="per channel"),
        pytest.param(np.arange(6.0).reshape(3, 2, 1, 1) - 2, False, id="one scale"),
    ],
)
def test_round_weights(weight: Any, per_channel: bool) -> None:
    values = weight.astype(np.float32)
    codes, scale = round_weights(values, 0, Numbers(per_channel=per_channel))
    assert codes.dtype == np.int8
    assert np.shape(scale) == ((len(weight),) if per_channel else ())
    shaped = np.asarray(scale).reshape((-1, 1, 1, 1)) if per_channel else scale
    assert np.abs(codes * shaped - values).max(initial=0) <= np.max(scale, initial=0) / 2 + 1e-12


def test_equalized_computes_the_same(residual: Path, noise: Any) -> None:
    graph = read_float_graph(residual)
    inputs = noise(4)
    observed = Observed.of(graph, inputs)
    assert len(pairs(graph)) == 1
    equal = equalize(graph, observed.seen)
    expected = run_outputs(graph, inputs)["maps"]
    assert run_outputs(equal, inputs)["maps"] == pytest.approx(expected, abs=1e-5)
    assert len(equal.weights) == len(graph.weights) + 3


def test_batch_norm_float16_and_old_opset_are_folded(tmp_path: Path, noise: Any) -> None:
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    half = graph.weight(np.eye(3)[:, :, None, None], np.float16)
    graph.node("Cast", [half], "w", to=TensorProto.FLOAT)
    graph.node("Conv", ["x", "w"], "c")
    norm = [graph.weight(each) for each in ([1, 2, 3], [0.1, 0, 0], [0.2] * 3, [1.5, 1, 1])]
    graph.node("BatchNormalization", ["c", *norm], "n")
    graph.node("Clip", ["n"], "y", min=0.0, max=0.6)
    value = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 3, 48, 32])
    made = helper.make_graph(graph.nodes, "old", [graph.input], [value], graph.weights)
    opset = helper.make_opsetid("", 9)
    path = tmp_path / "old.onnx"
    onnx.save(helper.make_model(made, opset_imports=[opset], ir_version=4), path)
    simple = read_float_graph(path)
    assert [node.op_type for node in simple.nodes] == ["Conv", "Clip"]
    x = noise(2)
    y = (
        (x - 0.2)
        * np.reshape([1, 2, 3], (3, 1, 1))
        / np.sqrt(np.reshape([1.5, 1, 1], (3, 1, 1)) + 1e-5)
    )
    expected = np.clip(y + np.reshape([0.1, 0, 0], (3, 1, 1)), 0, 0.6)
    assert run_outputs(simple, x)["y"] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda model: b"no model", "cannot read the network"),
        (lambda model: b"", "no nodes|standard operators"),
        (lambda model: _with(model, op_type="QLinearConv"), "already has QLinearConv"),
        (lambda model: _with(model, domain="com.example"), "standard operators only"),
    ],
    ids=["text", "empty", "quantized", "foreign"],
)
def test_refuses(residual: Path, change: Any, message: str) -> None:
    residual.write_bytes(change(onnx.load(residual)))
    with pytest.raises(ModelError, match=message):
        read_float_graph(residual)


def _with(model: Any, **changes: str) -> bytes:
    for name, value in changes.items():
        setattr(model.graph.node[0], name, value)
    return bytes(model.SerializeToString())


def test_weights_are_those_that_were_given(residual: Path) -> None:
    graph = read_float_graph(residual)
    given = [numpy_helper.to_array(each) for each in onnx.load(residual).graph.initializer]
    assert len(graph.weights) == len(given)
