# SPDX-License-Identifier: Apache-2.0
"""Packs pictures and labels into shards of bounded size, and reads them back.

A shard is an `.npz` with the pictures' encoded bytes, their offsets and one JSON document
of records, so that a training machine needs neither the folders nor any decoder but OpenCV.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.errors import ImageError, InputError

MAX_SHARD_BYTES = 60_000_000
# Room for the .npz's own headers, in the shard and for each picture.
SHARD_OVERHEAD, PICTURE_OVERHEAD = 4096, 64


@dataclass(frozen=True)
class Record:
    """One picture's labels.

    Attributes:
        file_name: Of the picture.
        width: Columns, px.
        height: Rows, px.
        keypoint_names: Names of the keypoints of its people; none for a picture without labels.
        persons: Each with `box` (xyxy, px) and `keypoints` (K rows of x, y and visibility).
        extra_boxes: Boxes of people without labels: x1, y1, x2, y2, score.
    """

    file_name: str
    width: int
    height: int
    keypoint_names: tuple[str, ...]
    persons: list[dict[str, Any]] = field(default_factory=list)
    extra_boxes: list[list[float]] = field(default_factory=list)


def pack(
    records: Iterable[Record],
    images: Path,
    output: Path,
    prefix: str,
    max_bytes: int = MAX_SHARD_BYTES,
) -> list[Path]:
    """Writes `output/prefix-000.npz` and so on.

    Args:
        records: Labels, one entry a picture.
        images: Folder of the pictures.
        output: Folder of the shards; made if needed.
        prefix: Start of their names.
        max_bytes: Largest size of a shard.

    Returns:
        The shards written.

    Raises:
        ImageError: A picture cannot be read, is none, or has another size than its record says.
        InputError: One picture alone is larger than a shard may be, or there is no record.
    """
    output.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    batch: list[tuple[Record, bytes]] = []
    size = 0
    for record in records:
        data = _encoded(images / record.file_name, record)
        cost = len(data) + len(json.dumps(asdict(record))) + PICTURE_OVERHEAD
        if cost > max_bytes - SHARD_OVERHEAD:
            raise InputError(f"picture {record.file_name} is larger than a shard may be")
        if size + cost > max_bytes - SHARD_OVERHEAD:
            written.append(_write(batch, output / f"{prefix}-{len(written):03d}.npz"))
            batch, size = [], 0
        batch.append((record, data))
        size += cost
    if not batch:
        raise InputError(f"expected one picture or more to pack as {prefix!r}; got none")
    written.append(_write(batch, output / f"{prefix}-{len(written):03d}.npz"))
    return written


def read_shards(paths: list[Path]) -> Iterator[tuple[Record, NDArray[np.uint8]]]:
    """Yields every record with its decoded picture, BGR uint8 [H, W, 3].

    Raises:
        InputError: A shard is missing or damaged.
    """
    for path in paths:
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as shard:
                blob, offsets = shard["blob"], shard["offsets"]
                rows = json.loads(shard["records"].tobytes())
            records = [
                Record(**{**row, "keypoint_names": tuple(row["keypoint_names"])}) for row in rows
            ]
            if len(offsets) != len(records) + 1 or int(offsets[-1]) != len(blob):
                raise ValueError(f"{len(records)} records, {len(offsets)} offsets")
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise InputError(f"cannot read shard {path}: {error}") from error
        for record, start, stop in zip(records, offsets[:-1], offsets[1:], strict=True):
            yield record, _decoded(blob[start:stop], record, f"shard {path}: ")


def _encoded(path: Path, record: Record) -> bytes:
    """A picture's bytes, once they are known to decode to the size of its record."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise ImageError(f"cannot read picture {record.file_name}: {reason}") from error
    try:
        _decoded(np.frombuffer(data, np.uint8), record, "")
    except InputError as error:
        raise ImageError(str(error)) from error
    return data


def _decoded(data: NDArray[np.uint8], record: Record, where: str) -> NDArray[np.uint8]:
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if picture is None:
        raise InputError(f"{where}picture {record.file_name} cannot be decoded")
    height, width = picture.shape[:2]
    if (width, height) != (record.width, record.height):
        raise InputError(
            f"{where}picture {record.file_name} must be {record.width}x{record.height} "
            f"as labelled; got {width}x{height}"
        )
    return np.asarray(picture, np.uint8)


def _write(batch: list[tuple[Record, bytes]], path: Path) -> Path:
    text = json.dumps([asdict(record) for record, _ in batch], separators=(",", ":"))
    lengths = [len(data) for _, data in batch]
    try:
        np.savez(
            path,
            blob=np.frombuffer(b"".join(data for _, data in batch), np.uint8),
            offsets=np.cumsum([0, *lengths], dtype=np.int64),
            records=np.frombuffer(text.encode(), np.uint8),
        )
    except OSError as error:
        raise InputError(f"cannot write shard {path}: {error.strerror or error}") from error
    return path
