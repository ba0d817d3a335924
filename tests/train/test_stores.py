# SPDX-License-Identifier: Apache-2.0
"""The disk-backed stores of people and of pictures, and the batches made from them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.train.boxes import iou, labelled_boxes
from edgepose.train.config import Phase, Source, TrainConfig
from edgepose.train.detector_samples import DetectorSamples
from edgepose.train.person_store import open_person_store
from edgepose.train.picture_store import open_picture_store
from edgepose.train.pose_samples import PoseSamples
from edgepose.train.shards import Record


def test_people(pose_config: TrainConfig, tmp_path: Path) -> None:
    config = replace(pose_config, keypoint_names=("left_ankle", "tail", "nose"), min_keypoints=2)
    store = open_person_store(config, tmp_path)
    assert store.canvases.shape == (12, 320, 240, 3)
    assert store.keypoints.shape == (12, 3, 3)
    assert (store.keypoints[:, 1, 2] == 0).all()  # no such keypoint in the data
    assert (store.keypoints[:, 0, 1] > store.keypoints[:, 2, 1]).all()
    x, y = store.keypoints[0, 0, :2].round().astype(int)
    assert store.canvases[0, y, x].tolist() == [255, 255, 0]
    files = sorted(path.name for path in tmp_path.iterdir())
    assert len(files) == 2
    again = open_person_store(config, tmp_path)
    assert (again.canvases == store.canvases).all()
    copied = pickle.loads(pickle.dumps(store))
    assert len(pickle.dumps(store)) < 1000  # a worker opens the files instead
    assert (copied.keypoints == store.keypoints).all()


def test_pictures(detector_config: TrainConfig, tmp_path: Path) -> None:
    store = open_picture_store(detector_config, tmp_path)
    assert store.picture(3).shape == (100, 120, 3)
    assert [len(boxes) for boxes in store.boxes] == [1] * 12
    copied = pickle.loads(pickle.dumps(store))
    assert (copied.picture(11) == store.picture(11)).all()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("none-*.npz", "no shard matches", id="none"),
        pytest.param("/abs/*.npz", "source.shards", id="absolute"),
    ],
)
def test_shards_must_exist(
    pose_config: TrainConfig, tmp_path: Path, source: str, message: str
) -> None:
    config = replace(pose_config, sources=(Source(source),))
    for opened in (open_person_store, open_picture_store):
        with pytest.raises(InputError, match=message):
            opened(config, tmp_path)


def test_somebody_must_have_keypoints(pose_config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no person with enough"):
        open_person_store(replace(pose_config, min_keypoints=6), tmp_path)


def test_a_damaged_cache_is_refused(
    pose_config: TrainConfig, detector_config: TrainConfig, tmp_path: Path
) -> None:
    open_person_store(pose_config, tmp_path)
    open_picture_store(detector_config, tmp_path)
    for raw in tmp_path.glob("*.raw"):
        raw.write_bytes(b"short")
    for opened, config in (
        (open_person_store, pose_config),
        (open_picture_store, detector_config),
    ):
        with pytest.raises(InputError, match="damaged cache"):
            opened(config, tmp_path)


def test_pose_batches_are_a_function_of_the_generator(
    pose_config: TrainConfig, tmp_path: Path
) -> None:
    samples = PoseSamples(open_person_store(pose_config, tmp_path), pose_config.keypoint_names)
    index, phase = np.arange(12), Phase(128, 96, 1, 1)
    before = samples.store.keypoints.copy()
    one, two = (samples.batch(index, phase, np.random.default_rng(4)) for _ in range(2))
    for name in one._fields:
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert (samples.store.keypoints == before).all()
    other = samples.batch(index, phase, np.random.default_rng(5))
    assert (other.picture != one.picture).any()
    empty = samples.batch(index[:0], phase, np.random.default_rng(4))
    assert empty.picture.shape == (0, 128, 96, 3)


def test_a_missing_keypoint_stays_masked(pose_config: TrainConfig, tmp_path: Path) -> None:
    samples = PoseSamples(open_person_store(pose_config, tmp_path), pose_config.keypoint_names)
    plain = samples.plain(np.arange(12), Phase(128, 96, 1, 1))
    assert plain.mask[:, 4].tolist() == [float(number % 3 != 0) for number in range(12)]
    assert (plain.mask[:, :4] == 1).all()


def test_detector_batches_are_a_function_of_the_generator(
    detector_config: TrainConfig, tmp_path: Path
) -> None:
    samples = DetectorSamples(open_picture_store(detector_config, tmp_path), np.ones(12))
    index, phase = np.arange(12), Phase(96, 64, 1, 1)
    one, two = (samples.batch(index, phase, np.random.default_rng(4)) for _ in range(2))
    assert {name: array.shape for name, array in one.items()} == {
        "picture": (12, 96, 64, 3),
        "heatmap": (12, 1, 12, 8),
        "weight": (12, 1, 12, 8),
        "box": (12, 4, 12, 8),
        "box_weight": (12, 12, 8),
    }
    assert all((one[name] == two[name]).all() for name in one)
    assert (one["heatmap"] == 1).any()


def test_labelled_boxes_join_a_detectors() -> None:
    record = Record(
        "a",
        9,
        9,
        (),
        [{"box": [0, 0, 10, 10]}],
        [[1, 1, 10, 10, 0.9], [20, 20, 30, 30, 0.6], [40, 40, 50, 50, 0.3]],
    )
    assert labelled_boxes(record).tolist() == [
        [0, 0, 10, 10, 1],
        [20, 20, 30, 30, 1],
        [40, 40, 50, 50, 0],
    ]
    assert labelled_boxes(Record("a", 9, 9, ())).shape == (0, 5)


def test_iou() -> None:
    a = np.array([[0, 0, 2, 2], [5, 5, 5, 5]], np.float64)
    assert iou(a, a).tolist() == [[1, 0], [0, 0]]
    assert iou(a[:0], a).shape == (0, 2)
    assert iou(a[:1], np.array([[1, 0, 3, 2.0]]))[0, 0] == pytest.approx(1 / 3)
