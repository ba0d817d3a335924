# SPDX-License-Identifier: Apache-2.0
"""A released model: fetched, held against its entry of the registry, put where it is looked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from edgepose.download.source import Stream, check_address, is_file_address, open_source
from edgepose.errors import DownloadError, EdgePoseError, InputError, ModelError, SpecError
from edgepose.models import ModelEntry, Release, list_models, models_folder, release_base
from edgepose.spec import read_spec

# Stands in for the registry's address of the releases.
VARIABLE = "EDGEPOSE_MODELS_URL"
CHUNK = 1 << 16
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of it.

    Attributes:
        entry: The model.
        path: Its file.
        is_new: Whether it was fetched; otherwise it had been there.
    """

    entry: ModelEntry
    path: Path
    is_new: bool


def pull(
    name: str,
    folder: Path | None = None,
    *,
    source: str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Pulled:
    """Fetches a model that is not in the package.

    The file appears in the folder whole or not at all, with the size and the SHA-256 that the
    package knows, and with the contract of the model that was asked for.

    Args:
        name: Of a model of `edgepose.models.list_models` with a release.
        folder: Where to put it, made if need be; None for `models_folder()`, where
            `edgepose.Pose` looks.
        source: Address or folder of the release files, instead of the variable
            EDGEPOSE_MODELS_URL or the registry's address.
        replace: Fetch it though another file of its name is there.
        progress: Called with bytes done and bytes in all.

    Raises:
        InputError: An unknown name, a model of the package, a source of another kind, none at
            all, or another file of its name is there.
        DownloadError: It cannot be reached, read or written, or is not the released one.

    Example:
        >>> pull("hrnet-n", source="/media/stick").path.name  # doctest: +SKIP
        'hrnet-n.onnx'
    """
    entry, release = _released(name)
    target = (models_folder() if folder is None else Path(folder)) / entry.path.name
    if target.exists() and not replace:
        if release.is_file(target):
            return Pulled(entry, target, is_new=False)
        raise InputError(f"{target}: another file is there already; replace it or name a folder")
    place = _place(entry, release, source)
    with _new_file(target) as (file, partial), open_source(place) as stream:
        _copy(stream, file, release, progress)
        file.flush()
        os.fsync(file.fileno())  # the content is safe before the name points to it
        _check_contract(partial, entry)
    return Pulled(entry, target, is_new=True)


def _released(name: str) -> tuple[ModelEntry, Release]:
    entries = {entry.name: entry for entry in list_models()}
    entry = entries.get(name)
    if entry is None or entry.release is None:
        names = ", ".join(other.name for other in entries.values() if other.release is not None)
        what = "it lies in the package" if entry is not None else "unknown"
        raise InputError(f"the models to fetch are {names}; got {name!r}: {what}")
    return entry, entry.release


def _place(entry: ModelEntry, release: Release, source: str | None) -> str:
    """Where the file is: an address or a path."""
    base = source or os.environ.get(VARIABLE, "").strip() or release_base()
    if not base and "{base}" in release.url:
        raise InputError(
            f"no address of releases is set: edgepose has none of its own yet; give one, or the "
            f"folder where {entry.path.name} lies, by --from or {VARIABLE}"
        )
    if base and "://" not in base:
        return str(Path(base) / entry.path.name)
    if base and not is_file_address(base):
        check_address(base)  # before a name is put behind it, which could pass for a host
    return release.url.replace("{base}", base.rstrip("/"))


def _copy(stream: Stream, file: BinaryIO, release: Release, progress: Progress | None) -> None:
    """Copies and counts; never writes more than the release has."""
    expected = release.bytes
    if stream.length not in (None, expected):
        raise DownloadError(f"{stream.place}: must have {expected} bytes; got {stream.length}")
    digest, done = sha256(), 0
    while chunk := stream.read(CHUNK):
        done += len(chunk)
        if done > expected:
            raise DownloadError(f"{stream.place}: must have {expected} bytes; got more")
        digest.update(chunk)
        file.write(chunk)
        if progress is not None:
            progress(done, expected)
    if done < expected:
        raise DownloadError(f"{stream.place}: must have {expected} bytes; it ended after {done}")
    if digest.hexdigest() != release.sha256:
        raise DownloadError(
            f"{stream.place}: is not the released file: its SHA-256 must be {release.sha256}; "
            f"got {digest.hexdigest()}"
        )


def _check_contract(path: Path, entry: ModelEntry) -> None:
    try:
        spec = read_spec(path)
    except (ModelError, SpecError) as error:
        raise DownloadError(f"{entry.path.name}: no model with a contract: {error}") from error
    if (spec.name, spec.task) != (entry.name, entry.task):
        raise DownloadError(
            f"{entry.path.name}: must be {entry.name!r} for task {entry.task!r}; "
            f"got {spec.name!r} for {spec.task!r}"
        )


@contextmanager
def _new_file(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside the target that takes its name at the end, unless something goes wrong."""
    partial = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                yield file, partial
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except EdgePoseError:
        raise
    except OSError as error:
        raise DownloadError(f"cannot write {target}: {error.strerror or error}") from error
