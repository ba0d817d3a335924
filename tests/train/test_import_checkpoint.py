# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of published networks: taken over, refused, exported with their contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
onnx = pytest.importorskip("onnx", reason="needs edgepose[train]")

from edgepose.backends.registry import open_session  # noqa: E402
from edgepose.errors import InputError, ModelError, SpecError  # noqa: E402
from edgepose.nets.published.registry import architecture  # noqa: E402
from edgepose.spec import read_spec, validate_model  # noqa: E402
from edgepose.spec.contract import TASKS  # noqa: E402
from edgepose.train.checkpoint import read_weights  # noqa: E402
from edgepose.train.contract import ExportOptions  # noqa: E402
from edgepose.train.export import export  # noqa: E402
from edgepose.train.import_checkpoint import (  # noqa: E402
    ImportOptions,
    import_checkpoint,
    keypoint_names,
)

ARCH = "hrnet-w18-small-v1"
SMALL = ImportOptions(input_wh=(96, 128))


def network(arch: str, keypoints: int | None = None) -> Any:
    """With statistics as after training."""
    torch.manual_seed(0)
    net: Any = architecture(arch).build(keypoints).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
    return net


@pytest.fixture(scope="module")
def net() -> Any:
    return network(ARCH)


@pytest.fixture
def checkpoint(net: Any, tmp_path: Path) -> Path:
    path = tmp_path / "official.pth"
    state = {f"module.{name}": tensor for name, tensor in net.state_dict().items()}
    torch.save({"state_dict": state, "epoch": 210}, path)
    return path


def test_a_round_trip(net: Any, checkpoint: Path, tmp_path: Path) -> None:
    fit = import_checkpoint(checkpoint, ARCH, tmp_path / "a.pt", SMALL)
    assert fit.complete
    state, recipe = read_weights(tmp_path / "a.pt")
    assert all(torch.equal(state[name], tensor) for name, tensor in net.state_dict().items())
    assert (recipe.arch, recipe.task, recipe.width, recipe.height) == (ARCH, "top_down", 96, 128)
    done = export(tmp_path / "a.pt", tmp_path / "a.onnx")
    assert done.difference["heatmap"] < 1e-4
    spec = read_spec(tmp_path / "a.onnx")
    assert spec.input.wh == (96, 128)
    assert spec.input.mean == (123.675, 116.28, 103.53)
    codec: Any = spec.codec
    assert (codec.type, codec.stride, codec.warp, codec.subpixel) == (
        *("heatmap", 4, "legacy", "quarter"),
    )
    assert spec.license == "not stated"
    session = open_session(tmp_path / "a.onnx")
    validate_model(spec, session.inputs, session.outputs)
    picture = np.random.default_rng(0).standard_normal((2, 3, 128, 96)).astype(np.float32)
    with torch.no_grad():
        expected = net(torch.from_numpy(picture))[0].numpy()
    found = session.run({"input": picture}, ["heatmap"])["heatmap"]
    assert np.abs(found - expected).max() < 1e-4 * np.ptp(expected)


@pytest.mark.parametrize(
    ("arch", "wh"),
    [
        pytest.param("litehrnet-18", (64, 64), id="litehrnet"),
        pytest.param("mspn-r18-2stage", (64, 64), id="mspn"),
        pytest.param("hourglass-1stack", (64, 64), id="hourglass"),
        pytest.param("simplebaseline-r18", (64, 64), id="simplebaseline"),
    ],
)
def test_networks_export_with_plain_graphs(arch: str, wh: tuple[int, int], tmp_path: Path) -> None:
    torch.save(network(arch).state_dict(), tmp_path / "a.pth")
    import_checkpoint(tmp_path / "a.pth", arch, tmp_path / "a.pt", ImportOptions(input_wh=wh))
    done = export(tmp_path / "a.pt", tmp_path / "a.onnx")
    assert done.difference["heatmap"] < 1e-4
    kinds = {node.op_type for node in onnx.load(str(done.path)).graph.node}
    assert not {"Shape", "Gather", "Loop", "If"} & kinds


def test_options_reach_the_contract(checkpoint: Path, tmp_path: Path) -> None:
    chosen = ImportOptions(
        input_wh=(96, 128),
        warp="udp",
        subpixel="udp",
        blur_kernel=11,
        name="mine",
        data=("coco",),
        license="MIT",
    )
    import_checkpoint(checkpoint, ARCH, tmp_path / "a.pt", chosen)
    spec = export(tmp_path / "a.pt", tmp_path / "a.onnx", ExportOptions(weights="float16")).spec
    codec: Any = spec.codec
    assert (codec.warp, codec.subpixel, codec.blur_kernel) == ("udp", "udp", 11)
    assert (spec.name, spec.license, spec.training.data) == ("mine", "MIT", ("coco",))
    other = ExportOptions(name="b", license="X", data=("d",), subpixel="dark")
    spec = export(tmp_path / "a.pt", tmp_path / "b.onnx", other).spec
    assert (spec.name, spec.license, spec.training.data) == ("b", "X", ("d",))
    codec = spec.codec
    assert (codec.subpixel, codec.blur_kernel) == ("dark", 11)


def _drop(path: Path) -> None:
    document = torch.load(path, weights_only=True)
    del document["state_dict"]["module.conv2.weight"]
    torch.save(document, path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda path: path.unlink(), "no such file", id="absent"),
        pytest.param(lambda path: path.write_bytes(b""), "damaged", id="empty"),
        pytest.param(lambda path: torch.save([1], path), "a dictionary", id="list"),
        pytest.param(
            lambda path: torch.save({}, path), "expected tensors by name", id="no-tensors"
        ),
        pytest.param(_drop, "1 tensors of .* are missing: conv2.weight; unknown", id="missing"),
        pytest.param(lambda path: torch.save({"x": torch.ones(1)}, path), "missing", id="other"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused(
    checkpoint: Path, tmp_path: Path, damage: Any, message: str
) -> None:
    damage(checkpoint)
    with pytest.raises(ModelError, match=message):
        import_checkpoint(checkpoint, ARCH, tmp_path / "a.pt", SMALL)
    assert not (tmp_path / "a.pt").exists()


def test_part_of_a_network_may_be_taken(checkpoint: Path, tmp_path: Path) -> None:
    _drop(checkpoint)
    chosen = ImportOptions(input_wh=(96, 128), partial=True)
    fit = import_checkpoint(checkpoint, ARCH, tmp_path / "a.pt", chosen)
    assert fit.missing == ("conv2.weight",)
    torch.save({"x": torch.ones(1)}, checkpoint)
    with pytest.raises(ModelError, match="missing"):
        import_checkpoint(checkpoint, ARCH, tmp_path / "b.pt", chosen)


def test_other_keypoints_must_be_named(tmp_path: Path) -> None:
    torch.save(network(ARCH, 16).state_dict(), tmp_path / "a.pth")
    with pytest.raises(ModelError, match=r"must be \[17, 16, 1, 1\] .* is --keypoints right"):
        import_checkpoint(tmp_path / "a.pth", ARCH, tmp_path / "a.pt", SMALL)
    chosen = ImportOptions(input_wh=(96, 128), keypoints="mpii16")
    import_checkpoint(tmp_path / "a.pth", ARCH, tmp_path / "a.pt", chosen)
    assert read_weights(tmp_path / "a.pt")[1].keypoint_names[8] == "upper_neck"


@pytest.mark.parametrize(
    ("arch", "options", "error"),
    [
        pytest.param("none", SMALL, InputError, id="arch"),
        pytest.param(ARCH, ImportOptions(keypoints="coco"), InputError, id="keypoints"),
        pytest.param(ARCH, ImportOptions(warp="up"), SpecError, id="warp"),
        pytest.param(ARCH, ImportOptions(subpixel="dark"), SpecError, id="no-kernel"),
        pytest.param(ARCH, ImportOptions(input_wh=(97, 128)), SpecError, id="stride"),
        pytest.param(ARCH, ImportOptions(license=""), SpecError, id="license"),
    ],
)
def test_wrong_options_are_refused(
    checkpoint: Path, tmp_path: Path, arch: str, options: ImportOptions, error: Any
) -> None:
    with pytest.raises(error):
        import_checkpoint(checkpoint, arch, tmp_path / "a.pt", options)


def test_the_output_must_be_writable(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its folder does not exist"):
        import_checkpoint(checkpoint, ARCH, tmp_path / "none" / "a.pt", SMALL)


def test_keypoint_names() -> None:
    assert keypoint_names("a, b") == ("a", "b")
    assert len(keypoint_names("body25")) == 25
    for text in ("", "a", "a,a", "a,,b"):
        with pytest.raises(InputError, match="keypoints must be a set of"):
            keypoint_names(text)


BOTTOM_UP = {
    "lightweight-openpose": {"heatmap": 19, "paf": 38},
    "openpose-coco": {"heatmap": 19, "paf": 38},
    "higherhrnet-w32": {"heatmap": 17, "tags": 17},
}


@pytest.mark.skipif("bottom_up" not in TASKS, reason="the contract knows no such task yet")
@pytest.mark.parametrize("arch", BOTTOM_UP)
def test_networks_for_whole_pictures(arch: str, tmp_path: Path) -> None:
    torch.save(network(arch).state_dict(), tmp_path / "a.pth")
    chosen = ImportOptions(input_wh=(64, 64))
    import_checkpoint(tmp_path / "a.pth", arch, tmp_path / "a.pt", chosen)
    done = export(tmp_path / "a.pt", tmp_path / "a.onnx")
    session = open_session(done.path)
    validate_model(done.spec, session.inputs, session.outputs)
    picture = np.zeros((2, 3, 64, 64), np.float32)
    found = session.run({"input": picture}, list(BOTTOM_UP[arch]))
    assert {name: array.shape[1] for name, array in found.items()} == BOTTOM_UP[arch]
