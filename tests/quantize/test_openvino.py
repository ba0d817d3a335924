# SPDX-License-Identifier: Apache-2.0
"""INT8 IR for OpenVINO: made by NNCF, judged by the guard, silent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from edgepose.quantize import Options, quantize_model
from edgepose.quantize.page import html_page
from edgepose.quantize.report import json_report
from small_networks import photo, write_collapsing

import edgepose
from edgepose.errors import InputError, MissingDependencyError, ModelError
from edgepose.pose import Pose
from edgepose.spec import read_spec

pytest.importorskip(
    "nncf", reason="nncf is not installed: pip install 'edgepose[quantize-openvino]'"
)
pytest.importorskip("openvino")

QUICK = Options(backend="openvino", method="minmax", crops=12, runs=2, max_drop=3)


@pytest.fixture(autouse=True)
def _quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing of NNCF's own is printed."""
    yield
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("method", ["auto", "mean", "minmax", "percentile", "mse"])
def test_quantizes(residual: Path, photos: Path, tmp_path: Path, method: str) -> None:
    target = tmp_path / "int8.xml"
    before = residual.read_bytes()
    options = Options(backend="openvino", method=method, crops=12, runs=2, max_drop=20)
    done = quantize_model(residual, photos, target, options)
    assert residual.read_bytes() == before
    spec = read_spec(target)
    assert spec == done.spec
    assert spec.name == "tiny-pose-int8"
    record = spec.quantization
    assert record is not None
    assert (record.activations, record.weight_bits) == ("uint8", 8)
    assert "nncf-" in record.method
    assert bool(done.tried) == (method == "auto")
    with Pose(target, detector=None, backend="openvino") as pose:
        result = pose(photo(200))
    with Pose(residual, detector=None) as pose:
        expected = pose(photo(200))
    assert np.abs(result.keypoints.xy - expected.keypoints.xy).max() <= 4
    files = [target, target.with_suffix(".bin")]
    assert done.bytes_[2] == sum(path.stat().st_size for path in files)
    assert b"FakeQuantize" in target.read_bytes()
    report = json.loads(json_report(done))
    assert (report["runtime"], report["runtimes"], report["tensors"]) == ("OpenVINO", {}, [])
    assert len(report["latency_ms"]["quantized"]["samples"]) == 2
    assert "<h2>Ranges</h2>" not in html_page(done)
    leftovers = {path.name for path in tmp_path.iterdir()} - {"residual.onnx", "photos"}
    assert leftovers == {"int8.xml", "int8.bin"}


def test_collapsing_model_is_rescued(photos: Path, tmp_path: Path) -> None:
    model = write_collapsing(tmp_path / "model.onnx")
    done = quantize_model(model, photos, tmp_path / "int8.xml", QUICK)
    assert done.guarded.steps[0].drop > 3
    assert done.guarded.steps[-1].drop <= 3
    assert "Concat" in [layer.operator for layer in done.guarded.kept]


@pytest.mark.parametrize(
    ("options", "output", "message"),
    [
        ({"method": "entropy"}, "a.xml", "method must be one of auto, mean, minmax"),
        ({"activations": "int8"}, "a.xml", "activations for backend openvino must be uint8 or"),
        ({}, "a.onnx", r"the output must end in \.xml"),
    ],
    ids=["method", "activations", "suffix"],
)
def test_refuses(
    residual: Path, photos: Path, tmp_path: Path, options: Any, output: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        quantize_model(
            residual, photos, tmp_path / output, Options(backend="openvino", crops=8, **options)
        )


@pytest.mark.parametrize("absent", ["nncf", "edgepose.quantize.openvino_integers"])
def test_missing_package(
    residual: Path, photos: Path, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingDependencyError, match=r"edgepose\[quantize-openvino\]"):
        quantize_model(residual, photos, None, QUICK)


def test_nncf_fails(residual: Path, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nncf

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no way\nat all")

    monkeypatch.setattr(nncf, "quantize", fail)
    with pytest.raises(ModelError, match="nncf cannot quantize the network: no way"):
        quantize_model(residual, photos, None, QUICK)


def test_a_folder_that_is_gone(residual: Path, photos: Path, tmp_path: Path) -> None:
    done = quantize_model(residual, photos, None, QUICK)
    with pytest.raises(ModelError, match="cannot write"):
        done.guarded.network.write(tmp_path / "none" / "int8.xml", done.spec)


RUN = """
import sys
from edgepose.quantize import Options, quantize_model
options = Options(backend="openvino", method="minmax", crops=8, runs=2, max_drop=100)
done = quantize_model(*sys.argv[1:4], options)
assert not any(name.startswith("openvino_telemetry") for name in sys.modules)
print(done.scheme.title)
"""


def test_nothing_leaves(residual: Path, photos: Path, tmp_path: Path) -> None:
    """No socket to anywhere, no file but the model."""
    tool = shutil.which("strace")
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    calm = ("CI", "NNCF_CI", "NNCF_DEV", "GITHUB_ACTIONS", "TF_BUILD")
    kept = {name: value for name, value in os.environ.items() if name not in calm}
    kept["PYTHONPATH"] = os.pathsep.join(
        [str(Path(edgepose.__file__).parents[1]), kept.get("PYTHONPATH", "")]
    ).rstrip(os.pathsep)
    folders = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "TMPDIR"), str(home))
    watch = [str(tool), "--follow-forks", "--trace=%network", f"--output={trace}"]
    if tool is None or subprocess.run([*watch, "true"], capture_output=True).returncode != 0:
        watch = []  # system calls cannot be traced here
    done = subprocess.run(
        [*watch, sys.executable, "-c", RUN, residual, photos, tmp_path / "int8.xml"],
        env={**kept, **folders, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "INT8\n"
    assert [str(path) for path in home.rglob("*")] == []
    if watch:
        assert "AF_INET" not in trace.read_text(encoding="utf-8")
