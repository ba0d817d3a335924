# SPDX-License-Identifier: Apache-2.0
"""A released model, and a server of this machine that offers it in good and in bad ways."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_pose

from edgepose import models
from edgepose.models import ModelEntry, Release


@dataclass
class Server:
    """What the server answers, by the way it is asked, and what it was asked.

    Attributes:
        address: http://127.0.0.1:PORT.
        content: Of the file.
        seen: Paths asked for.
    """

    address: str
    content: bytes
    seen: list[str]


class Answers(BaseHTTPRequestHandler):
    """The first folder of a path says how it is answered."""

    server: Any

    def do_GET(self) -> None:
        shared: Server = self.server.shared
        shared.seen.append(self.path)
        way = self.path.split("/")[1]
        content = shared.content
        if way in ("moved", "moved-file"):
            self.send_response(302)
            place = "file:///etc/hosts" if way == "moved-file" else f"{shared.address}/good/m.onnx"
            self.send_header("Location", place)
            self.end_headers()
            return
        if way in ("404", "500"):
            self.send_error(int(way))
            return
        self.send_response(200)
        told = {"good": len(content), "large": len(content) + 1, "cut": len(content)}.get(way)
        if told is not None:
            self.send_header("Content-Length", str(told))
        self.end_headers()
        sent = {"cut": content[:100], "short": content[:100], "endless": content * 9}
        changed = content[:-1] + bytes([content[-1] ^ 1])
        sent |= {"changed": changed}
        try:
            self.wfile.write(sent.get(way, content))
        except OSError:  # whoever asked has hung up
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keeps quiet."""


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    """The release `tiny-pose`, looked for in a folder that does not exist yet; and a package's."""
    file = write_pose(tmp_path / "release.onnx")
    content = file.read_bytes()
    release = Release("{base}/tiny-pose.onnx", len(content), sha256(content).hexdigest())
    card = tmp_path / "card.md"
    found = ModelEntry(
        "tiny-pose", "top_down", "pose", tmp_path / "data" / "tiny-pose.onnx", card, release
    )
    own = ModelEntry("own", "top_down", "pose", file, card)
    for place in ("edgepose.models", "edgepose.download.release", "edgepose.cli.models"):
        monkeypatch.setattr(f"{place}.list_models", lambda: (own, found))
    monkeypatch.setattr("edgepose.download.release.models_folder", lambda: tmp_path / "data")
    monkeypatch.delenv("EDGEPOSE_MODELS_URL", raising=False)
    assert models.list_models() == (own, found)
    return found


@pytest.fixture
def content(entry: ModelEntry, tmp_path: Path) -> bytes:
    return (tmp_path / "release.onnx").read_bytes()


@pytest.fixture
def server(content: bytes) -> Iterator[Server]:
    """Answers on a port of this machine until the test is over."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http:
        shared = Server(f"http://127.0.0.1:{http.server_port}", content, [])
        http.shared = shared  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield shared
        finally:
            http.shutdown()
            thread.join()
