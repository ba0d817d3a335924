# SPDX-License-Identifier: Apache-2.0
"""Boxes that a user gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import AnnotationError
from edgepose.io.given_boxes import boxes_of, read_given_boxes


def written(folder: Path, content: Any) -> Path:
    file = folder / "boxes.json"
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("content", [{}, []], ids=["object", "list"])
def test_nothing(tmp_path: Path, content: Any) -> None:
    assert read_given_boxes(written(tmp_path, content)) == {}
    assert boxes_of({}, [], "boxes.json") == {}


def test_by_name(tmp_path: Path) -> None:
    found = read_given_boxes(written(tmp_path, {"a.jpg": [[1, 2, 3, 4.5], [0, 0, 9, 9]], "b": []}))
    assert list(found) == ["a.jpg", "b"]
    np.testing.assert_array_equal(found["a.jpg"], [[1, 2, 3, 4.5], [0, 0, 9, 9]])
    assert found["b"].shape == (0, 4)


def test_coco_results(tmp_path: Path) -> None:
    rows = [
        {"image_id": 139, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5},
        {"image_id": 139, "category_id": 2, "bbox": [0, 0, 9, 9]},
        {"image_id": "a.jpg", "bbox": [0, 0, 1, 1]},
        {"file_name": "b.jpg", "bbox": [0, 0, 2, 2]},
        {"image_id": 139, "bbox": [5, 5, 1, 1]},
    ]
    found = read_given_boxes(written(tmp_path, rows))
    assert list(found) == [139, "a.jpg", "b.jpg"]
    np.testing.assert_array_equal(found[139], [[1, 2, 4, 6], [5, 5, 6, 6]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not valid JSON"),
        (3, "boxes must be a list; got a number"),
        ([3], "boxes[0]: must be an object"),
        ([{"bbox": [0, 0, 1, 1]}], "boxes[0]: image_id is missing"),
        ([{"image_id": 1}], "boxes[0]: bbox is missing"),
        ([{"image_id": 1, "bbox": [0, 0, 0, 1]}], "positive width and height"),
        ([{"image_id": 1.5, "bbox": [0, 0, 1, 1]}], "image_id must be a whole number"),
        ({"a.jpg": 3}, "a.jpg: must be a list of boxes"),
        ({"a.jpg": [3]}, "a.jpg[0]: box must be a list of 4 numbers"),
        ({"a.jpg": [[0, 0, 1]]}, "a.jpg[0]: box must hold 4 numbers; got 3"),
        ({"a.jpg": [[0, 0, 1, 1], [5, 5, 1, 9]]}, "a.jpg[1]: a box must have a positive width"),
        ('{"a.jpg": [[0, 0, 1, NaN]]}', "box must be finite"),
    ],
)
def test_wrong_files(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(AnnotationError) as error:
        read_given_boxes(written(tmp_path, content))
    assert message in str(error.value)
    assert "boxes.json" in str(error.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="cannot read"):
        read_given_boxes(tmp_path / "gone.json")


ONE, TWO = np.ones((1, 4)), np.ones((2, 4))


@pytest.mark.parametrize("key", ["in/a/7.jpg", "a/7.jpg", "7.jpg", 7, "7"], ids=str)
def test_pictures_are_found_by_path_name_or_number(key: int | str) -> None:
    path = Path("in/a/7.jpg")
    assert boxes_of({key: ONE}, [path], "boxes.json") == {path: ONE}


def test_the_longer_name_counts() -> None:
    a, b = Path("a/x.jpg"), Path("b/x.jpg")
    found = boxes_of({"x.jpg": ONE, "b/x.jpg": TWO}, [a, b, Path("c.jpg")], "boxes.json")
    assert found[a] is ONE
    assert found[b] is TWO
    assert set(found) == {a, b}


def test_boxes_for_none_of_the_pictures() -> None:
    with pytest.raises(AnnotationError) as error:
        boxes_of({"b.jpg": ONE}, [Path("a.jpg")], "boxes.json")
    assert str(error.value) == (
        "boxes.json: must have boxes for pictures such as a.jpg; it has b.jpg"
    )
