# SPDX-License-Identifier: Apache-2.0
"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of the data that is not kept in the repository."""
    named = os.environ.get("EDGEPOSE_SHARED")
    path = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not path.is_dir():
        pytest.skip(f"shared data not found at {path}; set EDGEPOSE_SHARED")
    return path


@pytest.fixture(scope="session")
def golden_dir(shared_dir: Path) -> Path:
    """Folder of the golden vectors."""
    path = shared_dir / "golden"
    if not path.is_dir():
        pytest.skip(f"golden vectors not found at {path}")
    return path
