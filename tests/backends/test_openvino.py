# SPDX-License-Identifier: Apache-2.0
"""OpenVINO: devices, precision, IR files; what all backends share is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

openvino = pytest.importorskip("edgepose.backends.openvino", exc_type=ImportError)

from tiny_models import pose_document, write_pose  # noqa: E402

from edgepose.backends import OnnxRuntimeOptions, OpenVinoOptions, open_session  # noqa: E402
from edgepose.backends.openvino_open import devices_of  # noqa: E402
from edgepose.backends.processor import processor  # noqa: E402
from edgepose.errors import BackendError, InputError, ModelError  # noqa: E402
from edgepose.pipelines import open_network  # noqa: E402
from edgepose.spec import Spec, read_spec  # noqa: E402

HAS_BF16 = "AVX-512 bf16" in processor().features
X = np.random.default_rng(0).random((3, 3, 48, 32), np.float32)


def maps(session: Any, x: Any = X) -> Any:
    return session.run({"x": x}, ["maps"])["maps"]


def openvino_session(model: Path, **options: Any) -> Any:
    return open_session(model, backend="openvino", threads=1, **options)


@pytest.mark.parametrize(
    ("device", "devices"),
    [
        ("CPU", ("CPU",)),
        ("GPU.1", ("GPU.1",)),
        ("AUTO", ()),
        ("AUTO:GPU,CPU", ("GPU", "CPU")),
        ("AUTO:-GPU,CPU", ("GPU", "CPU")),
        ("MULTI:GPU(4), NPU(2)", ("GPU", "NPU")),
        ("HETERO:NPU,CPU", ("NPU", "CPU")),
    ],
)
def test_devices_by_name(device: str, devices: tuple[str, ...]) -> None:
    assert devices_of(device) == devices


@pytest.mark.parametrize("device", ["", "CPU:0", "AUTO:", "/dev/dri", "CPU GPU"])
def test_no_devices(device: str) -> None:
    with pytest.raises(InputError, match="device"):
        devices_of(device)


@pytest.mark.parametrize("device", ["cpu", "AUTO:CPU", "AUTO", "MULTI:CPU", "HETERO:CPU"])
def test_devices_of_this_machine(model: Path, device: str) -> None:
    """AUTO and the like choose the processor's bf16 too unless each device is told."""
    session = openvino_session(model, device=device)
    assert session.providers == ("CPU",)
    assert {share.precision for share in session.report().shares} == {"float32"}
    np.testing.assert_allclose(maps(session), maps(open_session(model)), rtol=1e-6)


@pytest.mark.parametrize("device", ["GPU.7", "AUTO:GPU.7,CPU", "HETERO:NPU.7,CPU"])
def test_device_that_is_not_there(model: Path, device: str) -> None:
    with pytest.raises(BackendError, match=r"device '[GN]PU\.7' is not available to OpenVINO"):
        openvino_session(model, device=device)


def test_strict_wants_named_devices(model: Path) -> None:
    with pytest.raises(BackendError, match=r"strict=True needs the devices to be named; 'AUTO'"):
        openvino_session(model, device="auto", strict=True)
    assert openvino_session(model, device="HETERO:CPU", strict=True).providers == ("CPU",)


@pytest.mark.skipif(not HAS_BF16, reason="this processor has no bfloat16")
def test_precision_is_what_was_asked_for(model: Path) -> None:
    default, half = (
        openvino_session(model, options=options).report()
        for options in (None, OpenVinoOptions(precision="bf16"))
    )
    assert default.remarks[0] == "CPU executes float32"
    assert 'precision="bf16"' in default.remarks[1]
    assert default.settings["INFERENCE_PRECISION_HINT"] == "f32"
    assert half.remarks == ("CPU executes bfloat16",)


def test_precision_that_would_be_another(model: Path) -> None:
    """Processors without float16 take something else and say nothing."""
    options = OpenVinoOptions(precision="f16")
    try:
        report = openvino_session(model, options=options).report()
    except BackendError as error:
        assert "precision 'f16' was asked for" in str(error)  # noqa: PT017
    else:
        assert report.remarks[0] == "CPU executes float16"


@pytest.mark.parametrize(
    "options",
    [
        {"hint": "throughput"},
        {"streams": 1},
        {"pinning": False},
        {"requests": 1},
        {"batch_buckets": (1, 3)},
        {"extra": {"ENABLE_HYPER_THREADING": False}},
    ],
    ids=lambda options: next(iter(options)),
)
def test_options_change_no_answer(model: Path, options: dict[str, Any]) -> None:
    session = openvino_session(model, options=OpenVinoOptions(**options))
    np.testing.assert_allclose(maps(session), maps(open_session(model)), rtol=1e-6)


def test_unknown_property(model: Path) -> None:
    with pytest.raises(BackendError, match="NONSENSE"):
        openvino_session(model, options=OpenVinoOptions(extra={"NONSENSE": 1}))


def test_cache_is_where_it_was_asked_for(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    options = OpenVinoOptions(cache=folder)
    first = maps(openvino_session(model, options=options))
    assert list(folder.iterdir())
    np.testing.assert_array_equal(maps(openvino_session(model, options=options)), first)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"options": OnnxRuntimeOptions()}, "options of backend 'openvino' must be OpenVinoOpt"),
        ({"providers": ["CPU"]}, "backend 'openvino' has devices, no providers; use device"),
        ({"options": OpenVinoOptions(preprocess=True)}, "preprocess needs the mean and std"),
    ],
    ids=["other_options", "providers", "no_pixels"],
)
def test_refuses(model: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        openvino_session(model, **options)


def test_pixels_go_in_where_the_model_normalises(tmp_path: Path) -> None:
    document = pose_document()
    document["input"] |= {"mean": [10, 20, 30], "std": [2, 4, 8]}
    model = write_pose(tmp_path / "p.onnx", document)
    options = OpenVinoOptions(preprocess=True)
    network = open_network(model, task="top_down", backend="openvino", options=options)
    assert network.session.takes_pixels
    pixels = np.random.default_rng(1).integers(0, 256, (2, 48, 32, 3), np.uint8)
    with network.workspace() as workspace:
        workspace.crops(2)[:] = pixels
        found = workspace.run(2)["heatmap"].copy()
    floats = (pixels.astype(np.float32) - (10, 20, 30)) / (2, 4, 8)
    x = np.ascontiguousarray(floats.transpose(0, 3, 1, 2), np.float32)
    np.testing.assert_allclose(found, maps(open_session(model), x), rtol=1e-5, atol=1e-5)


@pytest.fixture
def ir(model: Path, tmp_path: Path) -> Path:
    """The model as IR; OpenVINO keeps the contract of the ONNX file."""
    target = tmp_path / "ir.xml"
    openvino.ov.save_model(openvino.ov.Core().read_model(model), target, compress_to_fp16=False)
    return target


def test_ir_carries_the_contract(ir: Path, model: Path) -> None:
    assert read_spec(ir) == Spec.from_dict(pose_document())
    network = open_network(ir, task="top_down", backend="openvino")
    np.testing.assert_allclose(maps(network.session), maps(open_session(model)), rtol=1e-6)


def test_ir_without_its_weights(ir: Path) -> None:
    ir.with_suffix(".bin").unlink()
    with pytest.raises(ModelError, match=r"ir\.xml: the model cannot be loaded"):
        openvino_session(ir)
