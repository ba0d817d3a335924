# SPDX-License-Identifier: Apache-2.0
"""Models made elsewhere go through the same pipeline by a contract beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgepose.evaluation import Evaluation, evaluate
from edgepose.io.coco import read_coco
from edgepose.pose import Pose

CONTRACTS = Path(__file__).resolve().parents[1] / "examples" / "contracts"


def pose(shared_dir: Path, detector: bool) -> Pose:
    models = shared_dir / "models"
    models = models if models.is_dir() else shared_dir / "data" / "models"
    files = models / "ultralight_simplepose.onnx", models / "yolox_nano.onnx"
    for file in files:
        if not file.is_file():
            pytest.skip(f"model not found: {file}")
    return Pose(
        files[0],
        files[1] if detector else None,
        spec=CONTRACTS / "ultralight_simplepose.spec.json",
        detector_spec=CONTRACTS / "yolox_nano.spec.json" if detector else None,
    )


def first_pictures(shared_dir: Path, detector: bool) -> Evaluation:
    people = shared_dir / "data" / "people" / "coco"
    file = people / "person_keypoints_val.json"
    if not file.is_file():
        pytest.skip(f"annotations not found: {file}")
    dataset = read_coco(file).head(40)
    return evaluate(
        pose(shared_dir, detector),
        dataset,
        people / "images",
        boxes="detector" if detector else "gt",
    )


def test_simplepose_keeps_its_accuracy(shared_dir: Path) -> None:
    found = first_pictures(shared_dir, detector=False)
    assert found.model == "ultralight-simplepose"
    assert found.table.stats["AP"] > 0.48  # 0.488; with the half-pixel warp 0.46


def test_yolox_finds_people(shared_dir: Path) -> None:
    found = first_pictures(shared_dir, detector=True)
    assert found.detector == "yolox-nano"
    assert found.table.stats["AP"] > 0.41  # 0.426
