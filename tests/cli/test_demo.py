# SPDX-License-Identifier: Apache-2.0
"""`edgepose demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgepose.cli.demo import PHOTOS
from edgepose.models import list_models
from edgepose.pose import Pose

NAMES = ["astronaut", "photographer"]
NEEDED = ("hrnet-s", "det-n")
WEIGHTS = all(entry.path.is_file() for entry in list_models() if entry.name in NEEDED)


@pytest.fixture
def tiny(scratch: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tiny models in place of the package's."""

    def make(**options: Any) -> Pose:
        return Pose(scratch.pose, scratch.detector, **options)

    monkeypatch.setattr("edgepose.pose.Pose", make)
    return scratch


def test_photos_are_small_and_have_a_provenance() -> None:
    photos = sorted(PHOTOS.glob("*.jpg"))
    assert [photo.stem for photo in photos] == NAMES
    assert sum(photo.stat().st_size for photo in photos) < 300_000
    text = (PHOTOS / "PROVENANCE.md").read_text(encoding="utf-8")
    for photo in photos:
        assert f"`{photo.name}`" in text


def check(output: Path, result: Any, scratch: Any) -> list[dict[str, Any]]:
    """What every run must leave behind; gives the JSON."""
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    written = {file.name for file in output.iterdir()}
    assert written == {"people.json", *(f"{name}.png" for name in NAMES)}
    content: list[dict[str, Any]] = scratch.read(output / "people.json")
    assert [entry["image"] for entry in content] == [f"{name}.jpg" for name in NAMES]
    for entry in content:
        drawn = scratch.pixels((output / entry["image"]).with_suffix(".png"))
        photo = scratch.pixels(PHOTOS / entry["image"])
        assert drawn.shape == photo.shape
        assert (drawn != photo).any() == bool(entry["persons"])
        assert entry["image"] in result.stdout
    for part in ("People found by", "Milliseconds by stage", "detect", "pose", "decode", "total"):
        assert part in result.stdout
    return content


def test_writes_pictures_json_and_tables(tiny: Any) -> None:
    output = tiny.folder / "new" / "demo"
    result = tiny.run("demo", "--output", output, "--threads", "1")
    content = check(output, result, tiny)
    assert {entry["model"] for entry in content} == {"tiny-pose"}
    assert str(output) in result.stdout


def test_folder_that_cannot_be_made(tiny: Any) -> None:
    (tiny.folder / "file").touch()
    result = tiny.run("demo", "--output", tiny.folder / "file")
    assert result.exit_code == 1
    assert result.stderr.startswith("edgepose: cannot write ")


@pytest.mark.skipif(WEIGHTS, reason="the weights are there")
def test_package_without_weights(edgepose: Any, tmp_path: Path) -> None:
    result = edgepose("demo", "--output", tmp_path)
    assert result.exit_code == 1
    assert "installed without the weights" in result.stderr


@pytest.mark.skipif(not WEIGHTS, reason="the weights are not in the package yet")
def test_embedded_models_find_the_people(scratch: Any) -> None:
    output = scratch.folder / "demo"
    content = check(output, scratch.run("demo", "--output", output), scratch)
    astronaut, photographer = (entry["persons"] for entry in content)
    # She looks at the camera: her left is at the right of the picture.
    names = content[0]["keypoint_names"]
    her = dict(zip(names, astronaut[0]["keypoints"], strict=True))
    for name, (x, y) in {
        "nose": (222, 118),
        "left_eye": (247, 102),
        "right_eye": (202, 100),
    }.items():
        assert abs(her[name][0] - x) < 45, name
        assert abs(her[name][1] - y) < 45, name
    # Where her shoulders end under the suit is not to be seen: sides and order only.
    assert her["right_shoulder"][0] < her["nose"][0] < her["left_shoulder"][0]
    assert min(her["right_shoulder"][1], her["left_shoulder"][1]) > her["nose"][1]
    his = dict(zip(names, photographer[0]["keypoints"], strict=True))
    assert abs(his["nose"][0] - 245) < 45
    assert abs(his["nose"][1] - 150) < 45
    assert len(astronaut) == 1
    # The camera on its tripod may be taken for somebody small, but never for the better one.
    assert all(other["score"] < 0.5 * photographer[0]["score"] for other in photographer[1:])
