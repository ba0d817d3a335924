# SPDX-License-Identifier: Apache-2.0
"""What is packed: the labels of a COCO file, or a folder of pictures without people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from edgepose.errors import ImageError, InputError
from edgepose.io.coco import read_coco
from edgepose.io.coco_results import read_boxes
from edgepose.train.shards import Record

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


def read_coco_records(
    annotations: Path, extra_boxes: Path | None = None, images: Path | None = None
) -> list[Record]:
    """Reads a COCO keypoint file as records, one for each picture, in the file's order.

    People without labelled keypoints keep their box, which teaches a detector; a crowd becomes a
    box of score 0, which neither teaches nor punishes it.

    Args:
        annotations: COCO keypoint JSON.
        extra_boxes: COCO results with a detector's boxes of people, labelled ones included.
        images: Folder of the pictures, looked into where the file does not give their size.

    Raises:
        AnnotationError: A file cannot be read, or an entry is wrong.
        ImageError: The size of a picture is not known.
    """
    dataset = read_coco(annotations)
    names = dataset.keypoint_names
    records = {}
    for image in dataset.images:
        width, height = image.width, image.height
        if width is None or height is None:
            if images is None:
                raise ImageError(f"{annotations}: no size of {image.file_name}")
            width, height = _size(images / image.file_name)
        records[image.id] = Record(image.file_name, width, height, names)
    people = dataset.persons
    for row, image_id in enumerate(people.image_id.tolist()):
        box = people.box[row].tolist()
        if not (box[2] > box[0] and box[3] > box[1]):
            continue
        if people.crowd[row]:
            records[image_id].extra_boxes.append([*box, 0.0])
            continue
        points = [
            [x, y, float(seen)]
            for (x, y), seen in zip(
                people.xy[row].tolist(), people.visible[row].tolist(), strict=True
            )
        ]
        records[image_id].persons.append({"box": box, "keypoints": points})
    if extra_boxes is not None:
        found = read_boxes(extra_boxes, image_ids=set(records), category_id=dataset.category_id)
        for image_id, rows in found.items():
            for box, score in zip(rows.boxes.tolist(), rows.score.tolist(), strict=True):
                records[image_id].extra_boxes.append([*box, score])
    return list(records.values())


def background_records(folder: Path) -> Iterator[Record]:
    """Yields the pictures of a folder, by name, as records without people.

    Raises:
        InputError: It is no folder.
        ImageError: A picture cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"expected a folder of pictures; got {folder}")
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in PICTURES:
            yield Record(path.name, *_size(path), ())


def _size(path: Path) -> tuple[int, int]:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ImageError(f"cannot read picture {path}")
    return picture.shape[1], picture.shape[0]
