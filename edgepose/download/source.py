# SPDX-License-Identifier: Apache-2.0
"""Opens a released file: an https address, or a file of this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    url2pathname,
)

from edgepose.errors import DownloadError, InputError

# Longest silence of a server, seconds.
TIMEOUT_S = 30.0
HEADERS = {"User-Agent": "edgepose", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Stream:
    """A file to be read from its start.

    Attributes:
        place: Its address or path.
        length: Bytes that it is said to have; None where nobody says.
        read: Gives up to so many bytes, none at the end.

    `read` raises DownloadError where it fails.
    """

    place: str
    length: int | None
    read: Callable[[int], bytes]


@contextmanager
def open_source(place: str) -> Iterator[Stream]:
    """Opens an address or a path.

    Args:
        place: https://, http:// to this machine alone, file://, or a path.

    Raises:
        InputError: Another kind of address.
        DownloadError: It cannot be reached or read.
    """
    if "://" not in place:
        path = Path(place)
    elif is_file_address(place):
        path = _file_of(place)
    else:
        with _open_address(place) as stream:
            yield stream
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise DownloadError(f"cannot read {path}: {error.strerror or error}") from error
    with file:
        yield Stream(str(path), path.stat().st_size, _guarded(file.read, str(path)))


@contextmanager
def _open_address(url: str) -> Iterator[Stream]:
    is_own = check_address(url)
    opener = OpenerDirector()
    proxies: dict[str, str] | None = (
        {} if is_own else None
    )  # what this machine offers itself needs none
    for handler in (
        ProxyHandler(proxies), HTTPHandler(), HTTPSHandler(), HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(), HttpsRedirects(),
    ):  # fmt: skip
        opener.add_handler(handler)
    try:
        answer = opener.open(Request(url, headers=HEADERS), timeout=TIMEOUT_S)  # noqa: S310
    except HTTPError as error:
        with error:
            meaning = "not found" if error.code == 404 else "the server refuses"
            raise DownloadError(f"{url}: {meaning} ({error.code} {error.reason})") from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise DownloadError(
            f"{url}: cannot be reached: {_reason(error)}; without a network, have the file brought "
            f"over and name its folder as the source"
        ) from error
    if answer is None:
        raise DownloadError(f"{url}: no answer")
    with closing(answer):
        length = answer.headers.get("Content-Length", "")
        known = int(length) if length.isascii() and length.isdigit() else None
        yield Stream(url, known, _guarded(answer.read, url))


class HttpsRedirects(HTTPRedirectHandler):
    """Follows redirects to https alone."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The request that follows a redirect.

        Raises:
            DownloadError: It leads elsewhere than to https.
        """
        if urlsplit(newurl).scheme != "https":
            fp.close()
            raise DownloadError(f"{req.full_url}: redirected to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def is_file_address(url: str) -> bool:
    """Whether an address is a file's."""
    return url.lower().startswith("file:")


def check_address(url: str) -> bool:
    """Whether an address is of this machine.

    Raises:
        InputError: It is neither https nor http to this machine.
    """
    scheme, host, is_own = "", "", False
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
        is_own = host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name, or no address at all
        pass
    if host and (scheme == "https" or (scheme == "http" and is_own)):
        return is_own
    raise InputError(
        f"a source must be an address https:// or file:// or a folder (http:// to this machine "
        f"alone); got {url!r}"
    )


def _file_of(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise InputError(f"file:// must name a file of this machine, file:///...; got {url!r}")
    return Path(url2pathname(parts.path))


def _guarded(read: Callable[[int], bytes], place: str) -> Callable[[int], bytes]:
    def guarded(size: int) -> bytes:
        try:
            return read(size)
        except (HTTPException, OSError, ValueError) as error:
            raise DownloadError(f"{place}: broke off: {_reason(error)}") from error

    return guarded


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, socket.timeout):
        return f"nothing came for {TIMEOUT_S:g} s"
    return (isinstance(inner, OSError) and inner.strerror) or str(inner) or type(inner).__name__
