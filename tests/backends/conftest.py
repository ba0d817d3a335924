# SPDX-License-Identifier: Apache-2.0
"""Every backend, one after the other."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from tiny_models import write_pose

from edgepose.backends import BACKENDS


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> str:
    """Name of a backend whose runtime is installed."""
    name = str(request.param)
    if find_spec(BACKENDS[name].runtime) is None:
        pytest.skip(f"{BACKENDS[name].runtime} is not installed")
    return name


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "pose.onnx")
