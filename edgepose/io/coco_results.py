# SPDX-License-Identifier: Apache-2.0
"""Reader and writer of COCO results: lists of boxes or keypoints with scores.

Source: the results format page of the COCO data set (Lin et al., Microsoft COCO).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError
from edgepose.io.coco_fields import Entry, entries_of, load_json
from edgepose.metrics.records import PersonPredictions


@dataclass(frozen=True, slots=True, eq=False)
class ImageBoxes:
    """Boxes of one image: xyxy [M,4] in pixels and score [M], in the file's order."""

    boxes: NDArray[np.float64]
    score: NDArray[np.float64]


def _entries(
    path: Path, image_ids: Collection[int] | None, category_id: int | None
) -> list[tuple[int, Entry]]:
    """Entries of the category with their image id, which must be a known one."""
    chosen = []
    for entry in entries_of(path, load_json(path), "results"):
        image_id = entry.integer("image_id")
        if image_ids is not None and image_id not in image_ids:
            raise entry.error(f"image_id {image_id} is not among the annotated images")
        if category_id is None or entry.get("category_id") in (None, category_id):
            chosen.append((image_id, entry))
    return chosen


def read_boxes(
    path: str | Path,
    *,
    image_ids: Collection[int] | None = None,
    category_id: int | None = None,
) -> dict[int, ImageBoxes]:
    """Reads boxes in COCO's results format: objects with image_id, bbox and score.

    Args:
        path: The JSON file.
        image_ids: Ids that may occur; any when None.
        category_id: Keep only entries of this category (or without one).

    Returns:
        Boxes by image id; images without boxes are left out.

    Raises:
        AnnotationError: The file cannot be read, an entry is wrong or its image is not known.

    Example:
        >>> read_boxes("boxes.json")[2261].boxes.shape
        (7, 4)
    """
    found: dict[int, list[tuple[NDArray[np.float64], float]]] = {}
    for image_id, entry in _entries(Path(path), image_ids, category_id):
        box = entry.box()
        if not (box[2] > box[0] and box[3] > box[1]):
            raise entry.error("bbox must have a positive width and height")
        found.setdefault(image_id, []).append((box, entry.number("score")))
    return {
        image_id: ImageBoxes(np.array([box for box, _ in rows]), np.array([s for _, s in rows]))
        for image_id, rows in found.items()
    }


def read_keypoint_results(
    path: str | Path,
    keypoints: int,
    *,
    image_ids: Collection[int] | None = None,
    category_id: int | None = None,
) -> PersonPredictions:
    """Reads keypoints in COCO's results format: image_id, keypoints (x, y, score) and score.

    Args:
        path: The JSON file.
        keypoints: Expected number K of keypoints.
        image_ids: Ids that may occur; any when None.
        category_id: Keep only entries of this category (or without one).

    Returns:
        M people; boxes are NaN where the file has none.

    Raises:
        AnnotationError: The file cannot be read, an entry is wrong or its image is not known.
    """
    entries = _entries(Path(path), image_ids, category_id)
    points = [entry.numbers("keypoints", 3 * keypoints) for _, entry in entries]
    joints = np.array(points, dtype=np.float64).reshape(len(entries), keypoints, 3)
    unknown = np.full(4, np.nan)
    return PersonPredictions(
        image_id=np.array([image_id for image_id, _ in entries], dtype=np.int64),
        xy=joints[..., :2],
        score=np.array([entry.number("score") for _, entry in entries]),
        keypoint_score=joints[..., 2],
        box=np.array([e.box() if e.get("bbox") is not None else unknown for _, e in entries]),
    )


def write_keypoint_results(
    path: str | Path, predictions: PersonPredictions, *, category_id: int = 1
) -> None:
    """Writes people in COCO's results format.

    The boxes are left out: readers of the format would take their area for the person's.

    Args:
        path: The JSON file to write.
        predictions: M people.
        category_id: Category of all of them.

    Raises:
        AnnotationError: The file cannot be written.
    """
    joints = np.concatenate([predictions.xy, predictions.keypoint_score[..., None]], axis=-1)
    rows = [
        {
            "image_id": int(image_id),
            "category_id": category_id,
            "keypoints": points.reshape(-1).tolist(),
            "score": float(score),
        }
        for image_id, points, score in zip(
            predictions.image_id, joints, predictions.score, strict=True
        )
    ]
    try:
        Path(path).write_text(json.dumps(rows) + "\n", encoding="utf-8")
    except OSError as error:
        raise AnnotationError(f"{path}: cannot write: {error.strerror or error}") from error
