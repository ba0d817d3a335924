# SPDX-License-Identifier: Apache-2.0
"""A bottom-up model of others, channels last and in one output, by its contract in examples/."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgepose.evaluation import evaluate
from edgepose.io.coco import read_coco
from edgepose.pose import Pose

CONTRACT = Path(__file__).parents[2] / "examples/contracts/tf_pose_mobilenet_v2_small.spec.json"

pytest.importorskip("openvino", reason="needs edgepose[openvino]")


def test_people_of_photos(shared_dir: Path) -> None:
    """AP of the first 30 is 17.0; a wrong channel, colour or offset halves it."""
    model = shared_dir / "data/models/tf_pose_mobilenet_v2_small.pb"
    photos = shared_dir / "data/people/coco"
    if not (model.is_file() and photos.is_dir()):
        pytest.skip(f"model or photos not found in {shared_dir}")
    dataset = read_coco(photos / "person_keypoints_val.json").head(30)
    with Pose(model, spec=CONTRACT, backend="openvino", threads=1) as pose:
        found = evaluate(pose, dataset, photos / "images", boxes="detector")
    assert len(found.keypoint_names) == 17, "the neck is not COCO's"
    ap = found.numbers()["AP"]
    assert ap is not None
    assert ap > 0.15
