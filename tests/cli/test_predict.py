# SPDX-License-Identifier: Apache-2.0
"""`edgepose predict`."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest


def numbers(content: Any) -> list[float]:
    """Every number in some JSON."""
    if isinstance(content, dict):
        return [number for value in content.values() for number in numbers(value)]
    if isinstance(content, list):
        return [number for value in content for number in numbers(value)]
    return [content] if isinstance(content, int | float) else []


def test_nobody(scratch: Any) -> None:
    picture = scratch.picture("empty.png", people=0)
    content = json.loads(scratch.predict(picture, "--json", "-").stdout)
    assert content["persons"] == []
    assert "0 people" in scratch.predict(picture).stdout


def test_a_line_per_picture(scratch: Any) -> None:
    one, two = scratch.picture("one.png"), scratch.picture("two.png", people=2)
    result = scratch.predict(one, two)
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{one}: 1 person (0.69), ")
    assert second.startswith(f"{two}: 2 people (0.69, 0.69), ")
    assert result.stderr == ""


def test_json_of_one_file_is_the_object(scratch: Any) -> None:
    picture = scratch.picture("photo.jpg", people=2)
    result = scratch.predict(picture, "--json", "-")
    content = json.loads(result.stdout)
    assert result.stderr == ""
    assert list(content) == [
        *("image", "width", "height", "model", "detector"),
        *("keypoint_names", "persons", "timing_ms"),
    ]
    assert content["image"] == str(picture)
    assert (content["width"], content["height"]) == (64, 64)
    assert (content["model"], content["detector"]) == ("tiny-pose", "tiny-centers")
    assert content["keypoint_names"] == ["red", "green", "blue"]
    assert len(content["persons"]) == 2
    for person in content["persons"]:
        assert len(person["box"]) == 4
        assert [len(point) for point in person["keypoints"]] == [3, 3, 3]
    assert all(math.isfinite(number) for number in numbers(content))
    assert content["timing_ms"]["total"] > 0


@pytest.mark.parametrize("named", ["folder", "pattern", "two files"])
def test_json_of_several_is_a_list_in_natural_order(scratch: Any, named: str) -> None:
    files = [scratch.picture(f"in/frame{number}.png") for number in (10, 2)]
    sources = {
        "folder": [scratch.folder / "in"],
        "pattern": [scratch.folder / "in" / "*.png"],
        "two files": sorted(files, key=lambda file: len(file.name)),
    }[named]
    target = scratch.folder / "people.json"
    scratch.predict(*sources, "--json", target)
    content = scratch.read(target)
    assert [Path(each["image"]).name for each in content] == ["frame2.png", "frame10.png"]
    assert target.read_text().count("\n") == 4


def test_a_folder_with_one_picture_gives_a_list_too(scratch: Any) -> None:
    scratch.picture("in/a.png")
    assert len(json.loads(scratch.predict(scratch.folder / "in", "--json", "-").stdout)) == 1


def test_coco_results(scratch: Any) -> None:
    scratch.picture("in/000000000139.png", people=2)
    scratch.picture("in/photo.png")
    result = scratch.predict(scratch.folder / "in", "--json", "-", "--format", "coco")
    entries = json.loads(result.stdout)
    assert [entry["image_id"] for entry in entries] == [139, 139, "photo.png"]
    assert list(entries[0]) == ["image_id", "category_id", "bbox", "keypoints", "score"]
    assert len(entries[0]["keypoints"]) == 9


def test_coco_needs_different_ids(scratch: Any) -> None:
    files = scratch.picture("a/1.png"), scratch.picture("b/1.png")
    result = scratch.predict(*files, "--json", "-", "--format", "coco", code=1)
    assert "--format coco needs an id for each picture" in result.stderr
    assert result.stdout == ""


def test_openpose_writes_a_file_per_picture(scratch: Any) -> None:
    files = [scratch.picture(f"{folder}/photo.png", people=2) for folder in "ab"]
    target = scratch.folder / "out" / "json"
    scratch.predict(*files, "--format", "openpose", "--json", target)
    names = sorted(file.name for file in target.iterdir())
    assert names == ["photo_2_keypoints.json", "photo_keypoints.json"]
    content = scratch.read(target / names[0])
    assert content["version"] == 1.3
    assert [len(person["pose_keypoints_2d"]) for person in content["people"]] == [54, 54]


def test_openpose_of_one_file(scratch: Any) -> None:
    picture = scratch.picture("photo.png")
    result = scratch.predict(picture, "--format", "openpose", "--json", "-")
    assert json.loads(result.stdout)["people"][0]["person_id"] == [-1]
    scratch.predict(picture, "--format", "openpose", "--json", scratch.folder)
    assert (scratch.folder / "photo_keypoints.json").is_file()


def test_overlays_keep_their_names_and_overwrite_nothing(scratch: Any) -> None:
    files = [
        scratch.picture("a/photo.jpg"),
        scratch.picture("b/photo.jpg"),
        scratch.picture("b/PHOTO_2.png"),
        scratch.picture("c/photo.webp"),
    ]
    before = [file.read_bytes() for file in files]
    out = scratch.folder / "new" / "out"
    scratch.predict(*files, "--save", out)
    names = sorted(file.name for file in out.iterdir())
    assert names == ["PHOTO_2.png", "photo.jpg", "photo_3.jpg", "photo_4.png"]
    assert [file.read_bytes() for file in files] == before
    for name in names:
        drawn = scratch.pixels(out / name)
        assert drawn.shape == (64, 64, 3)
        assert (drawn != scratch.pixels(files[0])).any()


def test_sources_are_never_overwritten(scratch: Any) -> None:
    picture = scratch.picture("photo.png")
    before = picture.read_bytes()
    result = scratch.predict(picture, "--save", scratch.folder, code=1)
    assert "would overwrite" in result.stderr
    assert picture.read_bytes() == before


def test_one_broken_picture_does_not_stop_the_others(scratch: Any) -> None:
    scratch.picture("in/a.png")
    broken = scratch.broken("in/b.png")
    scratch.picture("in/c.png")
    target, out = scratch.folder / "people.json", scratch.folder / "out"
    result = scratch.predict(scratch.folder / "in", "--json", target, "--save", out, code=1)
    said = result.stderr.splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"edgepose: {broken}: ")
    assert said[1] == "edgepose: 1 of 3 pictures could not be used"
    assert [Path(each["image"]).name for each in scratch.read(target)] == ["a.png", "c.png"]
    assert sorted(file.name for file in out.iterdir()) == ["a.png", "c.png"]
    assert len(result.stdout.splitlines()) == 2


def test_a_single_broken_picture(scratch: Any) -> None:
    broken = scratch.broken("photo.png")
    target = scratch.folder / "people.json"
    result = scratch.predict(broken, "--json", target, code=1)
    assert result.stderr.count("\n") == 1
    assert not target.exists()


def test_what_is_done_is_kept_when_the_rest_fails(
    scratch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edgepose.pose import Pose

    call = Pose.__call__

    def stop_at_b(self: Pose, source: Any, *arguments: Any, **options: Any) -> Any:
        if Path(source).name == "b.png":
            raise KeyboardInterrupt
        return call(self, source, *arguments, **options)

    monkeypatch.setattr(Pose, "__call__", stop_at_b)
    files = [scratch.picture(f"{name}.png") for name in "abc"]
    target = scratch.folder / "people.json"
    result = scratch.predict(*files, "--json", target, code=130)
    assert result.stderr == "edgepose: interrupted\n"
    assert [Path(each["image"]).name for each in scratch.read(target)] == ["a.png"]


def test_whole_picture_as_one_person(scratch: Any) -> None:
    picture = scratch.picture("photo.png")
    result = scratch.run("predict", picture, *scratch.alone, "--json", "-")
    content = json.loads(result.stdout)
    assert content["detector"] is None
    assert [person["box"] for person in content["persons"]] == [[-0.5, -0.5, 63.5, 63.5]]


@pytest.mark.parametrize(
    "given",
    [
        {"photo7.png": [[8, 8, 24, 40], [0, 0, 64.5, 64]]},
        [
            {"file_name": "photo7.png", "bbox": [8, 8, 16, 32]},
            {"image_id": "photo7.png", "bbox": [0, 0, 64.5, 64]},
        ],
    ],
    ids=["by-name", "coco"],
)
def test_given_boxes(scratch: Any, given: Any) -> None:
    picture = scratch.picture("photo7.png")
    boxes = scratch.folder / "boxes.json"
    boxes.write_text(json.dumps(given), encoding="utf-8")
    result = scratch.run(
        "predict", picture, "--model", scratch.pose, "--boxes", boxes, "--json", "-"
    )
    assert result.exit_code == 0, result.output
    found = [person["box"] for person in json.loads(result.stdout)["persons"]]
    assert found == [[8.0, 8.0, 24.0, 40.0], [0.0, 0.0, 64.5, 64.0]]


def test_pictures_without_given_boxes_are_said(scratch: Any) -> None:
    files = scratch.picture("a.png"), scratch.picture("b.png")
    boxes = scratch.folder / "boxes.json"
    boxes.write_text('{"a.png": [[0, 0, 64, 64]]}', encoding="utf-8")
    arguments = ("--model", scratch.pose, "--boxes", boxes, "--json", "-")
    result = scratch.run("predict", *files, *arguments)
    assert [len(each["persons"]) for each in json.loads(result.stdout)] == [1, 0]
    assert result.stderr == f"edgepose: {boxes}: no boxes for 1 of 2 pictures: {files[1]}, ...\n"


def test_min_score_leaves_people_out(scratch: Any) -> None:
    picture = scratch.picture("photo.png", people=2)
    result = scratch.predict(picture, "--json", "-", "--min-score", "0.7")
    assert json.loads(result.stdout)["persons"] == []


def test_contracts_and_threads_reach_the_pipeline(
    scratch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []

    class Stop(Exception):
        pass

    def pose(**options: Any) -> None:
        made.append(options)
        raise Stop

    monkeypatch.setattr("edgepose.pose.Pose", pose)
    picture = scratch.picture("photo.png")
    both = (
        "--spec",
        "a.json",
        "--detector-spec",
        "b.json",
        "--threads",
        "2",
        "--min-box-score",
        "0.4",
    )
    where = ("--backend", "openvino", "--device", "GPU", "--strict")
    for more in ((), ("--model", "m", "--detector", "d", *both, *where), ("--detector", "none")):
        assert isinstance(scratch.run("predict", picture, *more).exception, Stop)
    files = {"spec": Path("a.json"), "detector_spec": Path("b.json")}
    nothing: dict[str, Any] = {
        "spec": None,
        "detector_spec": None,
        "threads": None,
        "backend": "onnxruntime",
        "device": None,
        "strict": False,
        "min_box_score": None,
    }
    there = {"backend": "openvino", "device": "GPU", "strict": True}
    assert made == [
        {"model": "hrnet-s", "detector": "det-n", **nothing},
        {"model": "m", "detector": "d", **files, **there, "threads": 2, "min_box_score": 0.4},
        {"model": "hrnet-s", "detector": None, **nothing},
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gone.png"], 1, "gone.png: no such file or folder"),
        (["a.png", "--json", "gone/a.json"], 1, "its folder does not exist"),
        (["a.png", "--json", "."], 1, "it is a folder"),
        (["a.png", "--save", "a.png"], 1, "cannot write a.png"),
        (["a.png", "--boxes", "gone.json"], 1, "gone.json: cannot read"),
        (["a.png", "--boxes", "x.json", "--detector", "d"], 2, "takes the place of a detector"),
        (["a.png", "--format", "xml"], 2, "xml"),
        (["a.png", "--threads", "0"], 2, "threads"),
        (["a.png", "a.jpg", "--format", "openpose", "--json", "-"], 1, "must be a folder"),
        (["a.png", "--model", "gone.onnx"], 1, "gone.onnx"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_arguments(
    scratch: Any,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(scratch.folder)
    scratch.picture("a.png")
    scratch.picture("a.jpg")
    result = scratch.run("predict", *arguments)
    assert result.exit_code == code, result.output
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""
    if code == 1:
        assert result.stderr.count("\n") == 1


def test_no_bar_without_a_terminal(scratch: Any) -> None:
    files = [scratch.picture(f"{name}.png") for name in "ab"]
    assert scratch.predict(*files, "--json", "-").stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
@pytest.mark.parametrize("count", [1, 2])
def test_a_bar_on_a_terminal_for_more_than_one(scratch: Any, count: int) -> None:
    files = [scratch.picture(f"{number}.png") for number in range(count)]
    controller, terminal = os.openpty()
    command = [sys.executable, "-m", "edgepose", "predict", *files, *scratch.models]
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        env=environment,
        check=True,
        cwd=scratch.folder,  # where the package is the installed one, not a source tree
    )
    os.close(terminal)
    os.set_blocking(controller, False)
    try:
        shown = os.read(controller, 1 << 16).decode()
    except OSError:  # nothing was ever written
        shown = ""
    os.close(controller)
    assert ("pictures" in shown) is (count > 1)
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == list(map(str, files))


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_runtime_can_be_chosen(scratch: Any, backend: str) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    photo = scratch.picture("a.png", people=2)
    result = scratch.predict(photo, "--backend", backend, "--device", "cpu", "--strict")
    assert ": 2 people" in result.stdout
