# SPDX-License-Identifier: Apache-2.0
"""Backends by name, and what is asked of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_pose

from edgepose.backends import BACKENDS, open_session
from edgepose.errors import (
    BackendError,
    EdgePoseError,
    InputError,
    MissingDependencyError,
    ModelError,
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "pose.onnx")


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"backend": "tvm"}, InputError, "backend must be one of onnxruntime, openvino; got 'tvm'"),
        ({"threads": 0}, InputError, "threads must be a whole number of at least 1; got 0"),
        ({"threads": True}, InputError, "threads must be a whole number of at least 1; got True"),
        ({"threads": 1.5}, InputError, "threads must be a whole number of at least 1; got 1.5"),
        ({"providers": []}, InputError, "providers must be a list of one or more names; got []"),
        ({"providers": "CPU"}, InputError, "providers must be a list of one or more names"),
        ({"providers": ["NoSuch"]}, BackendError, "provider 'NoSuch' is not available"),
    ],
    ids=["backend", "no_thread", "bool", "half_thread", "no_provider", "text", "unknown_provider"],
)
def test_refuses(
    model: Path, options: dict[str, Any], kind: type[EdgePoseError], message: str
) -> None:
    with pytest.raises(kind) as caught:
        open_session(model, **options)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["none.onnx", "."], ids=["absent", "folder"])
def test_needs_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="no such model file"):
        open_session(tmp_path / name)


@pytest.mark.parametrize("name", list(BACKENDS))
def test_missing_runtime_is_named(name: str, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = BACKENDS[name]
    monkeypatch.setitem(sys.modules, entry.runtime, None)
    monkeypatch.delitem(sys.modules, entry.module, raising=False)
    with pytest.raises(MissingDependencyError) as caught:
        open_session(model, backend=name)
    assert f"needs the package {entry.runtime}" in str(caught.value)
    assert f'pip install "{entry.install}"' in str(caught.value)
    assert isinstance(caught.value, ImportError)


def test_runtimes_are_imported_on_first_use() -> None:
    code = "import sys, edgepose.backends; sys.exit('onnxruntime' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
