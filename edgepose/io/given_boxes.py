# SPDX-License-Identifier: Apache-2.0
"""Reader of boxes that a user gives for pictures by name or number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError
from edgepose.io.coco_fields import Entry, entries_of, load_json
from edgepose.io.sources import picture_id

PERSON = 1  # COCO's category
Key: TypeAlias = "int | str"
Boxes: TypeAlias = NDArray[np.float64]
NO_BOXES: Boxes = np.zeros((0, 4))
NO_BOXES.setflags(write=False)


def read_given_boxes(path: str | Path) -> dict[Key, Boxes]:
    """Reads boxes by picture, in one of two forms.

    - An object of lists by file name: `{"photo.jpg": [[x1, y1, x2, y2], ...]}`, image px.
    - A list as COCO's results: objects with `bbox` [x, y, width, height] and the picture's
      `image_id` (a number or text) or `file_name`. Entries whose `category_id` is not 1, a
      person, are left out; scores are not read.

    Args:
        path: The JSON file.

    Returns:
        [N, 4] x1, y1, x2, y2 image px by file name or id, in the file's order.

    Raises:
        AnnotationError: The file cannot be read, or an entry is wrong.

    Example:
        >>> read_given_boxes("boxes.json")["photo.jpg"].shape  # doctest: +SKIP
        (2, 4)
    """
    file = Path(path)
    root = load_json(file)
    found: dict[Key, list[Boxes]] = {}
    if isinstance(root, dict):
        for name, rows in root.items():
            if not isinstance(rows, list):
                raise AnnotationError(
                    f"{file}: {name}: must be a list of boxes [x1, y1, x2, y2]; "
                    f"got {type(rows).__name__}"
                )
            found[name] = [_xyxy(file, f"{name}[{row}]", box) for row, box in enumerate(rows)]
    else:
        for entry in entries_of(file, root, "boxes"):
            if entry.get("category_id", PERSON) == PERSON:
                found.setdefault(_key(entry), []).append(_sized(entry, entry.box()))
    return {key: np.array(rows, np.float64).reshape(-1, 4) for key, rows in found.items()}


def boxes_of(
    given: dict[Key, Boxes], paths: Sequence[Path], origin: str | Path
) -> dict[Path, Boxes]:
    """The boxes of each picture, by its path, the end of its path, its name or its number.

    Args:
        given: What `read_given_boxes` found.
        paths: Pictures.
        origin: The file that the boxes are from, for the message.

    Returns:
        [N, 4] by picture, without those that the file says nothing about.

    Raises:
        AnnotationError: The file says nothing about any of the pictures.
    """
    found: dict[Path, Boxes] = {}
    for path in paths:
        key = next((key for key in _keys(path) if key in given), None)
        if key is not None:
            found[path] = given[key]
    if paths and not found:
        names = ", ".join(str(key) for key in list(given)[:3]) or "none"
        raise AnnotationError(
            f"{origin}: must have boxes for pictures such as {paths[0].name}; it has {names}"
        )
    return found


def _keys(path: Path) -> list[Key]:
    parts = path.parts
    ends: list[Key] = ["/".join(parts[start:]) for start in range(len(parts))]
    return [str(path), *ends, picture_id(path), path.stem]


def _key(entry: Entry) -> Key:
    if "image_id" not in entry.data and "file_name" in entry.data:
        return entry.string("file_name")
    value = entry.require("image_id")
    return entry.string("image_id") if isinstance(value, str) else entry.integer("image_id")


def _xyxy(file: Path, place: str, box: Any) -> Boxes:
    entry = Entry(file, place, {"box": box})
    return _sized(entry, entry.numbers("box", 4))


def _sized(entry: Entry, box: Boxes) -> Boxes:
    if not (box[2] > box[0] and box[3] > box[1]):
        raise entry.error(f"a box must have a positive width and height; got {box.tolist()}")
    return box
