# SPDX-License-Identifier: Apache-2.0
"""The models by name: in the package, and to be fetched."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_pose

from edgepose import models
from edgepose.errors import InputError, ModelError
from edgepose.models import WEIGHTS, ModelEntry, Release, list_models, resolve
from edgepose.spec import read_spec

ENTRIES = list_models()
NAMES = ["hrnet-s", "hrnet-s-int8", "det-n", "det-n-int8"]
RELEASED = ["hrnet-n", "mspn-s", "paf-s"]
RELEASES = Path(__file__).parents[1] / "models"


def test_lists_the_default_first() -> None:
    assert [entry.name for entry in ENTRIES] == NAMES + RELEASED
    assert [entry.task for entry in ENTRIES[:4]] == ["top_down"] * 2 + ["detector"] * 2
    assert [entry.name for entry in ENTRIES if entry.release is not None] == RELEASED
    assert all(entry.role for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_entry_is_true(entry: ModelEntry) -> None:
    file = entry.path if entry.release is None else RELEASES / entry.path.name
    if not file.is_file():
        pytest.skip(f"the tree is without {file.name}")
    if entry.release is None:
        assert resolve(entry.name) == file
    front, _, body = entry.card.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    assert "\nmeasured: " in front
    assert body.startswith(f"# {entry.name}\n")
    spec = read_spec(file)
    assert (spec.name, spec.task) == (entry.name, entry.task)


def test_every_weight_is_listed() -> None:
    listed = {path for entry in ENTRIES for path in (entry.path, entry.card)}
    assert {*WEIGHTS.glob("*.onnx"), *WEIGHTS.glob("*.md")} <= listed
    names = {entry.path.name for entry in ENTRIES if entry.release is not None}
    if RELEASES.is_dir():
        assert {path.name for path in RELEASES.glob("*.onnx")} == names


@pytest.mark.parametrize("name", RELEASED)
def test_the_registry_knows_the_released_files(name: str) -> None:
    entry = next(entry for entry in ENTRIES if entry.name == name)
    file = RELEASES / entry.path.name
    if not file.is_file():
        pytest.skip(f"the tree is without {file.name}")
    assert entry.release is not None
    assert entry.release.bytes == file.stat().st_size
    assert entry.release.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert entry.release.is_file(file)
    assert entry.release.url.endswith(f"/{file.name}")
    assert entry.card.is_file(), "a released model's card is in the package"


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    """A released model whose file is not there yet."""
    file = write_pose(tmp_path / "original.onnx")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    release = Release("{base}/tiny.onnx", file.stat().st_size, digest)
    entry = ModelEntry("tiny", "top_down", "test", tmp_path / "tiny.onnx", tmp_path, release)
    monkeypatch.setattr(models, "list_models", lambda: (entry,))
    return entry


def test_a_model_that_is_not_fetched_says_how(released: ModelEntry, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"fetches 0\.0 MB: edgepose models pull tiny$"):
        resolve("tiny")
    content = (tmp_path / "original.onnx").read_bytes()
    released.path.write_bytes(content)
    assert resolve("tiny") == released.path
    for wrong in (content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
        released.path.write_bytes(wrong)
        with pytest.raises(ModelError, match=r"edgepose models pull tiny --replace$"):
            resolve("tiny")


def test_pose_looks_for_it_and_opens_no_connection(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "def hook(event, _):\n"
        "    assert not event.startswith(('socket.', 'urllib.')), event\n"
        "sys.addaudithook(hook)\n"
        "import edgepose\n"
        "try:\n"
        "    edgepose.Pose('hrnet-n')\n"
        "except edgepose.ModelError as error:\n"
        "    print(error)\n"
        "print(edgepose.models.models_folder())\n"
        "assert 'edgepose.download' not in sys.modules\n"
    )
    root = str(Path(models.__file__).parents[1])
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    environment |= {"LOCALAPPDATA": str(tmp_path), "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,  # a source tree without its core may be where the tests run
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said, folder = done.stdout.splitlines()
    assert said.endswith("fetches 4.2 MB: edgepose models pull hrnet-n")
    assert Path(folder).parts[-2:] == ("edgepose", "models")
    if sys.platform == "linux":
        assert folder == str(tmp_path / "data" / "edgepose" / "models")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [str, Path], ids=["text", "path"])
def test_file(tmp_path: Path, make: Any) -> None:
    file = tmp_path / "own"  # no suffix, but it is there
    file.touch()
    assert resolve(make(file)) == file


def test_name_without_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ModelEntry("lost", "detector", "test", tmp_path / "lost.onnx", tmp_path / "lost.md")
    monkeypatch.setattr(models, "list_models", lambda: (lost,))
    with pytest.raises(ModelError, match="installed without the weights of 'lost'"):
        resolve("lost")


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("", InputError, "model must be a name or a path; got ''"),
        (None, InputError, "model must be a name or a path; got None"),
        (b"det-n", InputError, "model must be a name or a path"),
        (
            "hrnet",
            InputError,
            f"model must be a file or one of {', '.join(NAMES + RELEASED)}; got 'hrnet'",
        ),
        ("none.onnx", ModelError, "none.onnx: no such model file"),
        ("none/hrnet-s", ModelError, "no such model file"),
        (Path("hrnet-s"), ModelError, "hrnet-s: no such model file"),
        (Path(), ModelError, "no such model file"),
        ("a\0b.onnx", ModelError, "no such model file"),
        ("x" * 5000 + ".onnx", ModelError, "no such model file"),
    ],
    ids=["empty", "none", "bytes", "name", "file", "folder", "path", "dot", "zero_byte", "long"],
)
def test_refuses(
    model: Any,
    kind: type[Exception],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind) as caught:
        resolve(model)
    assert message in str(caught.value)
