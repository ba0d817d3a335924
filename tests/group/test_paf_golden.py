# SPDX-License-Identifier: Apache-2.0
"""PAF grouping against the stored outputs of three published implementations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edgepose.group import (
    PAF_BODY_25,
    PAF_COCO_18,
    PafPeople,
    PafSkeleton,
    group_paf,
    paf_options,
)

SYNTHETIC = [f"s{scene:02d}" for scene in range(16)]
PHOTOS = ["p2", "p3", "apink2", "crowd103319"]


def _load(path: Path) -> Any:
    with np.load(path) as stored:
        return dict(stored)


def _rows(people: PafPeople) -> Any:
    """[N, 3 K + 1]: x, y, score of each joint, zeros where missing, and the person's score."""
    joints = np.concatenate([people.xy, people.joint_score[..., None]], axis=2)
    return np.concatenate(
        [joints.reshape(len(people), 3 * joints.shape[1]), people.score[:, None]], axis=1
    )


def _stored(joints: Any, score: Any) -> Any:
    """The same of stored people; a joint without score is missing."""
    present = np.where(joints[..., 2:] > 0, joints, 0)
    present = present.reshape(len(joints), 3 * joints.shape[1])
    return np.concatenate([present, np.asarray(score)[:, None]], axis=1)


def _entries(golden: Any, name: str) -> Any:
    """People of lightweight-openpose, whose joints are indices of peaks."""
    entries, peaks = golden[f"{name}_entries"], golden[f"{name}_peaks"].reshape(-1, 4)
    joints = np.zeros((len(entries), 18, 3))
    person, part = np.nonzero(entries[:, :18] >= 0)
    joints[person, part] = peaks[entries[person, part].astype(int), :3]
    return _stored(joints, entries[:, 18])


def _assert_same(people: PafPeople, wanted: Any, place: float) -> None:
    """Equal as sets: joints within `place`, scores within 1e-4."""
    found = _rows(people)
    assert found.shape[0] == wanted.shape[0]
    tolerance = np.full(found.shape[1], place)
    tolerance[2::3] = 1e-4
    tolerance[-1] = 1e-4
    left = list(range(len(wanted)))
    for row in found:
        near = [index for index in left if (np.abs(row - wanted[index]) <= tolerance).all()]
        assert near, f"no stored person is like the one of score {row[-1]}"
        left.remove(near[0])


def _synthetic(golden: Any, scene: str, kind: int) -> tuple[Any, Any]:
    if not np.atleast_1d(golden[f"{scene}_stable"])[kind]:
        pytest.skip("the reference itself is not stable here")
    return golden[f"{scene}_heat"].astype(np.float32), golden[f"{scene}_paf"].astype(np.float32)


@pytest.fixture(scope="module")
def synthetic(golden_dir: Path) -> Any:
    return _load(golden_dir / "paf_synthetic.npz")


@pytest.fixture(scope="module")
def photos(golden_dir: Path) -> Any:
    return _load(golden_dir / "paf_real.npz")


@pytest.mark.parametrize("scene", SYNTHETIC)
def test_lightweight(synthetic: Any, scene: str) -> None:
    heat, paf = _synthetic(synthetic, scene, 0)
    people = group_paf(heat, paf, PAF_COCO_18, paf_options("lightweight"))
    _assert_same(people, _entries(synthetic, f"{scene}_lwop"), 0.0)


@pytest.mark.parametrize("scene", SYNTHETIC)
def test_tf_pose(synthetic: Any, scene: str) -> None:
    heat, paf = _synthetic(synthetic, scene, 1)
    people = group_paf(heat, paf, PAF_COCO_18, paf_options("tf_pose", smoothing_size=0))
    stored = synthetic[f"{scene}_pafprocess_people"], synthetic[f"{scene}_pafprocess_score"]
    _assert_same(people, _stored(*stored), 0.0)


@pytest.mark.parametrize("scene", SYNTHETIC)
def test_openpose(synthetic: Any, scene: str) -> None:
    heat, paf = _synthetic(synthetic, scene, 2)
    people = group_paf(heat, paf, PAF_COCO_18, paf_options("openpose"))
    stored = synthetic[f"{scene}_openpose_people"], synthetic[f"{scene}_openpose_score"]
    _assert_same(people, _stored(*stored), 1e-3)


@pytest.mark.parametrize("scene", ["b00", "b01", "b02"])
def test_openpose_body_25(golden_dir: Path, scene: str) -> None:
    golden = _load(golden_dir / "paf_body25.npz")
    heat, paf = _synthetic(golden, scene, 0)
    people = group_paf(heat, paf, PAF_BODY_25, paf_options("openpose"))
    stored = golden[f"{scene}_openpose_people"], golden[f"{scene}_openpose_score"]
    _assert_same(people, _stored(*stored), 1e-3)


def _maps(photos: Any, name: str, kind: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    assert photos[f"{name}_stable_lwop_openpose_tfpose"][kind]
    maps = photos[f"{name}_maps"].astype(np.float32)
    return maps[:19], maps[19:]


@pytest.mark.parametrize("name", PHOTOS)
def test_lightweight_enlarged(photos: Any, name: str) -> None:
    options = paf_options("lightweight", upscale=4)
    people = group_paf(*_maps(photos, name, 0), PAF_COCO_18, options)
    _assert_same(people, _entries(photos, f"{name}_lwop_x4"), 0.0)


@pytest.mark.parametrize("name", PHOTOS)
def test_openpose_enlarged(photos: Any, name: str) -> None:
    options = paf_options("openpose", upscale=8)
    people = group_paf(*_maps(photos, name, 1), PAF_COCO_18, options)
    stored = photos[f"{name}_openpose_x8_people"], photos[f"{name}_openpose_x8_score"]
    _assert_same(people, _stored(*stored), 1e-3)


@pytest.mark.parametrize("upscale", [1, 4])
@pytest.mark.parametrize("name", PHOTOS)
def test_tf_pose_smoothed(photos: Any, name: str, upscale: int) -> None:
    options = paf_options("tf_pose", upscale=upscale)
    people = group_paf(*_maps(photos, name, 2), PAF_COCO_18, options)
    of = f"{name}_tfpose_x{upscale}"
    _assert_same(people, _stored(photos[f"{of}_people"], photos[f"{of}_score"]), 0.0)


@pytest.mark.parametrize(
    ("file", "skeleton"),
    [
        pytest.param("paf_synthetic.npz", PAF_COCO_18, id="COCO"),
        pytest.param("paf_body25.npz", PAF_BODY_25, id="BODY_25"),
    ],
)
def test_skeletons(golden_dir: Path, file: str, skeleton: PafSkeleton) -> None:
    golden = _load(golden_dir / file)
    assert np.array(skeleton.limbs).tolist() == golden["limb_parts"].tolist()
    assert np.array(skeleton.channels).tolist() == golden["limb_paf_channels"].tolist()
