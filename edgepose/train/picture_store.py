# SPDX-License-Identifier: Apache-2.0
"""A disk-backed store of whole pictures, shrunk and decoded once, for detector training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.train.boxes import SAME_BOX_IOU, SURE_SCORE, labelled_boxes
from edgepose.train.cache import cache_stem, expand_globs
from edgepose.train.config import TrainConfig
from edgepose.train.shards import read_shards

LONG_SIDE = 400
# Part of the cache's name: 2 keeps pixel centres at integers when a picture is shrunk.
FORMAT = 2


@dataclass(frozen=True)
class PictureStore:
    """Pictures of any size.

    Attributes:
        stem: Path of the files without suffix; a worker process opens them again.
        raw: uint8, all pictures one after the other, on disk.
        start: [P + 1] where each picture begins in `raw`.
        hw: [P, 2] rows and columns.
        source: [P] number of the source.
        boxes: For each picture float32 [M, 5]: xyxy, and 1 for a person or 0 if unsure.
    """

    stem: Path
    raw: NDArray[np.uint8]
    start: NDArray[np.int64]
    hw: NDArray[np.int64]
    source: NDArray[np.int64]
    boxes: list[NDArray[np.float32]]

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Picture `index`, BGR [H, W, 3], a view into the store."""
        flat: NDArray[np.uint8] = self.raw[self.start[index] : self.start[index + 1]]
        return flat.reshape(*self.hw[index].tolist(), 3)

    def __reduce__(self) -> tuple[object, ...]:
        return _load, (self.stem,)


def open_picture_store(config: TrainConfig, cache: Path) -> PictureStore:
    """Opens the store of a configuration, building it in `cache` on the first call.

    Raises:
        InputError: A shard is missing or damaged.
    """
    parts = (LONG_SIDE, SURE_SCORE, SAME_BOX_IOU, FORMAT)
    stem = cache_stem(config, cache, "pictures", *parts)
    if not stem.with_suffix(".json").exists():
        _build(config, stem)
    return _load(stem)


def shrunk(
    picture: NDArray[np.uint8], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Brings the long side down to 400 px, if it is longer, and the boxes with it.

    Returns:
        Picture and boxes; OpenCV's resize keeps the outer edges together, so that
        x_new = (x + 0.5) * scale - 0.5 on each axis.
    """
    height, width = picture.shape[:2]
    longest = max(height, width)
    if longest <= LONG_SIDE:
        return picture, boxes.copy()
    size = tuple(max(1, round(side * LONG_SIDE / longest)) for side in (width, height))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    factor = np.tile(np.array(size) / (width, height), 2)
    moved = boxes.copy()
    moved[:, :4] = (boxes[:, :4] + 0.5) * factor - 0.5
    return small, moved


def _load(stem: Path) -> PictureStore:
    try:
        rows = json.loads(stem.with_suffix(".json").read_text())
        hw = np.array([row["hw"] for row in rows], np.int64).reshape(-1, 2)
        start = np.concatenate([[0], np.cumsum(3 * hw.prod(1))])
        pixels = np.memmap(stem.with_suffix(".raw"), np.uint8, "r", shape=(int(start[-1]),))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"damaged cache {stem}: {error}; delete its files") from error
    source = np.array([row["source"] for row in rows], np.int64)
    boxes = [np.asarray(row["boxes"], np.float32).reshape(-1, 5) for row in rows]
    return PictureStore(stem, pixels, start, hw, source, boxes)


def _build(config: TrainConfig, stem: Path) -> None:
    """Writes the pictures, then the index, whose presence says that the store is whole."""
    rows = []
    with stem.with_suffix(".raw").open("wb") as file:
        for number, paths in enumerate(expand_globs(config)):
            for record, picture in read_shards(paths):
                small, boxes = shrunk(picture, labelled_boxes(record))
                shown = np.round(boxes, 2).tolist()
                rows.append({"source": number, "hw": list(small.shape[:2]), "boxes": shown})
                file.write(small.tobytes())
    partial = stem.with_suffix(".tmp")
    partial.write_text(json.dumps(rows))
    partial.replace(stem.with_suffix(".json"))
