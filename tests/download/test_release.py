# SPDX-License-Identifier: Apache-2.0
"""Released models: kept whole and right, or not at all."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_centers, write_pose

from edgepose.download import pull
from edgepose.errors import DownloadError, InputError
from edgepose.models import ModelEntry, Release, resolve


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_from_a_server(entry: ModelEntry, server: Any, content: bytes) -> None:
    seen: list[tuple[int, int]] = []
    done = pull("tiny-pose", source=f"{server.address}/good/", progress=lambda *at: seen.append(at))
    assert (done.entry, done.path, done.is_new) == (entry, entry.path, True)
    assert done.path.read_bytes() == content
    assert files(done.path.parent) == ["tiny-pose.onnx"]
    assert server.seen == ["/good/tiny-pose.onnx"]
    assert seen[-1] == (len(content), len(content))
    assert resolve("tiny-pose") == done.path


def test_an_answer_may_be_without_its_length(entry: ModelEntry, server: Any) -> None:
    assert pull("tiny-pose", source=f"{server.address}/untold").is_new


@pytest.mark.parametrize("how", ["folder", "file-address", "variable"])
def test_from_a_folder(
    entry: ModelEntry, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stick = tmp_path / "a stick"
    stick.mkdir()
    (stick / "tiny-pose.onnx").write_bytes(content)
    source: str | None = stick.as_uri() if how == "file-address" else str(stick)
    if how == "variable":
        monkeypatch.setenv("EDGEPOSE_MODELS_URL", str(stick))
        source = None
    done = pull("tiny-pose", tmp_path / "to" / "deep", source=source)
    assert done.path == tmp_path / "to" / "deep" / "tiny-pose.onnx"
    assert done.path.read_bytes() == (stick / "tiny-pose.onnx").read_bytes() == content


def test_what_is_there_is_not_fetched_again(entry: ModelEntry, server: Any) -> None:
    pull("tiny-pose", source=f"{server.address}/good")
    assert not pull("tiny-pose", source=f"{server.address}/good").is_new
    assert len(server.seen) == 1
    assert pull("tiny-pose", source=f"{server.address}/good", replace=True).is_new
    assert len(server.seen) == 2


def test_another_file_is_only_replaced_if_wanted(
    entry: ModelEntry, server: Any, content: bytes
) -> None:
    entry.path.parent.mkdir()
    entry.path.write_bytes(b"mine")
    with pytest.raises(InputError, match="another file is there already"):
        pull("tiny-pose", source=f"{server.address}/good")
    assert entry.path.read_bytes() == b"mine"
    with pytest.raises(DownloadError):
        pull("tiny-pose", source=f"{server.address}/404", replace=True)
    assert entry.path.read_bytes() == b"mine"
    pull("tiny-pose", source=f"{server.address}/good", replace=True)
    assert entry.path.read_bytes() == content


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("404", r"tiny-pose.onnx: not found \(404"),
        ("500", r"the server refuses \(500"),
        ("large", "must have [0-9]+ bytes; got [0-9]+$"),
        ("endless", "must have [0-9]+ bytes; got more"),
        ("short", "it ended after 100"),
        ("cut", "it ended after 100|broke off"),
        ("changed", "is not the released file: its SHA-256 must be"),
        ("moved", "redirected to http://127.0.0.1:[0-9]+/good/m.onnx, which is not https"),
        ("moved-file", "the server refuses .302"),
    ],
)
def test_what_is_not_right_is_not_kept(
    entry: ModelEntry, server: Any, way: str, message: str
) -> None:
    with pytest.raises(DownloadError, match=message):
        pull("tiny-pose", source=f"{server.address}/{way}")
    assert files(entry.path.parent) == []
    assert len(server.seen) == 1


def test_nobody_answers(entry: ModelEntry, server: Any) -> None:
    address = server.address.replace("127.0.0.1", "localhost").rpartition(":")[0]
    with pytest.raises(DownloadError, match=r"cannot be reached: .*; without a network"):
        pull("tiny-pose", source=f"{address}:9/x")


@pytest.mark.parametrize(
    ("name", "source", "kind", "message"),
    [
        ("", "x", InputError, "the models to fetch are tiny-pose; got '': unknown"),
        ("own", "x", InputError, "got 'own': it lies in the package"),
        ("tiny-pose", None, InputError, "no address of releases is set.*EDGEPOSE_MODELS_URL"),
        ("tiny-pose", "http://example.org", InputError, "got 'http://example.org'"),
        ("tiny-pose", "http://", InputError, "a source must be an address https://"),
        ("tiny-pose", "ftp://127.0.0.1", InputError, "a source must be an address https://"),
        ("tiny-pose", "https://", InputError, "a source must be an address https://"),
        ("tiny-pose", "https://[", InputError, "a source must be an address https://"),
        ("tiny-pose", "file://host/x", InputError, "a file of this machine"),
        ("tiny-pose", "no/folder", DownloadError, "cannot read .*No such file"),
    ],
    ids=[
        *("empty", "package", "no-address", "http", "no-host", "ftp", "no-https-host", "broken"),
        *("file-host", "no-folder"),
    ],
)
def test_refuses(
    entry: ModelEntry, name: str, source: str | None, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        pull(name, source=source)
    assert files(entry.path.parent) == []


def test_a_full_disk(
    entry: ModelEntry, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("edgepose.download.release.os.fsync", full)
    with pytest.raises(DownloadError, match=r"cannot write .*tiny-pose.onnx: No space left"):
        pull("tiny-pose", source=f"{server.address}/good")
    assert files(entry.path.parent) == []


def test_a_folder_that_cannot_be(entry: ModelEntry, server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="cannot write"):
        pull("tiny-pose", tmp_path / "file", source=f"{server.address}/good")


@pytest.mark.parametrize("what", ["no-contract", "task", "name"])
def test_the_file_must_be_the_model(
    entry: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Size and hash are right and the registry is not."""
    stick = tmp_path / "stick"
    stick.mkdir()
    file = stick / "tiny-pose.onnx"
    if what == "task":
        write_centers(file)
    else:
        write_pose(file, {} if what == "no-contract" else None)
    content = file.read_bytes()
    release = Release("{base}/tiny-pose.onnx", len(content), sha256(content).hexdigest())
    wrong = replace(entry, release=release, name="other" if what == "name" else entry.name)
    monkeypatch.setattr("edgepose.download.release.list_models", lambda: (wrong,))
    message = "no model with a contract" if what == "no-contract" else f"must be '{wrong.name}'"
    with pytest.raises(DownloadError, match=message):
        pull(wrong.name, source=str(stick))
    assert files(entry.path.parent) == []
