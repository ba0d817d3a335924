# SPDX-License-Identifier: Apache-2.0
"""Where released files are read from."""

from __future__ import annotations

import io
import socket
from typing import Any
from urllib.request import Request

import pytest

from edgepose.download import source
from edgepose.download.source import HttpsRedirects, open_source
from edgepose.errors import DownloadError


def test_an_empty_file(tmp_path: Any) -> None:
    (tmp_path / "empty").touch()
    with open_source(str(tmp_path / "empty")) as stream:
        assert (stream.length, stream.read(9)) == (0, b"")


@pytest.mark.parametrize(
    ("to", "follows"),
    [
        ("https://example.org/b", True),
        ("http://example.org/b", False),
        ("http://127.0.0.1/b", False),
        ("//", False),
    ],
    ids=["https", "http", "this-machine", "nowhere"],
)
def test_redirects(to: str, follows: bool) -> None:
    request, body = Request("https://example.org/a"), io.BytesIO(b"moved")
    if follows:
        found = HttpsRedirects().redirect_request(request, body, 302, "", {}, to)
        assert found is not None
        assert found.full_url == to
        return
    with pytest.raises(DownloadError, match="which is not https"):
        HttpsRedirects().redirect_request(request, body, 302, "", {}, to)
    assert body.closed


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with (
            pytest.raises(DownloadError, match=r"nothing came for 0\.05 s"),
            open_source(f"http://127.0.0.1:{port}/x"),
        ):
            pass
