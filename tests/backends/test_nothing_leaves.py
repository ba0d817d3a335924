# SPDX-License-Identifier: Apache-2.0
"""Nothing leaves the device: a prediction opens no socket and writes no file of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_models import write_centers, write_pose

import edgepose
from edgepose.backends import BACKENDS

CALM = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "TF_BUILD", "GITHUB_ACTIONS")
PREDICT = """
import sys, time, numpy
import edgepose
pose = edgepose.Pose(sys.argv[1], sys.argv[2], backend=sys.argv[3])
assert len(pose(numpy.zeros((64, 64, 3), "u1"), boxes=[[0, 0, 32, 48]])) == 1
pose(numpy.zeros((64, 64, 3), "u1"))
pose.close()
time.sleep(1)
print("predicted")
"""


class Watched:
    """Runs Python with folders of its own for whatever a library may want to keep."""

    def __init__(self, folder: Path, backend: str) -> None:
        self.backend = backend
        self.home = folder / "home"
        self.home.mkdir()
        self.work = folder / "work"
        self.work.mkdir()
        self.models = folder / "models"
        self.models.mkdir()
        self.pose = write_pose(self.models / "pose.onnx")
        self.detector = write_centers(self.models / "detector.onnx")
        kept = {name: value for name, value in os.environ.items() if name not in CALM}
        kept = {name: value for name, value in kept.items() if not name.startswith("XDG_")}
        paths = [str(Path(edgepose.__file__).resolve().parents[1]), kept.get("PYTHONPATH", "")]
        kept["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        folders = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "TMPDIR"), str(self.home))
        self.environment = {**kept, **folders, "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *before: str, code: str = PREDICT) -> str:
        command = [
            *before,
            sys.executable,
            "-c",
            code,
            str(self.pose),
            str(self.detector),
            self.backend,
        ]
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=self.work,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def written(self) -> list[str]:
        found = [path for folder in (self.home, self.work) for path in folder.rglob("*")]
        return sorted(str(path) for path in found)


def without_network() -> tuple[str, ...]:
    """What to put before a command that must have no network; nothing where that cannot be."""
    tool = shutil.which("unshare")
    alone = (str(tool), "--map-root-user", "--net")
    if tool is None or subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        return ()
    return alone


@pytest.fixture
def watched(tmp_path: Path, backend: str) -> Watched:
    return Watched(tmp_path, backend)


def test_no_file_is_written(watched: Watched) -> None:
    before = {path: path.read_bytes() for path in watched.models.iterdir()}
    assert watched.run() == "predicted\n"
    assert watched.written() == []
    assert {path: path.read_bytes() for path in watched.models.iterdir()} == before


def test_the_watch_sees_what_the_runtime_alone_does(watched: Watched) -> None:
    """Without edgepose the runtime writes; were it not so, the test above would show nothing."""
    watched.run(*without_network(), code=f"import {BACKENDS[watched.backend].runtime}")
    if not watched.written():
        pytest.skip(f"this {watched.backend} keeps to itself")


def test_switched_off_whatever_the_variable_said(watched: Watched) -> None:
    watched.environment["ORT_DISABLE_TELEMETRY"] = "0"
    assert watched.run() == "predicted\n"
    assert watched.written() == []


def test_a_report_leaves_nothing_behind(watched: Watched) -> None:
    """ONNX Runtime's profile goes to the folder for temporary files, which is watched too."""
    code = "pose = __import__('edgepose').Pose(*sys.argv[1:3], backend=sys.argv[3])\n"
    assert watched.run(code=f"import sys\n{code}print(len(pose.report(runs=2)))") == "2\n"
    assert watched.written() == []


def test_other_programs_may_still_import_what_is_kept_out(watched: Watched) -> None:
    code = (
        "import sys, edgepose.backends.openvino\n"
        "assert 'openvino_telemetry' not in sys.modules\n"
        "assert not any(name.startswith('openvino_telemetry') for name in sys.modules)\n"
        "print('free')"
    )
    if watched.backend != "openvino":
        pytest.skip("about OpenVINO's telemetry package")
    assert watched.run(code=code) == "free\n"


def test_works_without_any_network(watched: Watched) -> None:
    alone = without_network()
    if not alone:
        pytest.skip("a network namespace cannot be made here")
    assert watched.run(*alone) == "predicted\n"


def test_no_socket_is_opened(watched: Watched, tmp_path: Path) -> None:
    tool = shutil.which("strace")
    trace = tmp_path / "trace"
    calls = (str(tool), "--follow-forks", "--trace=%network", f"--output={trace}")
    if tool is None or subprocess.run([*calls, "true"], capture_output=True).returncode != 0:
        pytest.skip("system calls cannot be traced here")
    watched.run(*calls, code="import socket; socket.socket().close(); print()")
    assert "socket(" in trace.read_text(encoding="utf-8")
    assert watched.run(*calls) == "predicted\n"
    assert "socket(" not in trace.read_text(encoding="utf-8")


def test_python_opens_no_socket(watched: Watched) -> None:
    """Where system calls cannot be traced, at least what goes through Python is seen."""
    guard = (
        "import sys\n"
        "def hook(event, _):\n"
        "    assert not event.startswith('socket.'), event\n"
        "sys.addaudithook(hook)\n"
    )
    assert watched.run(code=guard + PREDICT) == "predicted\n"
