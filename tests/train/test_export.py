# SPDX-License-Identifier: Apache-2.0
"""Export: the same numbers as PyTorch, in a file that says what it is."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
onnx = pytest.importorskip("onnx", reason="needs edgepose[train]")

from edgepose.backends.registry import open_session  # noqa: E402
from edgepose.errors import InputError, MissingDependencyError, ModelError, SpecError  # noqa: E402
from edgepose.nets.registry import build_detector, build_pose  # noqa: E402
from edgepose.spec import read_spec, validate_model  # noqa: E402
from edgepose.train import export as module  # noqa: E402
from edgepose.train.checkpoint import write_weights  # noqa: E402
from edgepose.train.contract import ExportOptions  # noqa: E402
from edgepose.train.export import export  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402

NAMES = ("nose", "left_eye", "right_eye")
RECIPES = {
    "top_down": Recipe("hrnet-tiny", "top_down", NAMES, 128, 96, 1.5, 7, "tiny", ("a",)),
    "detector": Recipe("det-tiny", "detector", (), 64, 96, 1.5, 7, "tiny-det"),
}


@pytest.fixture(params=sorted(RECIPES))
def weights(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return make(tmp_path, request.param)


def make(folder: Path, task: str) -> Path:
    """Weights with statistics as after training."""
    recipe = RECIPES[task]
    net: Any = build_pose(recipe.arch, 3) if task == "top_down" else build_detector(recipe.arch)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for norm in net.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                norm.running_mean.normal_(0, 0.2, generator=generator)
                norm.running_var.uniform_(0.5, 2, generator=generator)
        if task == "detector":  # scores over all of 0..1, as after training
            net.head_heatmap.weight.normal_(0, 2, generator=generator)
            net.head_heatmap.bias.zero_()
    path = folder / f"{task}.pt"
    write_weights(path, net, recipe)
    return path


@pytest.mark.parametrize("kept", ["float32", "float16"])
def test_the_model_is_what_its_contract_says(weights: Path, tmp_path: Path, kept: str) -> None:
    path = tmp_path / "model.onnx"
    done = export(weights, path, ExportOptions(weights=kept))
    assert max(done.difference.values()) < 1e-4
    assert (done.rounding is not None) == (kept == "float16")
    assert read_spec(path) == done.spec
    session = open_session(path)
    validate_model(done.spec, session.inputs, session.outputs)
    assert all(None not in tensor.shape[1:] for tensor in session.outputs if tensor.shape)
    for count in (1, 2, 5):
        shape = (count, 3, done.spec.input.height, done.spec.input.width)
        outputs = session.run({"input": np.zeros(shape, np.float32)}, list(done.spec.outputs))
        assert all(len(array) == count for array in outputs.values())
    model = onnx.load(str(path))
    assert [item.version for item in model.opset_import if item.domain == ""] == [13]
    kinds = {node.op_type for node in model.graph.node}
    assert "BatchNormalization" not in kinds
    assert not {"Shape", "Gather", "Loop", "If"} & kinds


def test_float16_halves_the_file(weights: Path, tmp_path: Path) -> None:
    whole = export(weights, tmp_path / "a.onnx")
    half = export(weights, tmp_path / "b.onnx", ExportOptions(weights="float16"))
    assert half.bytes < 0.75 * whole.bytes


def test_an_export_is_reproducible(weights: Path, tmp_path: Path) -> None:
    export(weights, tmp_path / "a.onnx")
    export(weights, tmp_path / "b.onnx")
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_openvino_gives_the_same(weights: Path, tmp_path: Path) -> None:
    if find_spec("openvino") is None:
        pytest.skip("needs edgepose[openvino]")
    path = tmp_path / "model.onnx"
    spec = export(weights, path).spec
    shape = (2, 3, spec.input.height, spec.input.width)
    picture = np.random.default_rng(0).standard_normal(shape, np.float32)
    found, expected = (
        open_session(path, backend=backend).run({"input": picture}, list(spec.outputs))
        for backend in ("openvino", "onnxruntime")
    )
    for name, array in expected.items():
        assert np.abs(found[name] - array).max() <= 1e-4 * np.ptp(array)


@pytest.mark.parametrize("kept", ["float32", "float16"])
def test_openvino_ir(weights: Path, tmp_path: Path, kept: str) -> None:
    if find_spec("openvino") is None:
        pytest.skip("needs edgepose[openvino]")
    options = ExportOptions(weights=kept)
    bare = export(weights, tmp_path / "model.onnx", options)
    done = export(weights, tmp_path / "model.xml", options)
    assert read_spec(tmp_path / "model.xml") == done.spec == bare.spec
    assert done.runtime is not None
    assert max(done.runtime.values()) < 1e-4
    assert (done.difference, done.rounding) == (bare.difference, bare.rounding)
    size = (tmp_path / "model.bin").stat().st_size
    assert size < 1.1 * bare.bytes  # float16 stays float16
    session = open_session(tmp_path / "model.xml", backend="openvino")
    validate_model(done.spec, session.inputs, session.outputs)


def test_a_model_that_differs_is_not_written(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_DIFFERENCE", -1.0)
    monkeypatch.setattr(module.compare, "__defaults__", (-1.0,))
    with pytest.raises(ModelError, match="differs from PyTorch by"):
        export(weights, tmp_path / "model.onnx")
    assert not list(tmp_path.glob("*.onnx"))


def _other_arch(path: Path) -> None:
    document = torch.load(path, weights_only=True)
    document["recipe"]["arch"] = "none"
    torch.save(document, path)


def _no_head(path: Path) -> None:
    document = torch.load(path, weights_only=True)
    document["model"].popitem()
    torch.save(document, path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda path: path.unlink(), "no such file", id="absent"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:999]), "damaged", id="cut"),
        pytest.param(lambda path: torch.save({"model": {}}, path), "'recipe'", id="no-recipe"),
        pytest.param(
            lambda path: torch.save({"net": 1, "optimizer": 1}, path),
            "it is a checkpoint of a run",
            id="last.pt",
        ),
        pytest.param(_other_arch, "expected an architecture", id="arch"),
        pytest.param(_no_head, "weights of another network", id="missing-weight"),
    ],
)
def test_damaged_weights_are_refused(
    weights: Path, tmp_path: Path, damage: Any, message: str
) -> None:
    damage(weights)
    with pytest.raises(ModelError, match=message):
        export(weights, tmp_path / "model.onnx")


def test_the_output_must_be_writable(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its folder does not exist"):
        export(weights, tmp_path / "none" / "model.onnx")
    with pytest.raises(InputError, match="it is a folder"):
        export(weights, tmp_path)
    with pytest.raises(SpecError, match="license"):
        export(weights, tmp_path / "model.onnx", ExportOptions(license=""))


def test_a_missing_onnx_is_named(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(MissingDependencyError, match=r"edgepose\[train\]"):
        export(weights, tmp_path / "model.onnx")
