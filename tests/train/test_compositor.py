# SPDX-License-Identifier: Apache-2.0
"""Scenes: people pasted onto pictures, with their outline and with whom they hide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edgepose.train.compositor import Compositor, Scene
from edgepose.train.config import Phase
from edgepose.train.cutout import Outliner, paste
from edgepose.train.limbs import limbs
from edgepose.train.scene_store import SceneStore

NAMES = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
HW = (96, 128)
PHASE = Phase(HW[0], HW[1], 1, 1e-3)
POINTS = np.array([[50, 30, 2], [30, 30, 2], [48, 70, 2], [32, 70, 2]], np.float32)
BOX = np.array([22, 20, 58, 90], np.float32)


def store(complete_source: int = 0) -> SceneStore:
    """A red person on grey, a picture of nobody, both 128x96; an ignored box in the first."""
    person = np.full((*HW, 3), 128, np.uint8)
    cv2.rectangle(person, (22, 20), (58, 90), (0, 0, 255), -1)
    nobody = np.full((*HW, 3), 30, np.uint8)
    raw = np.concatenate([person.ravel(), nobody.ravel()])
    return SceneStore(
        stem=Path("unused"),
        raw=raw,
        start=np.array([0, person.size, 2 * person.size]),
        hw=np.array([HW, HW]),
        source=np.array([complete_source, 0]),
        known=np.ones((2, 4), np.bool_),
        person_start=np.array([0, 1, 1]),
        box=BOX[None],
        keypoints=POINTS[None],
        ignored_start=np.array([0, 1, 1]),
        ignored=np.array([[90, 10, 110, 60]], np.float32),
    )


def compositor(complete_source: int = 0) -> Compositor:
    return Compositor(store(complete_source), NAMES, np.array([True, False]))


def test_without_augmentation_it_is_the_letterboxed_picture() -> None:
    made, phase = compositor(), Phase(*HW, 1, 1e-3, augment=0.0)
    scene = made.scene(0, phase, np.random.default_rng(0))
    np.testing.assert_array_equal(scene.picture, made.store.picture(0))
    np.testing.assert_allclose(scene.people, POINTS[None])
    np.testing.assert_allclose(scene.size, np.sqrt(36 * 70))
    assert not scene.counts[10:61, 90:111].any()
    assert scene.counts.sum() == HW[0] * HW[1] - 51 * 21


def test_where_not_everybody_is_labelled_only_the_labelled_count() -> None:
    phase = Phase(*HW, 1, 1e-3, augment=0.0)
    counts = compositor(1).scene(0, phase, np.random.default_rng(0)).counts
    assert counts[20:91, 22:59].all()
    assert counts.sum() == 71 * 37


@pytest.mark.parametrize("index", [0, 1], ids=["a person", "nobody"])
def test_a_scene_is_a_function_of_the_generator(index: int) -> None:
    made = compositor()
    first, again, other = (made.scene(index, PHASE, np.random.default_rng(n)) for n in (5, 5, 6))
    np.testing.assert_array_equal(first.picture, again.picture)
    np.testing.assert_array_equal(first.people, again.people)
    assert (first.picture != other.picture).any()
    np.testing.assert_array_equal(made.store.keypoints[0], POINTS)


def test_pictures_of_nobody_get_people() -> None:
    made = compositor()
    for seed in range(8):
        scene = made.scene(1, PHASE, np.random.default_rng(seed))
        assert 1 <= len(scene.people) <= 3
        assert len(scene.size) == len(scene.people)


def empty() -> Scene:
    return Scene(
        np.full((*HW, 3), 30, np.uint8),
        np.zeros((0, 4, 3)),
        np.zeros(0),
        np.ones(HW, np.bool_),
        np.ones(4, np.bool_),
    )


def test_keypoints_lie_on_the_pasted_person() -> None:
    made = compositor()
    for seed in range(12):
        scene = empty()
        made._paste(scene, 0, np.random.default_rng(seed))
        for x, y, _ in scene.people[0]:
            if 4 <= x < HW[1] - 4 and 4 <= y < HW[0] - 4:
                blue, _, red = scene.picture[round(y), round(x)].tolist()
                assert red > 200, "the middle of an outline is opaque"
                assert blue < 60


def masked(*boxes: tuple[int, int, int, int]) -> Any:
    mask = np.zeros(HW, np.float32)
    for x1, y1, x2, y2 in boxes:
        mask[y1:y2, x1:x2] = 1
    return mask


@pytest.mark.parametrize(
    ("mask", "visibility"),
    [
        pytest.param(masked(), [2, 2, 2, 1], id="nothing"),
        pytest.param(masked((45, 25, 60, 35)), [1, 2, 2, 1], id="one is hidden"),
        pytest.param(masked((0, 0, 128, 50)), None, id="too little is seen"),
    ],
)
def test_hiding(mask: Any, visibility: list[int] | None) -> None:
    scene = empty()
    scene.people, scene.size = POINTS[None].astype(np.float64), np.array([50.0])
    scene.people[0, 3, 2] = 1  # hidden on the photo itself
    compositor()._hide(scene, mask)
    if visibility is None:
        assert len(scene.people) == len(scene.size) == 0
        assert not scene.counts[30:71, 30:51].any(), "what is left is not punished"
        assert scene.counts[:, 60:].all()
    else:
        assert scene.people[0, :, 2].tolist() == visibility
        assert scene.counts.all()


def test_outline() -> None:
    drawer = Outliner(NAMES, limbs(NAMES))
    points = POINTS.astype(np.float64)
    before = points.copy()
    mask = drawer.draw(points, 50.0, HW)
    np.testing.assert_array_equal(points, before)
    assert mask.shape == HW
    assert (mask.min(), mask.max()) == (0, 1)
    assert mask[50, 40] == 1, "the trunk is filled"
    assert all(mask[int(y), int(x)] > 0.5 for x, y, _ in POINTS)
    unlabelled = points.copy()
    unlabelled[:, 2] = 0
    assert drawer.draw(unlabelled, 50.0, HW).max() == 0


def test_paste() -> None:
    below, above = np.zeros((1, 3, 3), np.uint8), np.full((1, 3, 3), 200, np.uint8)
    mask = np.array([[0, 0.5, 1]], np.float32)
    assert paste(below, above, mask)[0, :, 0].tolist() == [0, 100, 200]
    assert below.max() == 0
