# SPDX-License-Identifier: Apache-2.0
"""Files, folders and patterns to pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgepose.errors import InputError
from edgepose.io.sources import expand_sources, names_one_file, picture_id


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with pictures, other files, a subfolder; the current folder."""
    for name in (
        *("in/f10.jpg", "in/f9.JPG", "in/F1.png", "in/f09.jpg", "in/notes.txt"),
        *("in/.hidden.jpg", "in/.thumbs/a.jpg", "in/sub2/b.png", "in/sub10/b.png"),
        *("none/readme.md", "odd[1].jpg", "raw.data"),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "in" / "folder.jpg").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expand(*sources: str, recursive: bool = False) -> list[str]:
    return [path.as_posix() for path in expand_sources(sources, recursive=recursive)]


def test_nothing() -> None:
    assert expand_sources([]) == []


IN_ORDER = ["in/F1.png", "in/f09.jpg", "in/f9.JPG", "in/f10.jpg"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["raw.data"], ["raw.data"]),
        (["in"], IN_ORDER),
        (["in/*.jpg"], ["in/f09.jpg", "in/f10.jpg"]),
        (["in/f?.*"], ["in/f9.JPG"]),
        (["in/**/b.png"], ["in/sub2/b.png", "in/sub10/b.png"]),
        (["odd[1].jpg"], ["odd[1].jpg"]),
        (["in/f10.jpg", "in", "./in/f9.JPG"], ["in/f10.jpg", *IN_ORDER[:3]]),
    ],
    ids=["any-suffix", "folder", "pattern", "one-letter", "deep", "a-name-with-brackets", "twice"],
)
def test_sources(sources: list[str], found: list[str]) -> None:
    assert expand(*sources) == found


@pytest.mark.usefixtures("folder")
def test_subfolders_on_demand() -> None:
    assert expand("in", recursive=True) == [*IN_ORDER, "in/sub2/b.png", "in/sub10/b.png"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("gone.jpg", "gone.jpg: no such file or folder"),
        ("", "no picture"),
        ("none", "none: the folder has no picture"),
        ("in/*.bmp", "in/*.bmp: no picture fits the pattern"),
        ("a\0b", "no such file or folder"),
        ("x" * 5000, "cannot read"),
    ],
    ids=["file", "here", "folder", "pattern", "zero-byte", "too-long"],
)
def test_nothing_there(folder: Path, source: str, message: str) -> None:
    (folder / "odd[1].jpg").unlink()
    with pytest.raises(InputError) as error:
        expand(source)
    assert message in str(error.value)


def test_folder_says_how_to_look_deeper(folder: Path) -> None:
    with pytest.raises(InputError, match="--recursive"):
        expand("none")
    with pytest.raises(InputError) as error:
        expand("none", recursive=True)
    assert "--recursive" not in str(error.value)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("sources", "one"),
    [(["raw.data"], True), (["in"], False), (["in/*.png"], False), (["raw.data"] * 2, False)],
    ids=["file", "folder", "pattern", "two"],
)
def test_one_file(sources: list[str], one: bool) -> None:
    assert names_one_file(sources) is one


@pytest.mark.parametrize(
    ("name", "found"),
    [("a/000000000139.jpg", 139), ("139.png", 139), ("a1.jpg", "a1.jpg"), ("٣.jpg", "٣.jpg")],
    ids=["coco", "short", "name", "not-ascii"],
)
def test_picture_id(name: str, found: int | str) -> None:
    assert picture_id(Path(name)) == found
