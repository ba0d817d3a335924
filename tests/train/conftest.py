# SPDX-License-Identifier: Apache-2.0
"""A tiny data set of drawn people, packed; and configurations that train on it in seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edgepose.train.config import Phase, Source, TrainConfig
from edgepose.train.shards import Record, pack

NAMES = ("nose", "left_hip", "right_hip", "left_ankle", "right_ankle")
COUNT = 12
WH = (120, 100)


def draw(number: int) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """A picture with one stick person, and its label."""
    rng = np.random.default_rng(number)
    picture = rng.integers(90, 130, (WH[1], WH[0], 3), np.uint8)
    x, y = rng.uniform(40, 80), rng.uniform(15, 25)
    points = [[x, y], [x + 6, y + 30], [x - 6, y + 30], [x + 8, y + 60], [x - 8, y + 60]]
    colours = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255))
    for (px, py), colour in zip(points, colours, strict=True):
        cv2.circle(picture, (round(px), round(py)), 4, colour, -1)
    box = [x - 14, y - 8, x + 14, y + 68]
    keypoints = [[px, py, 2.0] for px, py in points]
    if number % 3 == 0:
        keypoints[4] = [0.0, 0.0, 0.0]
    return picture, {"box": box, "keypoints": keypoints}


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the shard people-000.npz."""
    folder = tmp_path_factory.mktemp("data")
    images = folder / "images"
    images.mkdir()
    records = []
    for number in range(COUNT):
        picture, person = draw(number)
        cv2.imwrite(str(images / f"{number}.png"), picture)
        records.append(Record(f"{number}.png", *WH, NAMES, [person]))
    pack(records, images, folder, "people")
    return folder


@pytest.fixture
def pose_config(data: Path) -> TrainConfig:
    """A tiny pose network, two short phases, float32, one thread, no worker process."""
    phase = Phase(128, 96, passes=2, learning_rate=1e-3, batch_size=4, sigma=1.0, save_as="small")
    last = Phase(128, 96, passes=1, learning_rate=1e-3, batch_size=4, sigma=1.5, ohkm=2)
    return TrainConfig(
        name="tiny",
        task="top_down",
        arch="hrnet-tiny",
        sources=(Source("people-*.npz"),),
        phases=(phase, last),
        keypoint_names=NAMES,
        precision="float32",
        threads=1,
        workers=0,
        folder=data,
    )


@pytest.fixture
def detector_config(data: Path) -> TrainConfig:
    """The same for a detector."""
    phase = Phase(64, 64, passes=2, learning_rate=1e-3, batch_size=4)
    return TrainConfig(
        name="tiny-det",
        task="detector",
        arch="det-tiny",
        sources=(Source("people-*.npz"),),
        phases=(phase,),
        precision="float32",
        threads=1,
        workers=0,
        folder=data,
    )


@pytest.fixture
def coco_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a COCO file of one picture with the given annotations."""

    def write(*annotations: dict[str, Any], images: Any = None) -> Path:
        rows = [
            {"id": number, "image_id": 1, "category_id": 1, "area": 10.0, **row}
            for number, row in enumerate(annotations, 1)
        ]
        document = {
            "images": images or [{"id": 1, "file_name": "a.png", "width": 8, "height": 6}],
            "categories": [{"id": 1, "name": "person", "keypoints": ["nose", "left_eye"]}],
            "annotations": rows,
        }
        path = tmp_path / "people.json"
        path.write_text(json.dumps(document))
        return path

    return write
