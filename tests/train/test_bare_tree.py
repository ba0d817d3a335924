# SPDX-License-Identifier: Apache-2.0
"""`python -m edgepose.train` with nothing but PyTorch, OpenCV and NumPy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import edgepose

pytest.importorskip("torch", reason="needs edgepose[train]")

BLOCKED = (
    "edgepose._core", "onnx", "onnxruntime", "openvino", "typer", "click", "rich", "scipy", "PIL",
    "matplotlib", "pytest",
)  # fmt: skip
HOOK = f"""
import runpy, sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        if any(name == item or name.startswith(item + ".") for item in {BLOCKED!r}):
            return None
        return self.finder.find_spec(name, path, target)
sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
sys.argv = ["edgepose.train", *sys.argv[1:]]
runpy.run_module("edgepose.train", run_name="__main__")
"""
RECIPES = {
    "top_down": """
name = "bare"
task = "top_down"
arch = "hrnet-tiny"
keypoint_names = ["nose", "left_hip", "right_hip", "left_ankle", "right_ankle"]
threads = 1
[[source]]
shards = "people-*.npz"
[[phase]]
height = 128
width = 96
passes = 1
batch_size = 6
learning_rate = 1e-3
""",
    "detector": """
name = "bare"
task = "detector"
arch = "det-tiny"
threads = 1
[[source]]
shards = "people-*.npz"
[[phase]]
height = 64
width = 64
passes = 1
batch_size = 6
learning_rate = 1e-3
""",
}


def _run(folder: Path, recipe: str, data: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "recipe.toml"
    path.write_text(recipe)
    options = ["--data", str(data), "--output", str(folder / "runs"), "--cache", str(folder / "c")]
    return subprocess.run(
        [sys.executable, "-c", HOOK, str(path), *options],
        cwd=Path(edgepose.__file__).resolve().parents[1],
        env={"PATH": "", "PYTHONPATH": str(Path(edgepose.__file__).resolve().parents[1])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("task", sorted(RECIPES))
def test_training_runs(task: str, tmp_path: Path, data: Path) -> None:
    done = _run(tmp_path, RECIPES[task], data)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs" / "bare" / "bare.pt").is_file()
    assert (tmp_path / "runs" / "bare" / "last.pt").is_file()


def test_an_error_is_one_line(tmp_path: Path, data: Path) -> None:
    done = _run(tmp_path, RECIPES["top_down"].replace("people", "nobody"), data)
    assert done.returncode == 1
    assert "no shard matches 'nobody-*.npz'" in done.stderr
    assert "Traceback" not in done.stderr
