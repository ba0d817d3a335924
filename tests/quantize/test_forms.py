# SPDX-License-Identifier: Apache-2.0
"""The forms besides INT8: float16, and INT8 weights under float activations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from edgepose.quantize import Options, quantize_model
from edgepose.quantize.convert import Observed
from edgepose.quantize.graph import read_graph
from edgepose.quantize.half import Half
from edgepose.quantize.half_graph import half_nodes, to_half
from edgepose.quantize.observe import run_outputs
from edgepose.quantize.page import html_page
from edgepose.quantize.qdq import Numbers
from edgepose.quantize.report import json_report, verdict
from edgepose.quantize.scheme import Attempt
from edgepose.quantize.simplify import read_float_graph
from edgepose.quantize.weights import LEAST, IntegerWeights, layers, store_integers
from onnx import TensorProto
from small_networks import photo, write_photos
from tiny_models import POSE_WH, Graph, pose_document

from edgepose.errors import AccuracyError, InputError
from edgepose.pose import Pose
from edgepose.spec import read_spec

SHAPE: list[int | str] = ["N", 3, POSE_WH[1] // 4, POSE_WH[0] // 4]
WIDE = 32


def write_wide(path: Path, *, gain: float = 1.0, tail: bool = False) -> Path:
    """The pose model through 32 channels, some idle; `gain` goes in between, `tail` at the end."""
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    into, out = np.zeros((WIDE, 3)), np.zeros((3, WIDE))
    into[:3], out[:, :3] = np.eye(3) * gain, np.eye(3) / gain
    rng = np.random.default_rng(5)
    into[3:] = rng.normal(size=(WIDE - 3, 3)) * gain
    pooled = graph.pool("x", 4, "pooled")
    wide = graph.node("Relu", [graph.mix(pooled, into, [0] * WIDE, "wide")], "lit")
    between = rng.normal(size=(WIDE, WIDE)) * 0.01
    between[:3] = np.eye(3, WIDE)
    again = graph.mix(wide, between, [0] * WIDE, "again")
    large = graph.node(
        "Resize", [again, "", graph.weight([1, 1, 2, 2])], "large", mode="nearest",
        coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip
    small = graph.pool(large, 2, "small")
    graph.mix(small, out, [0, 0, 0], "mixed" if tail else "maps")
    if tail:
        graph.node("Exp", ["mixed"], "risen")
        graph.node("Add", ["risen", graph.weight([-1])], "maps")
    return graph.save(path, {"maps": SHAPE}, pose_document())


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    return write_wide(tmp_path / "wide.onnx")


def _kinds(path: Path) -> list[str]:
    return [node.op_type for node in read_graph(path).nodes]


@pytest.mark.parametrize(
    ("precision", "form", "kept_below"),
    [("float16", ("float16", 16, False), 0.75), ("int8-weights", ("float32", 8, True), 0.7)],
)
def test_quantizes(
    wide: Path, photos: Path, tmp_path: Path, precision: str, form: Any, kept_below: float
) -> None:
    target = tmp_path / "small.onnx"
    before = wide.read_bytes()
    done = quantize_model(
        wide, photos, target, Options(precision=precision, crops=12, runs=2, max_drop=1)
    )
    assert wide.read_bytes() == before
    spec = read_spec(target)
    record = spec.quantization
    assert spec == done.spec
    assert spec.name == f"tiny-pose-{precision}"
    assert record is not None
    assert (record.activations, record.weight_bits, record.per_channel) == form
    assert record.method == "rounding"
    bare = done.guarded.network.save(tmp_path / "bare.onnx").stat().st_size
    whole = read_float_graph(wide).save(tmp_path / "whole.onnx").stat().st_size
    assert bare < kept_below * whole
    with Pose(target, detector=None) as pose:
        result = pose(photo(200))
    with Pose(wide, detector=None) as pose:
        expected = pose(photo(200))
    assert np.abs(result.keypoints.xy - expected.keypoints.xy).max() < 1e-3
    report = json.loads(json_report(done))
    assert report["form"] == done.scheme.title
    assert report["tensors"] == []
    assert report["runtimes"]["onnxruntime"] == []
    assert verdict(done).startswith(done.scheme.title)
    page = html_page(done)
    assert f"tiny-pose in {done.scheme.title}" in page
    assert "INT8</" not in page.replace("weight-only INT8", "")


def test_float16_everywhere_but_at_the_ends(wide: Path, noise: Any) -> None:
    graph = read_float_graph(wide)
    before = graph.to_model().SerializeToString()
    small = to_half(graph)
    assert graph.to_model().SerializeToString() == before
    model = onnx.shape_inference.infer_shapes(small.to_model(), strict_mode=True)
    kinds = {v.name: v.type.tensor_type.elem_type for v in model.graph.value_info}
    inner = [kinds[node.output[0]] for node in small.nodes if node.output[0] in kinds]
    assert set(inner) == {TensorProto.FLOAT16}
    assert [v.type.tensor_type.elem_type for v in (*small.inputs, *small.outputs)] == [1, 1]
    assert [node.op_type for node in small.nodes].count("Cast") == 2
    inputs = noise(4)
    expected, found = (run_outputs(each, inputs)["maps"] for each in (graph, small))
    assert np.abs(found - expected).max() < 2e-3 * np.ptp(expected)


def test_the_delicate_tail_stays(tmp_path: Path, noise: Any) -> None:
    graph = read_float_graph(write_wide(tmp_path / "tail.onnx", tail=True))
    kinds = [node.op_type for node in half_nodes(graph)]
    assert kinds.count("Conv") == 3
    assert "Exp" not in kinds
    assert "Add" not in kinds
    small = to_half(graph)
    expected, found = (run_outputs(each, noise(4))["maps"] for each in (graph, small))
    assert np.abs(found - expected).max() < 5e-3 * np.ptp(expected)


@pytest.mark.parametrize("kept", ["wide", "lit", "again", "large", "maps"])
def test_any_node_alone_in_float32(wide: Path, noise: Any, kept: str) -> None:
    graph = read_float_graph(wide)
    assert kept in {node.name for node in half_nodes(graph)}
    small = to_half(graph, (kept,))
    onnx.checker.check_model(small.to_model(), full_check=True)
    expected, found = (run_outputs(each, noise(4))["maps"] for each in (graph, small))
    assert np.abs(found - expected).max() < 2e-3 * np.ptp(expected)


def test_nothing_in_float16(wide: Path) -> None:
    graph = read_float_graph(wide)
    same = to_half(graph, [node.name for node in graph.nodes])
    assert [node.op_type for node in same.nodes] == [node.op_type for node in graph.nodes]


def test_what_float16_cannot_hold_is_rescued(photos: Path, tmp_path: Path) -> None:
    """Between both convolutions values are beyond 65504, which is infinite in float16."""
    model = write_wide(tmp_path / "large.onnx", gain=3e5)
    graph = read_float_graph(model)
    assert "wide" not in {node.name for node in half_nodes(graph)}  # its weights do not fit
    options = Options(precision="float16", crops=12, runs=0, max_drop=1)
    done = quantize_model(model, photos, None, options)
    assert done.guarded.steps[0].drop > 50
    assert done.guarded.kept
    assert "dB" in done.guarded.kept[0].reason


def test_float16_noise_tells_what_overflows(tmp_path: Path, noise: Any) -> None:
    graph = read_float_graph(write_wide(tmp_path / "large.onnx", gain=3e5))
    inputs = noise(4)
    attempt = Attempt("rounding", Observed.of(graph, inputs))
    found = Half().noise(attempt, inputs)
    assert found["lit"] > 0 > found["maps"]


def test_integer_weights(wide: Path, noise: Any) -> None:
    graph = read_float_graph(wide)
    before = graph.to_model().SerializeToString()
    observed = Observed.of(graph, noise(8))
    small = store_integers(observed, Numbers())
    assert graph.to_model().SerializeToString() == before
    assert [node.name for node, _ in layers(graph)] == ["again"]  # the others are below LEAST
    assert sum(node.op_type == "DequantizeLinear" for node in small.nodes) == 1
    codes = [array for array in small.weights.values() if array.dtype == np.int8]
    assert [(code.size >= LEAST, code.shape) for code in codes] == [(True, (WIDE, WIDE, 1, 1))]
    expected, found = (run_outputs(each, noise(4))["maps"] for each in (graph, small))
    assert np.abs(found - expected).max() < 0.02 * np.ptp(expected)
    kept = store_integers(observed, Numbers(), ("again",))
    assert (run_outputs(kept, noise(4))["maps"] == expected).all()
    loss = IntegerWeights(Numbers()).noise(Attempt("rounding", observed), noise(4))
    assert list(loss) == ["again"]
    assert -60 < loss["again"] < -20


@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("kind", ["transposed", "gemm", "matmul", "shared"])
def test_integer_weights_of_every_layer(
    tmp_path: Path, noise: Any, kind: str, per_channel: bool
) -> None:
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    rng = np.random.default_rng(3)
    pooled = graph.mix(graph.pool("x", 4, "pooled"), rng.normal(size=(WIDE, 3)), [0] * WIDE, "wide")
    scales = np.exp(rng.normal(size=(1, WIDE)))  # channels of unlike range
    square = rng.normal(size=(WIDE, WIDE)) * scales
    if kind == "transposed":
        weight = graph.weight(square[:, :, None, None])
        shape: list[int | str] = ["N", WIDE, *SHAPE[2:]]
        graph.node("ConvTranspose", [pooled, weight], "maps")
    elif kind == "shared":
        weight = graph.weight(square.T[:, :, None, None])
        shape = ["N", WIDE, *SHAPE[2:]]
        graph.node("Conv", [graph.node("Conv", [pooled, weight], "once"), weight], "maps")
    else:
        flat = graph.node("GlobalAveragePool", [pooled], "flat")
        rows = graph.node("Flatten", [flat], "rows")
        shape = ["N", WIDE]
        turned = {"transB": 1} if kind == "gemm" else {}
        weight = graph.weight(square.T if turned else square)
        graph.node("Gemm" if kind == "gemm" else "MatMul", [rows, weight], "maps", **turned)
    given = read_float_graph(graph.save(tmp_path / "a.onnx", {"maps": shape}))
    inputs = noise(8)
    numbers = Numbers(per_channel=per_channel)
    small = store_integers(Observed.of(given, inputs), numbers)
    assert sum(node.op_type == "DequantizeLinear" for node in small.nodes) == 1
    axis = 0 if kind in ("shared", "gemm") else 1
    node = next(node for node in small.nodes if node.op_type == "DequantizeLinear")
    codes, scale = (small.weights[name] for name in node.input)
    assert int(np.abs(codes.astype(int)).max()) == 127
    assert scale.shape == ((WIDE,) if per_channel else ())
    steps = scale.reshape([-1 if i == axis else 1 for i in range(codes.ndim)])
    original = next(w for w in given.weights.values() if w.shape == codes.shape)
    assert (np.abs(codes * steps - original) <= steps * 0.501).all()
    largest = np.abs(original).max(axis=tuple(i for i in range(codes.ndim) if i != axis))
    assert np.allclose(steps.reshape(-1), largest / 127 if per_channel else largest.max() / 127)
    expected, found = (run_outputs(each, inputs)["maps"] for each in (given, small))
    assert np.abs(found - expected).max() < 0.03 * np.ptp(expected)


def test_refused_with_the_frontier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgepose.quantize import run
    from edgepose.quantize.judge import Score

    class Strict:
        metric, data = "strictness", "nothing"
        calls = 0

        def score(self, network: Any) -> Score:
            self.calls += 1
            return Score(100.0 if self.calls == 1 else 50.0)

    monkeypatch.setattr(run, "_judge", lambda *_: Strict())
    model = write_wide(tmp_path / "wide.onnx")
    folder = write_photos(tmp_path / "some", 9)
    options = Options(precision="int8-weights", crops=9, runs=0)
    with pytest.raises(AccuracyError, match=r"weight-only INT8: more than 0\.5 points"):
        quantize_model(model, folder, None, options)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"precision": "int4"}, "precision must be one of int8, float16, int8-weights"),
        ({"precision": "float16", "backend": "openvino"}, "leave backend openvino out"),
        ({"precision": "float16", "method": "mse"}, "leave method and activations out"),
        ({"precision": "int8-weights", "activations": "int8"}, "leave method and activations out"),
    ],
    ids=["precision", "backend", "method", "activations"],
)
def test_options(values: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Options(**values)
