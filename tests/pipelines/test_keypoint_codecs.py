# SPDX-License-Identifier: Apache-2.0
"""What contracts say is decoded bounded: no keypoint of an unsure map is far from its maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_models import pose_document, simcc_document

from edgepose.decode import decode_heatmaps, decode_simcc
from edgepose.pipelines.keypoint_codecs import keypoints_on_input
from edgepose.spec import Spec


@pytest.mark.parametrize(
    ("codec", "reach"),
    [
        pytest.param({"subpixel": "dark", "blur_kernel": 11}, 2.0, id="dark"),
        pytest.param({"subpixel": "udp", "blur_kernel": 11}, 2.0, id="udp"),
        pytest.param({"subpixel": "integral", "beta": 1, "debias": True}, 47.5, id="debias"),
    ],
)
def test_unsure_heatmaps(codec: dict[str, Any], reach: float) -> None:
    document = pose_document()
    document["codec"].update(codec, stride=1)
    spec = Spec.from_dict(document)
    rng = np.random.default_rng(0)
    low, high = (-8.18, -6.68) if "beta" in codec else (0.05, 0.0501)
    maps = rng.uniform(low, high, (40, 3, 48, 32)).astype(np.float32)
    before = maps.copy()
    xy, score = keypoints_on_input({"heatmap": maps}, spec)
    np.testing.assert_array_equal(maps, before)
    np.testing.assert_array_equal(score, maps.max(axis=(2, 3)))
    cells, _ = decode_heatmaps(maps)
    assert np.abs(xy - cells).max() <= reach
    free, _ = decode_heatmaps(maps, **codec)
    assert np.abs(free - cells).max() > reach


def test_unsure_vectors() -> None:
    spec = Spec.from_dict(simcc_document(subpixel="dark", blur_kernel=[5, 5]))
    rng = np.random.default_rng(0)
    x, y = (rng.uniform(0.05, 0.0501, (90, 3, side)).astype(np.float32) for side in (32, 48))
    xy, _ = keypoints_on_input({"simcc_x": x, "simcc_y": y}, spec)
    bins, _ = decode_simcc(x, y, split_ratio=1)
    assert np.abs(xy - bins).max() <= 2
    free, _ = decode_simcc(x, y, split_ratio=1, blur_kernel=(5, 5))
    assert np.abs(free - bins).max() > 20
