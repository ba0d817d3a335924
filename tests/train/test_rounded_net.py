# SPDX-License-Identifier: Apache-2.0
"""The network that is trained computes what its INT8 file computes, and training can repair it."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_networks import photo, write_collapsing

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
pytest.importorskip("onnx", reason="needs edgepose[train]")
if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)

import onnxruntime as ort  # noqa: E402
from edgepose.quantize.agreement import compare  # noqa: E402
from edgepose.quantize.convert import METHODS as RANGES  # noqa: E402
from edgepose.quantize.convert import Observed, choose_ranges, convert  # noqa: E402
from edgepose.quantize.observe import run_outputs  # noqa: E402
from edgepose.quantize.plan import make_plan  # noqa: E402
from edgepose.quantize.qdq import Numbers  # noqa: E402
from edgepose.quantize.rules import check  # noqa: E402
from edgepose.quantize.simplify import read_float_graph  # noqa: E402

from edgepose.errors import ModelError  # noqa: E402
from edgepose.nets.registry import build_bottom_up, build_detector, build_pose  # noqa: E402
from edgepose.spec import read_spec  # noqa: E402
from edgepose.train.bottom_up_codecs import field_count  # noqa: E402
from edgepose.train.checkpoint import write_weights  # noqa: E402
from edgepose.train.config import Phase, Source, TrainConfig  # noqa: E402
from edgepose.train.contract import ExportOptions  # noqa: E402
from edgepose.train.qat import quantized  # noqa: E402
from edgepose.train.qat_config import Qat  # noqa: E402
from edgepose.train.qat_start import Start, numbers_of, start_from  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402
from edgepose.train.rounded_net import RoundedNet  # noqa: E402

NAMES = ("nose", "left_eye", "right_eye")
PAF = Recipe("paf-tiny", "bottom_up_paf", NAMES, 64, 64, 1.5, 1, "net")
NETWORKS: dict[str, tuple[str, Any, tuple[int, int]]] = {
    "hrnet-tiny": ("top_down", lambda: build_pose("hrnet-tiny", 3), (64, 48)),
    "mspn-tiny": ("top_down", lambda: build_pose("mspn-tiny", 3), (64, 48)),
    "det-tiny": ("detector", lambda: build_detector("det-tiny"), (64, 64)),
    "paf-tiny": (
        "bottom_up_paf",
        lambda: build_bottom_up("paf-tiny", 3, field_count(PAF)),
        (64, 64),
    ),
}
FORMS = {
    "uint8": Qat(activations="uint8", weight_bits=8),
    "uint8-7-bit": Qat(activations="uint8", weight_bits=7, method="percentile"),
    "int8-one-scale": Qat(activations="int8", weight_bits=8, per_channel=False),
    "symmetric": Qat(activations="symmetric", weight_bits=8, equalize=True),
}


def start(arch: str, qat: Qat, folder: Path) -> Start:
    """A network with random weights and statistics as after training, made ready."""
    task, build, (height, width) = NETWORKS[arch]
    torch.manual_seed(0)
    net: Any = build()
    with torch.no_grad():
        for norm in net.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                norm.running_mean.normal_(0, 0.2)
                norm.running_var.uniform_(0.5, 2)
        for name in ("head_heatmap", "head_size", "head_offset", "head_fields"):
            if hasattr(net, name):
                getattr(net, name).weight.normal_(0, 0.1)
                getattr(net, name).bias.zero_()
    names = () if task == "detector" else NAMES
    # With squares as its objective a pose network gives its codes as they are, without a softmax.
    objective = "mse" if task == "top_down" else "cross_entropy"
    recipe = Recipe(arch, task, names, height, width, 1.5, 1, "net", ("a",), objective=objective)
    write_weights(folder / "net.pt", net, recipe)
    config = TrainConfig(
        "net", task, arch, (Source("a-*.npz"),), (Phase(height, width, 1, 1e-3),), names,
        objective=objective, qat=qat,
    )  # fmt: skip
    return start_from(config, folder / "net.pt", ExportOptions())


def rounded(begun: Start) -> RoundedNet:
    """Its network that rounds, with everything that can be trained moved a little."""
    net = begun.round(noise(begun, 8))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.02 * torch.randn(parameter.shape))
    return net


def noise(begun: Start, count: int) -> Any:
    shape = (count, 3, begun.spec.input.height, begun.spec.input.width)
    return np.random.default_rng(5).standard_normal(shape, np.float32)


def run(graph: Any, inputs: Any, folder: Path, *, fused: bool) -> list[Any]:
    """Outputs of ONNX Runtime: in integer kernels, or node by node as the file says it."""
    level = ort.GraphOptimizationLevel
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = level.ORT_ENABLE_ALL if fused else level.ORT_DISABLE_ALL
    path = graph.save(folder / "int8.onnx")
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    found: list[Any] = session.run(None, {graph.input_names[0]: inputs})
    return found


@pytest.mark.parametrize(
    ("arch", "form"),
    [
        *((arch, "uint8") for arch in NETWORKS),
        *(("hrnet-tiny", form) for form in FORMS if form != "uint8"),
        ("mspn-tiny", "symmetric"),
    ],
)
def test_the_file_computes_what_was_trained(arch: str, form: str, tmp_path: Path) -> None:
    begun = start(arch, FORMS[form], tmp_path)
    net = rounded(begun)
    graph = quantized(net, numbers_of(FORMS[form]))
    inputs = noise(begun, 3)
    net.results = tuple(begun.spec.outputs.values())
    with torch.no_grad():
        raw = net(torch.from_numpy(inputs))
    ours = [raw] if isinstance(raw, torch.Tensor) else list(raw)
    # Both round the same numbers to the same codes, up to the order in which a convolution adds:
    # a sum that lies on the edge between two codes may fall on either side. Such a code moves what
    # is computed from it by a fraction of a step, so few others follow, by one step: 1/255 of the
    # range of a tensor. Of the few values that differ none may differ by more than two steps.
    for fused in (False, True):
        theirs = run(graph, inputs, tmp_path, fused=fused)
        for mine, given in zip(ours, theirs, strict=True):
            apart = np.abs(mine.numpy() - given) / np.ptp(given) * 255
            assert np.ptp(given) > 0
            assert (apart > 0.25).mean() < 0.02
            assert apart.max() < 2
    assert not any(each.objections for each in check(graph) if each.runtime != "tensorrt")


def test_the_start_is_what_quantize_writes(tmp_path: Path) -> None:
    begun = start("hrnet-tiny", FORMS["uint8"], tmp_path)
    inputs = noise(begun, 8)
    net = begun.round(inputs)
    expected = convert(Observed.of(begun.graph, inputs), "mse", numbers_of(FORMS["uint8"]))
    found = quantized(net, numbers_of(FORMS["uint8"]))
    assert [node.op_type for node in found.nodes] == [node.op_type for node in expected.nodes]
    for one, two in ((found, expected), (begun.before, expected)):
        a, b = run_outputs(one, inputs)["heatmap"], run_outputs(two, inputs)["heatmap"]
        assert np.abs(a - b).max() < np.ptp(b) / 255


def test_every_parameter_has_a_gradient(tmp_path: Path) -> None:
    begun = start("hrnet-tiny", FORMS["uint8"], tmp_path)
    net = rounded(begun)
    inputs = torch.from_numpy(noise(begun, 2))
    kept = inputs.clone()
    (net(inputs).square().sum()).backward()
    assert torch.equal(inputs, kept)
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().max() > 0, name
    fixed = replace(FORMS["uint8"], train_ranges=False)
    net = start("hrnet-tiny", fixed, tmp_path).round(inputs.numpy())
    (net(inputs).square().sum()).backward()
    assert net.low_share.grad is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(value: float, tmp_path: Path) -> None:
    begun = start("hrnet-tiny", FORMS["uint8"], tmp_path)
    net = begun.round(noise(begun, 8))
    plan, numbers = net.plan, numbers_of(FORMS["uint8"])
    ranges = {**net.ranges(), begun.spec.input.name: (0.0, value)}
    with pytest.raises(ModelError, match=r"the range of input is not finite: \(0\.0, (nan|inf)\)"):
        RoundedNet(begun.graph, begun.results, plan, ranges, numbers)
    with torch.no_grad():
        net.high_share[0] = value
    with pytest.raises(ModelError, match="the range of input is not finite"):
        quantized(net, numbers)
    with torch.no_grad():
        next(iter(net.parameters())).fill_(value)
    with pytest.raises(ModelError, match="weights that are not finite"):
        net.trained()


@pytest.fixture
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_training_brings_a_collapsed_network_back(tmp_path: Path) -> None:
    # Maps of 0..1 beside one of two hundred times their range: in steps of 1.6, half of what they
    # show is gone, whatever the method. What is beside it is not read, so its range can be cut.
    path = write_collapsing(tmp_path / "collapsing.onnx", 200)
    spec, graph = read_spec(path), read_float_graph(path)
    photos = np.stack([photo(seed) for seed in range(48)])
    inputs = (photos[..., ::-1].transpose(0, 3, 1, 2) / 255).astype(np.float32)
    train, held_out = inputs[:32], inputs[32:]
    numbers = Numbers("uint8")
    observed = Observed.of(graph, train)
    reference = run_outputs(graph, held_out)

    def agreement(network: Any) -> float:
        return 100 * compare(spec, reference, run_outputs(network, held_out)).value

    ways = [observed, observed.equalized(train)]
    plain = max(agreement(convert(way, name, numbers)) for way in ways for name in RANGES)
    plan = make_plan(graph)
    ranges = choose_ranges(observed, plan, "mse")
    kept = dict(graph.weights)
    net = RoundedNet(graph, ("maps",), plan, ranges, numbers)
    x = torch.from_numpy(train)
    target = torch.from_numpy(run_outputs(graph, train)["maps"])
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for _ in range(200):
        optimizer.zero_grad()
        (net(x) - target).square().mean().backward()
        optimizer.step()
    trained = agreement(quantized(net, numbers))
    assert plain < 65
    assert trained > 99
    assert net.ranges()["maps"] == ranges["maps"]  # what leaves the integers is not cut
    assert net.ranges()["heads"][1] < ranges["heads"][1] / 2
    assert all(graph.weights[name] is array for name, array in kept.items())
