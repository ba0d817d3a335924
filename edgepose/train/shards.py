# SPDX-License-Identifier: Apache-2.0
"""Pack COCO-format pictures and labels into shards of bounded size, and read them back.

A shard is an ``.npz`` with the pictures' encoded bytes, their offsets and one JSON document
of records, so that a training machine needs neither the folders nor any decoder but OpenCV.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError, ImageError, InputError

MAX_SHARD_BYTES = 60_000_000


@dataclass(frozen=True)
class Record:
    """One picture's labels.

    ``persons`` hold ``box`` (xyxy, pixels) and ``keypoints`` (K rows of x, y, visibility);
    ``extra_boxes`` hold a detector's boxes (x1, y1, x2, y2, score) of unlabelled people.
    """

    file_name: str
    width: int
    height: int
    keypoint_names: tuple[str, ...]
    persons: list[dict[str, Any]] = field(default_factory=list)
    extra_boxes: list[list[float]] = field(default_factory=list)


def read_coco_records(annotations: Path, extra_boxes: Path | None = None) -> list[Record]:
    """Read a COCO keypoint file as records, one for each picture, in the file's order.

    Raises:
        AnnotationError: the file is not COCO keypoint JSON.
    """
    try:
        document = json.loads(annotations.read_text())
        names = tuple(document["categories"][0]["keypoints"])
        records = {
            image["id"]: Record(image["file_name"], image["width"], image["height"], names)
            for image in document["images"]
        }
        for entry in document["annotations"]:
            x, y, width, height = entry["bbox"]
            keypoints = np.asarray(entry["keypoints"], np.float64).reshape(len(names), 3)
            records[entry["image_id"]].persons.append(
                {"box": [x, y, x + width, y + height], "keypoints": keypoints.tolist()}
            )
        for entry in json.loads(extra_boxes.read_text()) if extra_boxes else []:
            x, y, width, height = entry["bbox"]
            records[entry["image_id"]].extra_boxes.append(
                [x, y, x + width, y + height, entry["score"]]
            )
    except (OSError, KeyError, IndexError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"expected COCO keypoint JSON in {annotations}; got {type(error).__name__}: {error}"
        ) from error
    return list(records.values())


def pack(
    records: list[Record],
    images: Path,
    output: Path,
    prefix: str,
    max_bytes: int = MAX_SHARD_BYTES,
) -> list[Path]:
    """Write ``output/prefix-000.npz`` and so on, each at most ``max_bytes`` large.

    Raises:
        ImageError: a picture cannot be read.
        InputError: one picture alone is larger than a shard may be.
    """
    output.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    batch: list[tuple[Record, bytes]] = []
    size = 0
    for record in records:
        try:
            data = (images / record.file_name).read_bytes()
        except OSError as error:
            raise ImageError(f"cannot read picture {record.file_name}: {error}") from error
        cost = len(data) + len(json.dumps(asdict(record))) + 64
        if cost > max_bytes - 4096:
            raise InputError(f"picture {record.file_name} is larger than a shard may be")
        if size + cost > max_bytes - 4096:
            written.append(_write(batch, output / f"{prefix}-{len(written):03d}.npz"))
            batch, size = [], 0
        batch.append((record, data))
        size += cost
    if batch:
        written.append(_write(batch, output / f"{prefix}-{len(written):03d}.npz"))
    return written


def _write(batch: list[tuple[Record, bytes]], path: Path) -> Path:
    text = json.dumps([asdict(record) for record, _ in batch], separators=(",", ":"))
    lengths = [len(data) for _, data in batch]
    np.savez(
        path,
        blob=np.frombuffer(b"".join(data for _, data in batch), np.uint8),
        offsets=np.cumsum([0, *lengths], dtype=np.int64),
        records=np.frombuffer(text.encode(), np.uint8),
    )
    return path


def read_shards(paths: list[Path]) -> Iterator[tuple[Record, NDArray[np.uint8]]]:
    """Yield every record with its decoded picture, BGR uint8 [H, W, 3].

    Raises:
        InputError: a shard is missing or damaged.
    """
    for path in paths:
        try:
            with np.load(path, allow_pickle=False) as shard:
                blob, offsets = shard["blob"], shard["offsets"]
                rows = json.loads(shard["records"].tobytes())
        except (OSError, KeyError, ValueError) as error:
            raise InputError(f"cannot read shard {path}: {error}") from error
        for row, start, stop in zip(rows, offsets[:-1], offsets[1:], strict=True):
            picture = cv2.imdecode(blob[start:stop], cv2.IMREAD_COLOR)
            if picture is None:
                raise InputError(f"shard {path}: picture {row['file_name']} cannot be decoded")
            row["keypoint_names"] = tuple(row["keypoint_names"])
            yield Record(**row), picture.astype(np.uint8, copy=False)
