# SPDX-License-Identifier: Apache-2.0
"""Which pictures a list of files, folders and patterns means."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from edgepose.errors import InputError

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def expand_sources(sources: Sequence[str], *, recursive: bool = False) -> list[Path]:
    """Goes from what a user names to files.

    A file counts whatever its suffix. A folder gives its pictures (by suffix, hidden ones left
    out), without those of its subfolders unless `recursive`. What is neither and has one of
    `*?[` is a pattern, where `**` goes into subfolders. Folders and patterns are in natural order:
    frame 2 before frame 10. A file that is named twice comes once.

    Raises:
        InputError: Nothing is there by a name, or a folder or pattern has no picture.

    Example:
        >>> expand_sources(["me.jpg", "holidays", "frames/*.png"])  # doctest: +SKIP
        [PosixPath('me.jpg'), PosixPath('holidays/1.jpg'), PosixPath('frames/2.png')]
    """
    found: dict[Path, Path] = {}
    for source in sources:
        for path in _expand(source, recursive):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def names_one_file(sources: Sequence[str]) -> bool:
    """Whether the list is a single file by its own name."""
    return len(sources) == 1 and Path(sources[0]).is_file()


def picture_id(path: Path) -> int | str:
    """Id in COCO's manner: 000000000139.jpg is 139; the file's name where it is no number."""
    return int(path.stem) if re.fullmatch(r"[0-9]{1,18}", path.stem) else path.name


def _expand(source: str, recursive: bool) -> list[Path]:
    try:
        path = Path(source)
        if path.is_file():
            return [path]
        if path.is_dir():
            inside = path.rglob("*") if recursive else path.iterdir()
            found = _pictures(item for item in inside if not _hidden(item, path))
            return found or _nothing(f"{source}: the folder has no picture", recursive)
        if any(sign in source for sign in "*?["):
            names = glob.glob(source, recursive=True)  # noqa: PTH207 (Path.glob: no absolute ones)
            found = _pictures(Path(name) for name in names)
            return found or _nothing(f"{source}: no picture fits the pattern", True)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{source}: cannot read: {reason}") from error
    raise InputError(f"{source}: no such file or folder")


def _nothing(message: str, recursive: bool) -> list[Path]:
    known = " ".join(sorted(SUFFIXES))
    hint = "" if recursive else "; --recursive looks into its subfolders"
    raise InputError(f"{message} ({known}){hint}")


def _hidden(item: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in item.relative_to(folder).parts)


def _pictures(items: Iterable[Path]) -> list[Path]:
    return sorted(
        (item for item in items if item.suffix.lower() in SUFFIXES and item.is_file()),
        key=_natural,
    )


def _natural(path: Path) -> list[tuple[list[tuple[int, int, str]], str]]:
    """Sorts digits by their value, folder by folder; the text itself decides between 01 and 1."""
    return [
        (
            [(0, int(run), "") if run.isdecimal() else (1, 0, run.casefold()) for run in runs],
            part,
        )
        for part in path.parts
        for runs in [[run for run in re.split(r"([0-9]+)", part) if run]]
    ]
