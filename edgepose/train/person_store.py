# SPDX-License-Identifier: Apache-2.0
"""A disk-backed store of person crops: decoded once, read by every pass.

Each person is warped once to a canvas that shows ``MARGIN`` times the padded box, so that
scaling, shifting and rotating never need the whole picture again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.train.config import TrainConfig
from edgepose.train.shards import read_shards

CANVAS_WH = (240, 320)
BOX_PADDING = 1.25
MARGIN = 1.375
PAD_VALUE = 114


@dataclass(frozen=True)
class PersonStore:
    """Crops uint8 [P, 320, 240, 3] BGR and keypoints float32 [P, K, 3] (x, y, labelled)."""

    canvases: NDArray[np.uint8]
    keypoints: NDArray[np.float32]
    source: NDArray[np.int64]
    picture: NDArray[np.int64]


def expand_globs(config: TrainConfig) -> list[list[Path]]:
    """List the shards of each source.

    Raises:
        InputError: a source has no shard.
    """
    result = []
    for source in config.sources:
        paths = sorted(config.folder.glob(source.shards))
        if not paths:
            raise InputError(f"no shard matches {source.shards!r} in {config.folder}")
        result.append(paths)
    return result


def cache_key(config: TrainConfig, *parts: object) -> str:
    """Name a cache by what went into it."""
    shards = [(path.name, path.stat().st_size) for row in expand_globs(config) for path in row]
    text = json.dumps([shards, *[str(part) for part in parts]])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def open_person_store(config: TrainConfig, cache: Path) -> PersonStore:
    """Open the store of ``config``'s sources, building it in ``cache`` on the first call."""
    names = config.keypoint_names
    key = cache_key(config, names, config.min_keypoints, CANVAS_WH, MARGIN)
    stem = cache / f"persons-{key}"
    labels = stem.with_suffix(".npz")
    if not labels.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _build(config, stem)
    with np.load(labels, allow_pickle=False) as data:
        keypoints, source, picture = data["keypoints"], data["source"], data["picture"]
    shape = (len(keypoints), CANVAS_WH[1], CANVAS_WH[0], 3)
    canvases = np.memmap(stem.with_suffix(".raw"), np.uint8, "r", shape=shape)
    return PersonStore(canvases, keypoints, source, picture)


def _build(config: TrainConfig, stem: Path) -> None:
    keypoints: list[NDArray[np.float32]] = []
    source: list[int] = []
    picture_index: list[int] = []
    pictures = 0
    with stem.with_suffix(".raw").open("wb") as file:
        for number, paths in enumerate(expand_globs(config)):
            for record, picture in read_shards(paths):
                pictures += 1
                scale = picture.shape[1] / record.width
                order = [_index(record.keypoint_names, name) for name in config.keypoint_names]
                for person in record.persons:
                    points = _mapped(np.asarray(person["keypoints"], np.float64), order)
                    if (points[:, 2] > 0).sum() < config.min_keypoints:
                        continue
                    points[:, :2] *= scale
                    matrix = canvas_matrix(np.asarray(person["box"], np.float64) * scale)
                    points[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
                    canvas = cv2.warpAffine(
                        picture, matrix, CANVAS_WH, flags=cv2.INTER_LINEAR,
                        borderMode=cv2.BORDER_CONSTANT, borderValue=(PAD_VALUE,) * 3,
                    )
                    file.write(canvas.tobytes())
                    keypoints.append(points.astype(np.float32))
                    source.append(number)
                    picture_index.append(pictures)
    if not keypoints:
        raise InputError("the shards hold no person with enough labelled keypoints")
    np.savez(
        stem.with_suffix(".npz"),
        keypoints=np.stack(keypoints),
        source=np.asarray(source, np.int64),
        picture=np.asarray(picture_index, np.int64),
    )


def canvas_matrix(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the [2, 3] matrix from picture to canvas pixels for a box xyxy."""
    width, height = box[2] - box[0], box[3] - box[1]
    size = max(width, height * CANVAS_WH[0] / CANVAS_WH[1], 1.0) * BOX_PADDING * MARGIN
    scale = CANVAS_WH[0] / size
    center = (box[:2] + box[2:]) / 2
    middle = np.array([CANVAS_WH[0] / 2 - 0.5, CANVAS_WH[1] / 2 - 0.5])
    return np.column_stack([np.eye(2) * scale, middle - scale * center])


def _index(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


def _mapped(points: NDArray[np.float64], order: list[int]) -> NDArray[np.float64]:
    mapped = np.zeros((len(order), 3))
    for target, origin in enumerate(order):
        if origin >= 0:
            mapped[target] = points[origin]
    return mapped
