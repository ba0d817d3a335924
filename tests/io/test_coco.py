# SPDX-License-Identifier: Apache-2.0
"""Reading and writing COCO keypoint files."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import AnnotationError
from edgepose.io.coco import read_coco
from edgepose.io.coco_results import read_boxes, read_keypoint_results, write_keypoint_results

VALID: dict[str, Any] = {
    "images": [
        {"id": 5, "file_name": "a.png", "width": 40, "height": 30},
        {"id": 9, "file_name": "b.png"},
    ],
    "categories": [
        {"id": 1, "name": "car"},
        {"id": 3, "name": "person", "keypoints": ["head", "foot"], "skeleton": [[1, 2]]},
    ],
    "annotations": [
        {
            "id": 11,
            "image_id": 9,
            "category_id": 3,
            "bbox": [1, 2, 10, 20],
            "area": 100.5,
            "keypoints": [3, 4, 2, 0, 0, 0],
            "num_keypoints": 1,
        },
        {"id": 12, "image_id": 5, "category_id": 1, "bbox": "not read"},
        {
            "id": 13,
            "image_id": 5,
            "category_id": 3,
            "iscrowd": 1,
            "bbox": [0, 0, 5, 5],
            "keypoints": [0, 0, 0, 0, 0, 0],
        },
    ],
}


def _write(folder: Path, content: Any) -> Path:
    path = folder / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_columns(tmp_path: Path) -> None:
    data = read_coco(_write(tmp_path, VALID))
    assert [(i.id, i.file_name, i.width, i.height) for i in data.images] == [
        (5, "a.png", 40, 30),
        (9, "b.png", None, None),
    ]
    assert data.category_id == 3
    assert data.keypoint_names == ("head", "foot")
    assert data.edges == ((0, 1),)
    assert data.sigmas is None
    people = data.persons
    assert people.image_id.tolist() == [9, 5]
    assert people.annotation_id.tolist() == [11, 13]
    assert people.box.tolist() == [[1, 2, 11, 22], [0, 0, 5, 5]]
    assert people.xy[0].tolist() == [[3, 4], [0, 0]]
    assert people.visible.tolist() == [[True, False], [False, False]]
    np.testing.assert_array_equal(people.area, [100.5, np.nan])
    assert people.crowd.tolist() == [False, True]
    assert people.counts.tolist() == [True, False]


def test_no_annotation_is_an_empty_set(tmp_path: Path) -> None:
    data = read_coco(_write(tmp_path, {**VALID, "annotations": []}))
    assert len(data.persons) == 0
    assert data.persons.xy.shape == (0, 2, 2)


def test_head_keeps_the_first_pictures_and_their_people(tmp_path: Path) -> None:
    data = read_coco(_write(tmp_path, VALID)).head(1)
    assert [image.id for image in data.images] == [5]
    assert data.persons.annotation_id.tolist() == [13]


def test_category_can_be_named(tmp_path: Path) -> None:
    content = copy.deepcopy(VALID)
    content["categories"].append({"id": 4, "name": "cat", "keypoints": ["tail"], "sigmas": [0.05]})
    path = _write(tmp_path, content)
    assert read_coco(path).keypoint_names == ("head", "foot")
    cat = read_coco(path, category="cat")
    assert cat.keypoint_names == ("tail",)
    assert cat.sigmas == (0.05,)
    with pytest.raises(AnnotationError, match="a category 'dog' with keypoints"):
        read_coco(path, category="dog")


Change = Callable[[dict[str, Any]], object]

WRONG: list[tuple[str, Change, str]] = [
    ("no images", lambda d: d.pop("images"), "images is missing"),
    ("empty images", lambda d: d.update(images=[]), "images is empty"),
    ("images object", lambda d: d.update(images={}), "images must be a list; got an object"),
    ("image number", lambda d: d["images"].append(3), r"images\[2\]: must be an object"),
    ("image id", lambda d: d["images"][0].pop("id"), r"images\[0\]: id is missing"),
    ("image twice", lambda d: d["images"][1].update(id=5), r"images\[1\] \(id 5\): id 5 occurs"),
    (
        "file name",
        lambda d: d["images"][0].update(file_name=7),
        r"images\[0\] \(id 5\): file_name must be a string; got 7",
    ),
    ("width", lambda d: d["images"][0].update(width=0), "width must be positive; got 0"),
    ("no category", lambda d: d["categories"].pop(), "a category with keypoints; got 'car'"),
    (
        "two categories",
        lambda d: (
            d["categories"].extend(
                [
                    {"id": 7, "name": "x", "keypoints": ["a"]},
                    {"id": 8, "name": "y", "keypoints": ["a"]},
                ]
            )
            or d["categories"].pop(1)
        ),
        "a category with keypoints; got 'x', 'y'",
    ),
    (
        "same names",
        lambda d: d["categories"][1].update(keypoints=["head", "head"]),
        r"categories\[1\] \(id 3\): keypoints must have distinct names",
    ),
    (
        "names",
        lambda d: d["categories"][1].update(keypoints=["head", 2]),
        "keypoints must be a list of strings",
    ),
    (
        "skeleton",
        lambda d: d["categories"][1].update(skeleton=[[0, 1]]),
        r"skeleton must hold pairs of 1\.\.2; got \[0, 1\]",
    ),
    ("sigmas", lambda d: d["categories"][1].update(sigmas=[0.1, 0]), "sigmas must be positive"),
    ("annotation id", lambda d: d["annotations"][2].update(id=11), "id 11 occurs more than once"),
    (
        "unknown image",
        lambda d: d["annotations"][0].update(image_id=6),
        r"annotations\[0\] \(id 11\): image_id 6 is not among the images",
    ),
    (
        "keypoint count",
        lambda d: d["annotations"][0].update(keypoints=[1, 2, 2]),
        "keypoints must hold 6 numbers; got 3",
    ),
    (
        "keypoint text",
        lambda d: d["annotations"][0].update(keypoints=[1, 2, 2, 0, 0, "0"]),
        "keypoints must hold numbers only",
    ),
    (
        "keypoint NaN",
        lambda d: d["annotations"][0].update(keypoints=[1, 2, 2, 0, 0, float("nan")]),
        "keypoints must be finite",
    ),
    (
        "no keypoints",
        lambda d: d["annotations"][0].pop("keypoints"),
        r"annotations\[0\] \(id 11\): keypoints is missing",
    ),
    (
        "box size",
        lambda d: d["annotations"][0].update(bbox=[1, 2, -3, 4]),
        "bbox must not have a negative size",
    ),
    ("box null", lambda d: d["annotations"][0].update(bbox=None), "list of 4 numbers; got null"),
    ("area", lambda d: d["annotations"][0].update(area=-1), "area must not be negative"),
    ("area text", lambda d: d["annotations"][0].update(area="1"), "area must be a number"),
    (
        "area infinite",
        lambda d: d["annotations"][0].update(area=float("inf")),
        "area must be finite",
    ),
    ("crowd", lambda d: d["annotations"][0].update(iscrowd=2), "iscrowd must be 0 or 1; got 2"),
    (
        "category id",
        lambda d: d["annotations"][0].update(category_id="3"),
        "category_id must be a whole number; got '3'",
    ),
]


@pytest.mark.parametrize(("change", "message"), [r[1:] for r in WRONG], ids=[r[0] for r in WRONG])
def test_wrong_entries_are_named(tmp_path: Path, change: Change, message: str) -> None:
    content = copy.deepcopy(VALID)
    change(content)
    with pytest.raises(AnnotationError, match=r"file\.json: .*" + message):
        read_coco(_write(tmp_path, content))


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "not valid JSON"), ('{"images": [', "not valid JSON"), ("[]", "must be an object")],
    ids=["empty", "cut off", "list"],
)
def test_not_a_keypoint_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AnnotationError, match=r"file\.json: " + message):
        read_coco(_write(tmp_path, text))


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"none\.json: cannot read: No such file"):
        read_coco(tmp_path / "none.json")
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AnnotationError, match="not valid JSON"):
        read_coco(binary)


def test_boxes_by_image(tmp_path: Path) -> None:
    rows = [
        {"image_id": 9, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.25},
        {"image_id": 5, "category_id": 1, "bbox": [0, 0, 9, 9], "score": 0.5},
        {"image_id": 9, "bbox": [0, 0, 1, 1], "score": 0.75},
    ]
    path = _write(tmp_path, rows)
    boxes = read_boxes(path, image_ids={5, 9}, category_id=3)
    assert list(boxes) == [9]
    assert boxes[9].boxes.tolist() == [[1, 2, 4, 6], [0, 0, 1, 1]]
    assert boxes[9].score.tolist() == [0.25, 0.75]
    assert sorted(read_boxes(path)) == [5, 9]
    assert read_boxes(_write(tmp_path, [])) == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_id": 4}, r"results\[0\]: image_id 4 is not among the annotated images"),
        ({"bbox": [0, 0, 0, 4]}, r"results\[0\]: bbox must have a positive width"),
        ({"score": None}, r"results\[0\]: score must be a number"),
    ],
)
def test_wrong_boxes(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    row = {"image_id": 9, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.25, **change}
    with pytest.raises(AnnotationError, match=message):
        read_boxes(_write(tmp_path, [row]), image_ids={9})


def test_boxes_must_be_a_list(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="results must be a list; got an object"):
        read_boxes(_write(tmp_path, {}))


def test_results_survive_the_round_trip(tmp_path: Path) -> None:
    row = {"image_id": 9, "category_id": 3, "keypoints": [1.5, 2, 0.5, 3, 4, 1], "score": 0.125}
    people = read_keypoint_results(_write(tmp_path, [row]), 2, image_ids={9}, category_id=3)
    assert people.xy.tolist() == [[[1.5, 2], [3, 4]]]
    assert people.keypoint_score.tolist() == [[0.5, 1]]
    assert np.isnan(people.box).all()
    out = tmp_path / "out.json"
    write_keypoint_results(out, people, category_id=3)
    assert json.loads(out.read_text(encoding="utf-8")) == [row]
    with pytest.raises(AnnotationError, match="cannot write"):
        write_keypoint_results(tmp_path / "none" / "out.json", people)
    with pytest.raises(AnnotationError, match="must hold 9 numbers; got 6"):
        read_keypoint_results(out, 3)


def test_no_results(tmp_path: Path) -> None:
    people = read_keypoint_results(_write(tmp_path, []), 17)
    assert people.xy.shape == (0, 17, 2)
    write_keypoint_results(tmp_path / "out.json", people)
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("part", "images", "persons", "keypoints"),
    [("coco", 300, 893, 17), ("lspet", 491, 491, 14)],
)
def test_reads_real_files(
    shared_dir: Path, part: str, images: int, persons: int, keypoints: int
) -> None:
    path = shared_dir / "data" / "people" / part / "person_keypoints_val.json"
    data = read_coco(path)
    assert len(data.images) == images
    assert len(data.persons) == persons
    assert len(data.keypoint_names) == keypoints
    assert data.persons.counts.all()
