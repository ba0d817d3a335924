# SPDX-License-Identifier: Apache-2.0
"""The contract of trained weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError, ModelError, SpecError
from edgepose.spec import Spec
from edgepose.train.config import Phase, Source, TrainConfig
from edgepose.train.contract import ExportOptions, blur_kernel, contract, skeleton
from edgepose.train.recipe import Recipe

POSE = Recipe("hrnet-s", "top_down", ("nose", "left_eye", "right_eye"), 256, 192, 1.5, 10, "m")
DETECTOR = Recipe("det-n", "detector", (), 320, 320, 1.5, 10, "d", ("coco",))


def test_a_pose_model() -> None:
    spec = contract(POSE, ExportOptions())
    assert Spec.from_json(spec.to_json()) == spec
    assert spec.input.wh == (192, 256)
    assert (spec.input.color, spec.input.resize) == ("rgb", "crop")
    assert (spec.input.box_padding, spec.input.pad_value) == (1.25, 114)
    assert spec.input.mean == (123.675, 116.28, 103.53)
    assert spec.to_dict()["codec"] == {
        "type": "heatmap",
        "stride": 4,
        "warp": "half_pixel",
        "subpixel": "dark",
        "blur_kernel": 7,
    }
    assert spec.keypoints is not None
    assert spec.keypoints.edges == ((1, 2), (0, 1), (0, 2))
    assert spec.keypoints.flip_pairs == ((1, 2),)
    assert spec.keypoints.sigmas == (0.026, 0.025, 0.025)


def test_a_detector() -> None:
    options = ExportOptions(name="x", score_threshold=0.2, nms_iou=0.5, data=("a",), license="MIT")
    spec = contract(DETECTOR, options)
    assert (spec.name, spec.training.data, spec.license) == ("x", ("a",), "MIT")
    assert (spec.input.resize, spec.input.anchor) == ("letterbox", "center")
    assert (spec.codec.score_threshold, spec.codec.nms_iou) == (0.2, 0.5)  # type: ignore[union-attr]
    assert spec.keypoints is None


@pytest.mark.parametrize("subpixel", ["none", "quarter", "quadratic"])
def test_methods_without_blur_have_no_kernel(subpixel: str) -> None:
    codec: Any = contract(POSE, ExportOptions(subpixel=subpixel)).codec
    assert (codec.subpixel, codec.blur_kernel) == (subpixel, None)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (ExportOptions(subpixel="best"), InputError),
        (ExportOptions(weights="int4"), InputError),
        (ExportOptions(license=""), SpecError),
    ],
)
def test_wrong_options(options: ExportOptions, error: type[Exception]) -> None:
    with pytest.raises(error):
        contract(POSE, options)
    with pytest.raises(SpecError, match="nms_iou"):
        contract(DETECTOR, ExportOptions(nms_iou=2))


def test_the_blur_fits_the_targets() -> None:
    assert [blur_kernel(sigma) for sigma in (1.0, 1.5, 2.0, 3.0)] == [5, 7, 11, 17]


@pytest.mark.parametrize("sigma", [1.0, 1.5, 2.0])
def test_dark_finds_the_targets_centre(sigma: float) -> None:
    from edgepose.decode.heatmap import decode_heatmaps

    xy = np.random.default_rng(0).uniform(12, 20, (50, 2))
    y, x = np.mgrid[:32, :32]
    maps = np.exp(
        -((x - xy[:, 0, None, None]) ** 2 + (y - xy[:, 1, None, None]) ** 2) / (2 * sigma**2)
    ).astype(np.float32)
    found, score = decode_heatmaps(maps[None], subpixel="dark", blur_kernel=blur_kernel(sigma))
    assert np.abs(found[0] - xy).max() < 0.02
    assert score.max() <= 1


def test_the_whole_of_coco() -> None:
    names = (
        "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder",
        "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
        "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    )  # fmt: skip
    found = skeleton(names)
    assert len(found.edges) == 19
    assert len(found.flip_pairs) == 8
    assert len(found.sigmas) == 17
    assert skeleton((*names, "tail")).sigmas == ()


def test_a_recipe_comes_back() -> None:
    assert Recipe.from_dict(POSE.to_dict()) == POSE
    older = {key: value for key, value in DETECTOR.to_dict().items() if key != "data"}
    assert Recipe.from_dict({**older, "later": 1}) == replace(DETECTOR, data=())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"arch": None}, "recipe.arch must be str", id="none"),
        pytest.param({"height": 1.5}, "recipe.height must be int", id="float"),
        pytest.param({"task": "x"}, "recipe.task must be one of", id="task"),
        pytest.param({"sigma": -1}, "must be positive", id="sigma"),
        pytest.param({"keypoint_names": [1]}, "recipe.keypoint_names must be", id="names"),
    ],
)
def test_a_wrong_recipe_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError) as caught:
        Recipe.from_dict({**POSE.to_dict(), **change})
    assert message in str(caught.value)


@pytest.mark.parametrize("document", [None, {}, []])
def test_no_recipe_is_refused(document: Any) -> None:
    with pytest.raises(ModelError, match="recipe"):
        Recipe.from_dict(document)


def test_data_sets_are_named_by_their_shards() -> None:
    sources = tuple(Source(shards) for shards in ("coco-*.npz", "a/b_*.npz", "*", "one.npz"))
    phase = Phase(128, 96, 1, 1)
    config = TrainConfig("n", "top_down", "hrnet-s", sources, (phase,), ("nose",))
    assert Recipe.of(config, phase, 3).data == ("coco", "b", "*", "one")
