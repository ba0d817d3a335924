# SPDX-License-Identifier: Apache-2.0
"""`import edgepose` is light, and every public name is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import edgepose

HEAVY = ("cv2", "numpy", "onnx", "onnxruntime", "openvino", "torch", "edgepose._core")


def _loaded(code: str) -> set[str]:
    """Which heavy modules a fresh interpreter holds after running the code."""
    script = f"import sys\n{code}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    root = str(Path(edgepose.__file__).parents[1])
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            f"import sys; sys.path.insert(0, {root!r})\n{script}",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return set(done.stdout.split())


def test_there_are_names() -> None:
    assert edgepose.__all__ == sorted(set(edgepose.__all__))
    assert {"Pose", "Result", "Spec", "SpecError", "__version__"} <= set(edgepose.__all__)


@pytest.mark.parametrize("name", edgepose.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    value = getattr(edgepose, name)
    assert getattr(edgepose, name) is value  # found once, then kept
    assert name in dir(edgepose)
    if isinstance(value, type):
        assert value.__name__ == name
        assert value.__doc__


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match=r"^module 'edgepose' has no attribute 'Nose'$"):
        edgepose.Nose  # noqa: B018


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(edgepose.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen: dict[str, str | None] = {}
    for node in block.body:
        if isinstance(node, ast.ImportFrom):
            seen.update((str(item.asname), node.module) for item in node.names)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            seen[node.target.id] = "edgepose.version"
    assert seen == edgepose._HOMES


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        pytest.param("import edgepose", set(), id="import"),
        pytest.param("import edgepose; edgepose.__version__", set(), id="version"),
        pytest.param("from edgepose import SpecError, ModelError", set(), id="errors"),
        pytest.param("from edgepose import Result, Keypoints", {"numpy"}, id="types"),
        pytest.param("from edgepose import Spec; import edgepose.spec", {"numpy"}, id="contract"),
        pytest.param("import edgepose; dir(edgepose)", set(), id="dir"),
    ],
)
def test_importing_loads_no_more_than_it_needs(code: str, allowed: set[str]) -> None:
    assert _loaded(code) <= allowed


def test_star_import() -> None:
    names = "', '".join(edgepose.__all__)
    code = f"from edgepose import *\nassert set(['{names}']) <= set(globals())"
    assert "torch" not in _loaded(code)
