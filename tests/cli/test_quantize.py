# SPDX-License-Identifier: Apache-2.0
"""`edgepose quantize`."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from small_networks import write_photos, write_residual

if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)


def test_writes_model_and_reports(edgepose: Any, tmp_path: Path) -> None:
    model = write_residual(tmp_path / "model.onnx")
    photos = write_photos(tmp_path / "photos", 10)
    target, page, data = (tmp_path / name for name in ("int8.onnx", "r.html", "r.json"))
    result = edgepose(
        "quantize", model, "--calibration", photos, "--output", target, "--report", page,
        "--report", data, "--max-drop", 5, "--method", "minmax",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert target.is_file()
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    report = json.loads(data.read_text(encoding="utf-8"))
    assert report["quantization"]["method"] == "minmax"
    assert "agreement (OKS)" in result.stdout
    assert report["verdict"] in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--report", "r.txt"), "--report must end in .html or .json"),
        (("--backend", "tvm"), "backend must be one of onnxruntime, openvino"),
        (("--output", "none/a.onnx"), "its folder does not exist"),
        (("--crops", "3"), "calibration needs at least 8 crops"),
        (("--method", "best"), "method must be one of auto"),
    ],
    ids=["report", "backend", "output", "crops", "method"],
)
def test_refuses(
    edgepose: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    model = write_residual(tmp_path / "model.onnx")
    photos = write_photos(tmp_path / "photos", 10)
    result = edgepose("quantize", model, "--calibration", photos, *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not (tmp_path / "model-int8.onnx").exists()
