# SPDX-License-Identifier: Apache-2.0
"""Shards: written, read, damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgepose.errors import AnnotationError, ImageError, InputError
from edgepose.train.records import background_records, read_coco_records
from edgepose.train.shards import Record, pack, read_shards

PERSON = {"box": [0.0, 0.0, 4.0, 4.0], "keypoints": [[1.0, 2.0, 1.0]]}


def _pictures(folder: Path, count: int) -> list[Record]:
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    for number in range(count):
        cv2.imwrite(str(folder / f"{number}.png"), rng.integers(0, 256, (20, 30, 3), np.uint8))
    return [Record(f"{number}.png", 30, 20, ("nose",), [PERSON]) for number in range(count)]


def test_no_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one picture or more"):
        pack([], tmp_path, tmp_path / "out", "a")


def test_what_is_packed_is_read(tmp_path: Path) -> None:
    records = _pictures(tmp_path / "in", 5)
    paths = pack(records, tmp_path / "in", tmp_path / "out", "a", max_bytes=9000)
    assert len(paths) > 1
    assert [path.name for path in paths] == [f"a-{n:03d}.npz" for n in range(len(paths))]
    assert max(path.stat().st_size for path in paths) <= 9000
    found = list(read_shards(paths))
    assert [record for record, _ in found] == records
    for record, picture in found:
        assert (picture == cv2.imread(str(tmp_path / "in" / record.file_name))).all()
    assert list(read_shards([])) == []


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        pytest.param(lambda f: (f / "0.png").unlink(), ImageError, "cannot read", id="absent"),
        pytest.param(lambda f: (f / "0.png").write_bytes(b""), ImageError, "decoded", id="empty"),
        pytest.param(lambda f: (f / "0.png").write_text("x"), ImageError, "decoded", id="text"),
        pytest.param(
            lambda f: cv2.imwrite(str(f / "0.png"), np.zeros((9, 9), np.uint8)),
            ImageError,
            "must be 30x20",
            id="size",
        ),
    ],
)
def test_a_bad_picture_is_refused(
    tmp_path: Path, change: Callable[[Path], object], error: type[Exception], message: str
) -> None:
    records = _pictures(tmp_path / "in", 1)
    change(tmp_path / "in")
    with pytest.raises(error, match=message):
        pack(records, tmp_path / "in", tmp_path / "out", "a")


def test_a_picture_larger_than_a_shard_is_refused(tmp_path: Path) -> None:
    records = _pictures(tmp_path / "in", 1)
    with pytest.raises(InputError, match="larger than a shard"):
        pack(records, tmp_path / "in", tmp_path / "out", "a", max_bytes=5000)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="absent"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:900]), id="truncated"),
        pytest.param(lambda path: np.savez(path, blob=np.zeros(3, np.uint8)), id="other-arrays"),
        pytest.param(
            lambda path: np.savez(
                path,
                blob=np.zeros(3, np.uint8),
                offsets=np.array([0]),
                records=np.frombuffer(b'[{"a": 1}]', np.uint8),
            ),
            id="other-records",
        ),
    ],
)
def test_a_damaged_shard_is_refused(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = pack(_pictures(tmp_path / "in", 1), tmp_path / "in", tmp_path, "a")[0]
    damage(path)
    with pytest.raises(InputError, match="cannot read shard"):
        list(read_shards([path]))


def test_records_of_a_coco_file(coco_file: Callable[..., Path], tmp_path: Path) -> None:
    path = coco_file(
        {"bbox": [1, 1, 4, 3], "keypoints": [2, 3, 2, 0, 0, 0]},
        {"bbox": [0, 0, 8, 6], "keypoints": [0] * 6, "iscrowd": 1},
        {"bbox": [0, 0, 0, 6], "keypoints": [0] * 6},
    )
    extra = tmp_path / "extra.json"
    extra.write_text('[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.75}]')
    [record] = read_coco_records(path, extra)
    assert record.keypoint_names == ("nose", "left_eye")
    assert record.persons == [{"box": [1, 1, 5, 4], "keypoints": [[2, 3, 1], [0, 0, 0]]}]
    assert record.extra_boxes == [[0, 0, 8, 6, 0], [1, 2, 4, 6, 0.75]]
    with pytest.raises(AnnotationError):
        read_coco_records(tmp_path / "none.json")


def test_sizes_come_from_the_pictures_if_need_be(
    coco_file: Callable[..., Path], tmp_path: Path
) -> None:
    path = coco_file(images=[{"id": 1, "file_name": "0.png"}])
    with pytest.raises(ImageError, match="no size of 0"):
        read_coco_records(path)
    with pytest.raises(ImageError, match="cannot read"):
        read_coco_records(path, images=tmp_path)
    _pictures(tmp_path, 1)
    assert read_coco_records(path, images=tmp_path)[0].width == 30


def test_background(tmp_path: Path) -> None:
    _pictures(tmp_path / "in", 2)
    (tmp_path / "in" / "notes.txt").write_text("")
    found = list(background_records(tmp_path / "in"))
    assert [record.file_name for record in found] == ["0.png", "1.png"]
    assert (found[0].width, found[0].height, found[0].persons) == (30, 20, [])
    with pytest.raises(InputError, match="expected a folder"):
        list(background_records(tmp_path / "none"))
