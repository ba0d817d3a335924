# SPDX-License-Identifier: Apache-2.0
"""`edgepose inspect`."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tiny_models import centers_document, pose_document, write_centers, write_pose

from edgepose.models import list_models
from edgepose.spec import Spec


@pytest.fixture
def pose(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "pose.onnx")


def test_page_of_a_pose_model(edgepose: Any, pose: Path) -> None:
    result = edgepose("inspect", pose)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    page = result.stdout
    for part in (
        f"file         {pose} (",
        "name         tiny-pose",
        "task         top_down",
        "width 32, height 48",
        "codec        type heatmap, stride 4, warp half_pixel, subpixel none",
        "keypoints    3: red, green, blue",
        "  edges      0-1 1-2",
        "input        'x' float32 [N, 3, 48, 32]",
        "output       'maps' float32 [N, 3, 12, 8]",
    ):
        assert part in page
    assert page.endswith("The contract fits the model.\n")
    assert max(map(len, page.splitlines()[1:])) <= 96


def test_detector_has_no_keypoints(edgepose: Any, tmp_path: Path) -> None:
    result = edgepose("inspect", write_centers(tmp_path / "detector.onnx"))
    assert result.exit_code == 0, result.output
    assert "keypoints  " not in result.stdout
    assert "outputs      heatmap heat, size size, offset offset" in result.stdout


def test_json(edgepose: Any, pose: Path) -> None:
    content = json.loads(edgepose("inspect", pose, "--json").stdout)
    assert Spec.from_dict(content["spec"]) == Spec.from_dict(pose_document())
    assert content["file"] == str(pose)
    assert content["bytes"] == pose.stat().st_size
    assert content["inputs"] == [{"name": "x", "shape": [None, 3, 48, 32], "dtype": "float32"}]
    assert [output["name"] for output in content["outputs"]] == ["maps"]
    assert (content["fits"], content["problem"]) == (True, None)


def test_contract_that_lies(edgepose: Any, tmp_path: Path) -> None:
    document = pose_document()
    document["input"]["width"] = 64
    lying = write_pose(tmp_path / "lying.onnx", document)
    result = edgepose("inspect", lying)
    assert result.exit_code == 1
    assert result.stderr.startswith("edgepose: the contract does not fit the model: input: ")
    assert result.stderr.count("\n") == 1
    assert "[N, 3, 48, 32]" in result.stdout
    assert "fits" not in result.stdout
    content = json.loads(edgepose("inspect", lying, "--json").stdout)
    assert content["fits"] is False
    assert "input" in content["problem"]


def test_model_without_contract_shows_its_tensors(edgepose: Any, tmp_path: Path) -> None:
    bare = write_pose(tmp_path / "bare.onnx", {})
    result = edgepose("inspect", bare)
    assert result.exit_code == 1
    assert "'maps' float32 [N, 3, 12, 8]" in result.stdout
    assert "carries no edgepose.spec and there is no bare.spec.json" in result.stderr
    assert edgepose("inspect", bare, "--json").stdout == ""


def test_contract_from_a_file(edgepose: Any, tmp_path: Path, pose: Path) -> None:
    bare = write_centers(tmp_path / "bare.onnx", {})
    spec = tmp_path / "contract.json"
    document = {**centers_document(), "license": "LicenseRef-mine"}
    spec.write_text(json.dumps(document), encoding="utf-8")
    result = edgepose("inspect", bare, "--spec", spec)
    assert result.exit_code == 0, result.output
    assert "license      LicenseRef-mine" in result.stdout
    assert edgepose("inspect", pose, "--spec", spec).exit_code == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [("nothing", "model must be a file or one of"), ("gone.onnx", "no such model file")],
    ids=["name", "file"],
)
def test_unknown_model(edgepose: Any, name: str, said: str) -> None:
    result = edgepose("inspect", name)
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize("entry", list_models(), ids=lambda entry: entry.name)
def test_embedded_models_fit_their_contracts(edgepose: Any, entry: Any) -> None:
    if not entry.path.is_file():
        pytest.skip("the weights are not in the package yet")
    result = edgepose("inspect", entry.name)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_runtime_can_be_chosen(edgepose: Any, pose: Path, backend: str) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    arguments = ("inspect", pose, "--json", "--backend", backend, "--device", "cpu", "--strict")
    content = json.loads(edgepose(*arguments).stdout)
    assert content["backend"] == backend
    assert len(content["providers"]) == 1
    assert content["fits"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--backend", "tvm"), "backend must be one of onnxruntime, openvino; got 'tvm'"),
        (("--device", "tpu"), "device of backend 'onnxruntime' must be one or more of cpu,"),
        (("--device", "coreml"), "provider 'CoreMLExecutionProvider' is not available"),
    ],
    ids=["backend", "device", "absent_device"],
)
def test_runtime_that_is_not_there(
    edgepose: Any, pose: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = edgepose("inspect", pose, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
