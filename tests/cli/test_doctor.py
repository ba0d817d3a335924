# SPDX-License-Identifier: Apache-2.0
"""`edgepose doctor`."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import pytest

from edgepose.backends import BACKENDS

INSTALLED = [name for name, entry in BACKENDS.items() if find_spec(entry.runtime) is not None]


def test_page(scratch: Any) -> None:
    result = scratch.run("doctor", scratch.pose, scratch.detector, "--runs", "1")
    assert result.exit_code == 0, result.output
    for part in ("Machine", "Runtimes", "What really runs", "pose.onnx", "detector.onnx"):
        assert part in result.stdout
    assert "CPUExecutionProvider" in result.stdout


def test_json(scratch: Any) -> None:
    result = scratch.run("doctor", scratch.pose, "--json", "--runs", "2", "--threads", "1")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert [runtime["backend"] for runtime in content["runtimes"]] == list(BACKENDS)
    assert [model["backend"] for model in content["models"]] == INSTALLED
    for model in content["models"]:
        assert model["threads"] == 1
        assert sum(share["nodes"] for share in model["shares"]) > 0
        assert all(share["time_ms"] >= 0 for share in model["shares"])
        assert {share["precision"] for share in model["shares"]} == {"float32"}
    assert content["processor"]["cores"] >= 1
    assert content["memory"]["total"] is None or content["memory"]["total"] > 1 << 20
    assert content["failures"] == {}


def test_one_runtime_without_runs(scratch: Any) -> None:
    arguments = ("--backend", "onnxruntime", "--runs", "0", "--json", "--strict")
    content = json.loads(scratch.run("doctor", scratch.pose, *arguments).stdout)
    (model,) = content["models"]
    assert model["backend"] == "onnxruntime"
    assert model["shares"][0]["time_ms"] is None


def test_what_cannot_run_is_said(scratch: Any) -> None:
    result = scratch.run(
        "doctor", scratch.pose, "--device", "qnn", "--backend", "onnxruntime", "--json"
    )
    assert result.exit_code == 1
    assert "pose.onnx in onnxruntime: provider 'QNNExecutionProvider' is not" in result.stderr
    content = json.loads(result.stdout)
    assert content["models"] == []
    assert list(content["failures"]) == [f"{scratch.pose} in onnxruntime"]


def test_unknown_model(scratch: Any) -> None:
    result = scratch.run("doctor", "nothing")
    assert result.exit_code == 1
    assert "model must be a file or one of" in result.stderr


@pytest.mark.parametrize("name", list(BACKENDS))
def test_missing_runtime_is_told(scratch: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    import sys

    monkeypatch.setitem(sys.modules, BACKENDS[name].runtime, None)
    monkeypatch.delitem(sys.modules, BACKENDS[name].module, raising=False)
    result = scratch.run("doctor", scratch.pose, "--runs", "0")
    assert "not installed" in result.stdout
    assert f'pip install "{BACKENDS[name].install}"' in result.stdout
