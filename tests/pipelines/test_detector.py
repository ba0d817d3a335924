# SPDX-License-Identifier: Apache-2.0
"""Pictures to boxes, with detectors whose answers can be told from the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import (
    BOX_WH,
    DETECTOR_WH,
    RED,
    centers_document,
    input_part,
    picture,
    write_centers,
    write_yolox,
    yolox_document,
)

from edgepose.errors import InputError
from edgepose.pipelines import Detector, open_network
from edgepose.pipelines.detector import boxes_to_image, fill_crops, input_to_image
from edgepose.spec.build import build
from edgepose.spec.input import InputSpec

WRITERS: dict[str, tuple[Any, Any]] = {
    "centers": (write_centers, centers_document),
    "yolox": (write_yolox, yolox_document),
}
RESIZES: dict[str, dict[str, Any]] = {
    "center": {"resize": "letterbox", "anchor": "center"},
    "top_left": {"resize": "letterbox", "anchor": "top_left"},
    "stretch": {"resize": "stretch"},
}


def detector(
    path: Path, kind: str, resize: str = "center", min_score: float | None = None
) -> Detector:
    write, document = WRITERS[kind]
    contract = document(input=input_part(DETECTOR_WH, **RESIZES[resize]))
    network = open_network(write(path / "d.onnx", contract), task="detector")
    return Detector(network, min_score=min_score)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("wh", [(128, 64), (1, 1), (20000, 1), (1, 20000)], ids=str)
def test_nobody(tmp_path: Path, kind: str, wh: tuple[int, int]) -> None:
    boxes, score = detector(tmp_path, kind)(picture(wh, []))
    assert boxes.shape == (0, 4)
    assert boxes.dtype == np.float64
    assert score.shape == (0,)
    assert score.dtype == np.float32


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("resize", RESIZES)
def test_box_around_the_dot(tmp_path: Path, kind: str, resize: str) -> None:
    """Picture 128x64, input 64x64: half size, or half as wide only when stretched."""
    image = picture((128, 64), [(64, 32, RED)], side=16)
    before = image.copy()
    boxes, score = detector(tmp_path, kind, resize)(image)
    np.testing.assert_array_equal(image, before)
    step = np.array([2, 1 if resize == "stretch" else 2])
    # The dot covers cells of the input; where the boxes of its cells overlap, one is left.
    assert score[0] == pytest.approx(1, abs=0.02)
    center = 0.5 * (boxes[0, :2] + boxes[0, 2:])
    size = boxes[0, 2:] - boxes[0, :2]
    np.testing.assert_allclose(size, step * BOX_WH, rtol=1e-5)
    np.testing.assert_allclose(center, (71.5, 39.5), atol=4)


def test_center_of_a_cell_is_exact(tmp_path: Path) -> None:
    """Input as large as the picture: the dot at cell (3, 4) of 8x8 px."""
    image = picture(DETECTOR_WH, [(24, 32, RED)], side=8)
    for kind in WRITERS:
        boxes, score = detector(tmp_path, kind)(image)
        np.testing.assert_allclose(boxes, [[19.5, 23.5, 35.5, 47.5]], atol=1e-4)
        np.testing.assert_allclose(score, [1], atol=1e-6)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("min_score", "found"),
    [(None, 1), (0.0, 2), (0.1, 2), (0.3, 1), (1.0, 0)],
    ids=["contract", "zero", "lower", "the_contracts", "one"],
)
def test_threshold_of_the_call(
    tmp_path: Path, kind: str, min_score: float | None, found: int
) -> None:
    """A red dot, and a faint one below the contract's threshold of 0.3."""
    faint = (0, 0, RED[2] // 5)
    image = picture(DETECTOR_WH, [(8, 8, RED), (40, 40, faint)], side=8)
    boxes, score = detector(tmp_path, kind, min_score=min_score)(image)
    assert len(boxes) == len(score) == found


@pytest.mark.parametrize(
    ("shrink", "value"), [(None, 0.0), ("bilinear", 0.0), ("area", 0.25)], ids=str
)
def test_large_pictures_shrink_as_the_contract_says(shrink: str | None, value: float) -> None:
    """Every fourth column is white: an input pixel covers four, its centre lies between two."""
    image = np.zeros((256, 256, 3), np.uint8)
    image[:, ::4] = 255
    given = {"shrink": shrink} if shrink else {}
    spec = build(InputSpec, "input", input_part(DETECTOR_WH, **RESIZES["center"], **given))
    out = np.empty((1, 3, 64, 64), np.float32)
    fill_crops(image, input_to_image(spec, (256, 256)), spec, out)
    np.testing.assert_allclose(out, value, atol=1e-3)


@pytest.mark.parametrize("min_score", [-0.1, 1.1, float("nan")])
def test_refuses_a_threshold(tmp_path: Path, min_score: float) -> None:
    with pytest.raises(InputError, match=r"min_score of a box must be 0\.\.1; got"):
        detector(tmp_path, "centers", min_score=min_score)


@pytest.mark.parametrize("kind", WRITERS)
def test_boxes_end_at_the_edges(tmp_path: Path, kind: str) -> None:
    image = picture(DETECTOR_WH, [(0, 0, RED), (56, 56, RED)], side=8)
    boxes, _ = detector(tmp_path, kind)(image)
    expected = [[-0.5, -0.5, 11.5, 15.5], [51.5, 47.5, 63.5, 63.5]]
    np.testing.assert_allclose(np.sort(boxes, axis=0), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ([0, 0, 4, 4], True),
        ([-9, 0, -2, 4], False),
        ([20, 20, 30, 30], False),
        ([4, 4, 4, 8], False),
        ([8, 4, 4, 8], False),
        ([np.nan, 0, 4, 4], False),
        ([-np.inf, 0, 4, 4], True),
    ],
    ids=["inside", "left", "beyond", "no_width", "turned", "nan", "infinite"],
)
def test_boxes_without_area_go(box: list[float], kept: bool) -> None:
    matrix = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    boxes, score = boxes_to_image(
        np.array([box, [1, 1, 2, 2]], np.float32), np.array([0.9, 0.5], np.float32), matrix, (10, 9)
    )
    assert len(boxes) == len(score) == (2 if kept else 1)
    np.testing.assert_array_equal(boxes[-1], [1, 1, 2, 2])
    assert np.isfinite(boxes).all()
