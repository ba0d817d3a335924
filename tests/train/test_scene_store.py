# SPDX-License-Identifier: Apache-2.0
"""The store of whole pictures: labels after shrinking, people to be ignored, damage."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.train.config import Phase, Source, TrainConfig
from edgepose.train.scene_store import SceneStore, open_scene_store
from edgepose.train.shards import Record, pack

NAMES = ("left_hip", "right_hip", "left_knee")
WH = (800, 400)  # twice the longest side that is kept
POINTS = [[99.5, 199.5, 2], [199.5, 99.5, 1], [0, 0, 0]]
PERSON = {"box": [49.5, 49.5, 249.5, 349.5], "keypoints": POINTS}
BARE = {"box": [399.5, 49.5, 499.5, 349.5], "keypoints": [[410.0, 60.0, 2], [0, 0, 0], [0, 0, 0]]}


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    """Two pictures with hips and knees, one with a hip alone, one of nobody."""
    images = tmp_path / "images"
    images.mkdir()
    for name in ("a", "b", "c"):
        cv2.imwrite(str(images / f"{name}.png"), np.full((WH[1], WH[0], 3), 90, np.uint8))
    found = [[49.5, 49.5, 249.5, 349.5, 0.9], [599.5, 49.5, 699.5, 349.5, 0.6]]
    people = Record("a.png", *WH, NAMES, [PERSON, BARE], found)
    pack([people, Record("b.png", *WH, ())], images, tmp_path, "full")
    pack([Record("c.png", *WH, NAMES[:2], [PERSON])], images, tmp_path, "part")
    return TrainConfig(
        name="tiny",
        task="bottom_up_paf",
        arch="paf-tiny",
        sources=(Source("full-*.npz"), Source("part-*.npz")),
        phases=(Phase(64, 64, 1, 1e-3),),
        keypoint_names=NAMES,
        min_keypoints=2,
        folder=tmp_path,
    )


@pytest.fixture
def store(config: TrainConfig, tmp_path: Path) -> SceneStore:
    return open_scene_store(config, tmp_path / "cache")


def test_labels_shrink_with_the_pictures(store: SceneStore) -> None:
    assert len(store) == 3
    assert store.picture(0).shape == (200, 400, 3)
    assert (store.picture(0) == 90).all()
    assert store.person_start.tolist() == [0, 1, 1, 2]
    np.testing.assert_allclose(store.box[0], [24.5, 24.5, 124.5, 174.5])
    np.testing.assert_allclose(store.keypoints[0, :2], [[49.5, 99.5, 2], [99.5, 49.5, 1]])
    assert store.source.tolist() == [0, 0, 1]


def test_people_without_labels_are_ignored(store: SceneStore) -> None:
    """One with too few keypoints, one that only the detector saw; the labelled one is neither."""
    found = [[199.5, 24.5, 249.5, 174.5], [299.5, 24.5, 349.5, 174.5]]
    np.testing.assert_allclose(store.ignored_boxes(0), found)
    assert len(store.ignored_boxes(1)) == 0


def test_what_a_data_set_does_not_label_is_known(store: SceneStore) -> None:
    assert store.known.tolist() == [[True] * 3, [False] * 3, [True, True, False]]
    assert store.keypoints[1, 2].tolist()[2] == 0


def test_it_is_built_once_and_travels_to_workers(store: SceneStore, config: TrainConfig) -> None:
    again = pickle.loads(pickle.dumps(store))
    np.testing.assert_array_equal(again.keypoints, store.keypoints)
    built = store.stem.with_suffix(".raw").stat().st_mtime_ns
    assert open_scene_store(config, store.stem.parent).stem == store.stem
    assert store.stem.with_suffix(".raw").stat().st_mtime_ns == built
    other = open_scene_store(replace(config, min_keypoints=3), store.stem.parent)
    assert other.stem != store.stem
    assert len(other.box) == 0


@pytest.mark.parametrize("suffix", [".npz", ".raw"])
def test_damage_is_named(store: SceneStore, config: TrainConfig, suffix: str) -> None:
    file = store.stem.with_suffix(suffix)
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(InputError, match="damaged cache"):
        open_scene_store(config, store.stem.parent)
