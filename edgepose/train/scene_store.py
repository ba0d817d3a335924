# SPDX-License-Identifier: Apache-2.0
"""A disk-backed store of whole pictures with everybody in them, for bottom-up training."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.train.boxes import labelled_boxes
from edgepose.train.cache import cache_stem, expand_globs
from edgepose.train.config import TrainConfig
from edgepose.train.picture_store import LONG_SIDE, shrunk
from edgepose.train.shards import Record, read_shards

# Part of the cache's name.
FORMAT = 1
ARRAYS = ("hw", "source", "known", "person_start", "box", "keypoints", "ignored_start", "ignored")


@dataclass(frozen=True)
class SceneStore:
    """Pictures of any size with P people in all.

    Attributes:
        stem: Path of the files without suffix; a worker process opens them again.
        raw: uint8, all pictures one after the other, on disk.
        start: [S + 1] where each picture begins in `raw`.
        hw: [S, 2] rows and columns.
        source: [S] number of the source.
        known: [S, K] whether the picture's data set labels the keypoint.
        person_start: [S + 1] where each picture's people begin.
        box: [P, 4] xyxy of people, px.
        keypoints: [P, K, 3] x, y in px and visibility 0 (unlabelled), 1 (hidden) or 2.
        ignored_start: [S + 1] where each picture's ignored boxes begin.
        ignored: [I, 4] xyxy of people without keypoints, px.
    """

    stem: Path
    raw: NDArray[np.uint8]
    start: NDArray[np.int64]
    hw: NDArray[np.int64]
    source: NDArray[np.int64]
    known: NDArray[np.bool_]
    person_start: NDArray[np.int64]
    box: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    ignored_start: NDArray[np.int64]
    ignored: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.hw)

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Picture `index`, BGR [H, W, 3], a view into the store."""
        flat: NDArray[np.uint8] = self.raw[self.start[index] : self.start[index + 1]]
        return flat.reshape(*self.hw[index].tolist(), 3)

    def people(self, index: int) -> slice:
        """Rows of the people of picture `index`."""
        return slice(int(self.person_start[index]), int(self.person_start[index + 1]))

    def ignored_boxes(self, index: int) -> NDArray[np.float32]:
        """Boxes [I, 4] of picture `index` in which nothing is taught or punished."""
        return self.ignored[self.ignored_start[index] : self.ignored_start[index + 1]]

    def __reduce__(self) -> tuple[object, ...]:
        return _load, (self.stem,)


def open_scene_store(config: TrainConfig, cache: Path) -> SceneStore:
    """Opens the store of a configuration, building it in `cache` on the first call.

    Raises:
        InputError: A shard is missing or damaged.
    """
    parts = (config.keypoint_names, config.min_keypoints, LONG_SIDE, FORMAT)
    stem = cache_stem(config, cache, "scenes", *parts)
    if not stem.with_suffix(".npz").exists():
        _build(config, stem)
    return _load(stem)


def _load(stem: Path) -> SceneStore:
    try:
        with (
            stem.with_suffix(".npz").open("rb") as file,
            np.load(file, allow_pickle=False) as data,
        ):
            arrays = {name: data[name] for name in ARRAYS}
        start = np.concatenate([[0], np.cumsum(3 * arrays["hw"].prod(1))]).astype(np.int64)
        pixels = np.memmap(stem.with_suffix(".raw"), np.uint8, "r", shape=(int(start[-1]),))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"damaged cache {stem}: {error}; delete its files") from error
    return SceneStore(stem, pixels, start, **arrays)


def _build(config: TrainConfig, stem: Path) -> None:
    """Writes the pictures, then the labels, whose presence says that the store is whole."""
    rows: dict[str, list[object]] = {name: [] for name in ("hw", "source", "known")}
    people: list[NDArray[np.float64]] = []
    ignored: list[NDArray[np.float64]] = []
    with stem.with_suffix(".raw").open("wb") as file:
        for number, paths in enumerate(expand_globs(config)):
            for record, picture in read_shards(paths):
                found, others = _labels(record, config)
                small, others = shrunk(picture, others)
                factor = np.array(small.shape[1::-1]) / picture.shape[1::-1]
                people.append(_shrunk_people(found, factor))
                ignored.append(others)
                rows["hw"].append(small.shape[:2])
                rows["source"].append(number)
                rows["known"].append([name in record.keypoint_names for name in _names(config)])
                file.write(small.tobytes())
    joined = np.concatenate(people) if people else np.zeros((0, 4 + 3 * len(_names(config))))
    arrays = {
        "hw": np.array(rows["hw"], np.int64).reshape(-1, 2),
        "source": np.array(rows["source"], np.int64),
        "known": np.array(rows["known"], np.bool_).reshape(-1, len(_names(config))),
        "person_start": np.cumsum([0, *map(len, people)], dtype=np.int64),
        "box": joined[:, :4].astype(np.float32),
        "keypoints": joined[:, 4:].reshape(-1, len(_names(config)), 3).astype(np.float32),
        "ignored_start": np.cumsum([0, *map(len, ignored)], dtype=np.int64),
        "ignored": np.concatenate([*ignored, np.zeros((0, 4))]).astype(np.float32),
    }
    labels = stem.with_suffix(".npz")
    partial = labels.with_suffix(".tmp.npz")
    np.savez(partial, allow_pickle=False, **arrays)
    partial.replace(labels)


def _names(config: TrainConfig) -> tuple[str, ...]:
    return config.keypoint_names


def _labels(record: Record, config: TrainConfig) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """People [M, 4 + 3 K], box and keypoints; boxes [I, 4] of those with too few keypoints."""
    place = {name: index for index, name in enumerate(record.keypoint_names)}
    people, others = [], []
    for person in record.persons:
        given = person["keypoints"]
        points = [given[place[name]] if name in place else [0, 0, 0] for name in _names(config)]
        labelled = sum(row[2] > 0 for row in points)
        if labelled >= config.min_keypoints:
            people.append([*person["box"], *(value for row in points for value in row)])
        else:
            others.append(person["box"])
    # Boxes that a detector found and nobody labelled; those of labelled people come first.
    others += labelled_boxes(record)[len(record.persons) :, :4].tolist()
    width = 4 + 3 * len(_names(config))
    return np.array(people, float).reshape(-1, width), np.array(others, float).reshape(-1, 4)


def _shrunk_people(people: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes and keypoints after x_new = (x + 0.5) * factor - 0.5, as `shrunk` moves boxes."""
    box = people[:, :4].reshape(-1, 2, 2)
    points = people[:, 4:].reshape(len(people), (people.shape[1] - 4) // 3, 3)
    xy = (points[..., :2] + 0.5) * factor - 0.5
    moved = np.concatenate([xy, points[..., 2:]], axis=2).reshape(len(people), people.shape[1] - 4)
    corners = ((box + 0.5) * factor - 0.5).reshape(-1, 4)
    return np.concatenate([corners, moved], axis=1)
