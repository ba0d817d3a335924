# SPDX-License-Identifier: Apache-2.0
"""A disk-backed store of whole pictures, shrunk and decoded once, for detector training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.train.config import TrainConfig
from edgepose.train.person_store import cache_key, expand_globs
from edgepose.train.shards import Record, read_shards

LONG_SIDE = 400
SURE_SCORE = 0.5
SAME_BOX_IOU = 0.4


@dataclass(frozen=True)
class PictureStore:
    """Pictures uint8 BGR of any size with boxes float32 [M, 5]: xyxy and 1 = person, 0 = unsure."""

    raw: NDArray[np.uint8]
    rows: list[dict[str, Any]]

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Return picture ``index`` [H, W, 3], a view into the store."""
        row = self.rows[index]
        start, (height, width) = row["start"], row["hw"]
        flat: NDArray[np.uint8] = self.raw[start : start + height * width * 3]
        return flat.reshape(height, width, 3)

    def boxes(self, index: int) -> NDArray[np.float32]:
        """Return the boxes of picture ``index``, [M, 5]."""
        return np.asarray(self.rows[index]["boxes"], np.float32).reshape(-1, 5)


def open_picture_store(config: TrainConfig, cache: Path) -> PictureStore:
    """Open the store of ``config``'s sources, building it in ``cache`` on the first call."""
    stem = cache / f"pictures-{cache_key(config, LONG_SIDE, SURE_SCORE, SAME_BOX_IOU)}"
    index = stem.with_suffix(".json")
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _build(config, stem)
    raw = np.memmap(stem.with_suffix(".raw"), np.uint8, "r")
    return PictureStore(raw, json.loads(index.read_text()))


def _build(config: TrainConfig, stem: Path) -> None:
    rows: list[dict[str, Any]] = []
    start = 0
    with stem.with_suffix(".raw").open("wb") as file:
        for number, paths in enumerate(expand_globs(config)):
            for record, picture in read_shards(paths):
                scale = min(1.0, LONG_SIDE / max(picture.shape[:2]))
                if scale < 1.0:
                    picture = cv2.resize(
                        picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
                    ).astype(np.uint8, copy=False)
                ratio = picture.shape[1] / record.width
                boxes = labelled_boxes(record)
                boxes[:, :4] *= ratio
                rows.append(
                    {
                        "source": number,
                        "start": start,
                        "hw": list(picture.shape[:2]),
                        "boxes": np.round(boxes, 2).tolist(),
                    }
                )
                file.write(picture.tobytes())
                start += picture.size
    stem.with_suffix(".json").write_text(json.dumps(rows))


def labelled_boxes(record: Record) -> NDArray[np.float64]:
    """Join a picture's labelled people with a detector's boxes of people without labels.

    Returns:
        [M, 5]: xyxy and 1 for people, 0 for boxes that training must neither teach nor punish.
    """
    rows = [[*person["box"], 1.0] for person in record.persons]
    for *box, score in record.extra_boxes:
        if all(_iou(box, row) < SAME_BOX_IOU for row in rows):
            rows.append([*box, 1.0 if score >= SURE_SCORE else 0.0])
    return np.asarray(rows, np.float64).reshape(-1, 5)


def _iou(a: list[float], b: list[float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inside = max(width, 0.0) * max(height, 0.0)
    area = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return inside / max(area - inside, 1e-9)
