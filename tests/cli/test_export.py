# SPDX-License-Identifier: Apache-2.0
"""`edgepose export` of ONNX models; that of trained weights is in test_training_commands."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tiny_models import pose_document, write_pose

from edgepose.spec import read_spec

OPENVINO = pytest.mark.skipif(find_spec("openvino") is None, reason="needs edgepose[openvino]")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "model.onnx")


@OPENVINO
def test_onnx_to_ir(edgepose: Any, model: Path, tmp_path: Path) -> None:
    result = edgepose("export", model, "--output", tmp_path / "ir.xml", "--weights", "float16")
    assert result.exit_code == 0, result.output
    assert "ir.xml: tiny-pose, 32x48" in result.stdout
    assert "with the rounding of the weights" in result.stdout
    assert read_spec(tmp_path / "ir.xml").name == "tiny-pose"
    shown = edgepose("inspect", tmp_path / "ir.xml", "--backend", "openvino")
    assert "The contract fits the model." in shown.stdout


@OPENVINO
def test_a_contract_can_be_given(edgepose: Any, model: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({**pose_document(), "name": "mine"}), encoding="utf-8")
    arguments = ("--output", tmp_path / "ir.xml", "--format", "openvino", "--spec", file)
    assert edgepose("export", model, *arguments).exit_code == 0
    assert read_spec(tmp_path / "ir.xml").name == "mine"


@OPENVINO
def test_a_quantized_model_says_what_differs(edgepose: Any, tmp_path: Path) -> None:
    result = edgepose("export", "det-n-int8", "--output", tmp_path / "ir.xml")
    assert result.exit_code == 0, result.output
    assert "to the ONNX file in OpenVINO" in result.stdout
    assert "edgepose verify tells" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("model.onnx", "--output", "b.onnx"), "is an ONNX model already"),
        (("model.onnx", "--output", "b.xml", "--format", "tf"), "must be onnx or openvino"),
        (("model.onnx", "--output", "b.xml", "--format", "onnx"), "writes NAME.onnx; got"),
        (("a.pt", "--output", "b.onnx", "--format", "openvino"), "writes NAME.xml, beside"),
        (("model.onnx", "--output", "b.xml", "--name", "x"), "--name belongs to trained weights"),
        (("det-n", "--output", "b.xml", "--nms-iou", "1"), "--nms-iou belongs to trained weights"),
        (("a.pt", "--output", "b.xml", "--spec", "c.json"), "--spec belongs to ONNX models"),
        (("none.onnx", "--output", "b.xml"), "no such model file"),
    ],
    ids=["onnx", "format", "suffix", "no-suffix", "name", "iou", "spec", "absent"],
)
@pytest.mark.usefixtures("model")
def test_refuses(
    edgepose: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = edgepose("export", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
