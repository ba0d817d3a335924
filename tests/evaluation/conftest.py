# SPDX-License-Identifier: Apache-2.0
"""A small data set and pipelines that answer with known keypoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edgepose.types import Keypoints, Person, Result, Skeleton, Timing

NAMES = ("nose", "left_eye", "right_eye")
SKELETON = Skeleton(names=NAMES, edges=((0, 1),), flip_pairs=((1, 2),), sigmas=(0.05, 0.05, 0.05))


def person(xy: NDArray[np.float64], box: NDArray[np.float64], score: float = 0.5) -> Person:
    """A person with all keypoints of the skeleton."""
    return Person(
        box=np.asarray(box, dtype=np.float32),
        score=score,
        keypoints=Keypoints(
            xy=np.asarray(xy, dtype=np.float32),
            score=np.full(len(NAMES), score, dtype=np.float32),
            names=NAMES,
            image_wh=(100, 80),
        ),
        box_score=1.0,
    )


class CornerPipeline:
    """Puts nose and eyes at fixed places of each box; `own` are the boxes it detects."""

    skeleton = SKELETON
    places = np.array([[0.5, 0.5], [0.25, 0.25], [0.75, 0.25]])

    def __init__(self, own: list[list[float]] | None = None) -> None:
        self.own = own or []
        self.seen: list[tuple[str, NDArray[np.float64] | None]] = []
        self.lost = 0  # people to leave out, which a pipeline must not do

    def __call__(self, source: Any, boxes: Any = None) -> Result:
        self.seen.append((Path(source).name, boxes))
        used = np.array(self.own if boxes is None else boxes, dtype=np.float64).reshape(-1, 4)
        people = [
            person(box[:2] + self.places * (box[2:] - box[:2]), box)
            for box in used[: len(used) - self.lost]
        ]
        return Result(
            persons=tuple(people),
            image_wh=(100, 80),
            model="corner",
            detector="own" if boxes is None else None,
            skeleton=SKELETON,
            timing=Timing(stages={"pose": 2.0}, total=3.0),
            source=str(source),
        )


class World:
    """Writes a data set of two pictures whose people have keypoints at the pipeline's places."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images: list[dict[str, Any]] = [
            {"id": 2, "file_name": "b.png", "width": 100, "height": 80},
            {"id": 1, "file_name": "a.png", "width": 100, "height": 80},
        ]
        # The data set's own order, and a name that the model does not have.
        self.names = ["right_eye", "tail", "nose"]
        self.annotations = [
            self.annotation(1, 2, [0, 0, 40, 60]),
            self.annotation(2, 2, [50, 10, 40, 40]),
            self.annotation(3, 1, [10, 10, 60, 60]),
        ]
        for image in self.images:
            (folder / image["file_name"]).touch()

    def annotation(self, number: int, image_id: int, bbox: list[float]) -> dict[str, Any]:
        x, y, w, h = bbox
        eye, nose = [x + 0.75 * w, y + 0.25 * h, 2], [x + 0.5 * w, y + 0.5 * h, 1]
        return {
            "id": number,
            "image_id": image_id,
            "category_id": 1,
            "bbox": bbox,
            "keypoints": [*eye, 1, 1, 2, *nose],
        }

    def write(self) -> Path:
        path = self.folder / "annotations.json"
        content = {
            "images": self.images,
            "annotations": self.annotations,
            "categories": [{"id": 1, "name": "person", "keypoints": self.names}],
        }
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def corner() -> CornerPipeline:
    return CornerPipeline()
