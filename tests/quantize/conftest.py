# SPDX-License-Identifier: Apache-2.0
"""The INT8 toolchain is there where edgepose is installed; a bare source tree has it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_networks import write_photos, write_residual

if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)

Floats = Any


@pytest.fixture
def residual(tmp_path: Path) -> Path:
    return write_residual(tmp_path / "residual.onnx")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 12)


@pytest.fixture
def noise() -> Callable[..., Floats]:
    """Inputs 0..1 of the tiny pose model."""

    def make(count: int, seed: int = 0) -> Floats:
        return np.random.default_rng(seed).random((count, 3, 48, 32), np.float32)

    return make
