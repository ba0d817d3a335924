# SPDX-License-Identifier: Apache-2.0
"""A disk-backed store of person crops: decoded once, read by every pass.

Each person is warped once to a canvas that shows `MARGIN` times the padded box, so that
scaling, shifting and rotating never need the whole picture again.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.geometry import crop_matrix
from edgepose.train.cache import cache_stem, expand_globs
from edgepose.train.config import TrainConfig
from edgepose.train.pixels import inverse, moved, warp
from edgepose.train.shards import read_shards

CANVAS_WH = (240, 320)
BOX_PADDING = 1.25
MARGIN = 1.375


@dataclass(frozen=True)
class PersonStore:
    """People of all sources.

    Attributes:
        stem: Path of the files without suffix; a worker process opens them again.
        canvases: uint8 [P, 320, 240, 3] BGR, on disk.
        keypoints: float32 [P, K, 3] x, y in canvas px and 0 where unlabelled.
        source: [P] number of the source.
        picture: [P] number of the picture, which several people may share.
    """

    stem: Path
    canvases: NDArray[np.uint8]
    keypoints: NDArray[np.float32]
    source: NDArray[np.int64]
    picture: NDArray[np.int64]

    def __reduce__(self) -> tuple[object, ...]:
        return _load, (self.stem,)


def open_person_store(config: TrainConfig, cache: Path) -> PersonStore:
    """Opens the store of a configuration, building it in `cache` on the first call.

    Raises:
        InputError: A shard is missing or damaged, or nobody has enough labelled keypoints.
    """
    parts = (config.keypoint_names, config.min_keypoints, CANVAS_WH, MARGIN)
    stem = cache_stem(config, cache, "persons", *parts)
    if not stem.with_suffix(".npz").exists():
        _build(config, stem)
    return _load(stem)


def canvas_matrix(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """The [2, 3] matrix from picture to canvas px for a box xyxy.

    It is the runtime's crop with a wider padding; a box without extent grows to one pixel.
    """
    center, half = (box[:2] + box[2:]) / 2, np.maximum(box[2:] - box[:2], 1.0) / 2
    grown = np.concatenate([center - half, center + half])
    return inverse(
        crop_matrix(grown[None], CANVAS_WH, padding=BOX_PADDING * MARGIN, warp="half_pixel")[0]
    )


def _load(stem: Path) -> PersonStore:
    try:
        with (
            stem.with_suffix(".npz").open("rb") as file,
            np.load(file, allow_pickle=False) as data,
        ):
            keypoints, source, picture = data["keypoints"], data["source"], data["picture"]
        shape = (len(keypoints), CANVAS_WH[1], CANVAS_WH[0], 3)
        canvases = np.memmap(stem.with_suffix(".raw"), np.uint8, "r", shape=shape)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"damaged cache {stem}: {error}; delete its files") from error
    return PersonStore(stem, canvases, keypoints, source, picture)


def _build(config: TrainConfig, stem: Path) -> None:
    """Writes the canvases, then the labels, whose presence says that the store is whole."""
    keypoints: list[NDArray[np.float32]] = []
    source: list[int] = []
    pictures: list[int] = []
    canvas = np.empty((CANVAS_WH[1], CANVAS_WH[0], 3), np.uint8)
    picture_count = 0
    with stem.with_suffix(".raw").open("wb") as file:
        for number, paths in enumerate(expand_globs(config)):
            for record, picture in read_shards(paths):
                picture_count += 1
                order = [_index(record.keypoint_names, name) for name in config.keypoint_names]
                for person in record.persons:
                    points = _mapped(np.asarray(person["keypoints"], np.float64), order)
                    if (points[:, 2] > 0).sum() < config.min_keypoints:
                        continue
                    matrix = canvas_matrix(np.asarray(person["box"], np.float64))
                    points[:, :2] = moved(points[:, :2], matrix)
                    file.write(warp(picture, matrix, canvas).tobytes())
                    keypoints.append(points.astype(np.float32))
                    source.append(number)
                    pictures.append(picture_count)
    if not keypoints:
        raise InputError("the shards hold no person with enough labelled keypoints")
    labels = stem.with_suffix(".npz")
    partial = labels.with_suffix(".tmp.npz")
    np.savez(
        partial,
        keypoints=np.stack(keypoints),
        source=np.asarray(source, np.int64),
        picture=np.asarray(pictures, np.int64),
    )
    partial.replace(labels)


def _index(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


def _mapped(points: NDArray[np.float64], order: list[int]) -> NDArray[np.float64]:
    """Keypoints in the order of the network's; those that it does not have are unlabelled."""
    result = np.zeros((len(order), 3))
    for target, origin in enumerate(order):
        if origin >= 0:
            result[target] = points[origin]
    return result
