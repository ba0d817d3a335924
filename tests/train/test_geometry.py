# SPDX-License-Identifier: Apache-2.0
"""Training and runtime agree on where a pixel is: points go both ways without a shift."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from edgepose.geometry import apply_matrix, cells_to_input, crop_matrix, letterbox_matrix
from edgepose.train.augment import flip_order
from edgepose.train.boxes import moved_boxes
from edgepose.train.config import Phase
from edgepose.train.detector_samples import STRIDE as DETECTOR_STRIDE
from edgepose.train.detector_samples import DetectorSamples
from edgepose.train.detector_targets import encode
from edgepose.train.person_store import BOX_PADDING, PersonStore, canvas_matrix
from edgepose.train.picture_store import LONG_SIDE, PictureStore, shrunk
from edgepose.train.pixels import PAD_VALUE, inverse, moved, warp
from edgepose.train.pose_samples import STRIDE, PoseSamples, input_to_cells

BOXES = [
    pytest.param([10.0, 20, 110, 260], id="narrow"),
    pytest.param([-5.5, 3.25, 200, 60], id="wide"),
    pytest.param([7.0, 7, 37, 47], id="small"),
]
PHASES = [pytest.param(Phase(128, 96, 1, 1), id="128x96"), pytest.param(Phase(256, 192, 1, 1))]


def _store(canvas: NDArray[np.uint8], keypoints: NDArray[np.float64], tmp: object) -> PersonStore:
    one = np.zeros(1, np.int64)
    return PersonStore(tmp, canvas[None], keypoints[None].astype(np.float32), one, one)  # type: ignore[arg-type]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("phase", PHASES)
def test_the_crop_is_the_runtimes(box: list[float], phase: Phase) -> None:
    samples = PoseSamples.__new__(PoseSamples)
    plain = Phase(phase.height, phase.width, 1, 1, augment=0)
    to_input, flip = samples.matrix(np.zeros((2, 3), np.float32), plain, np.random.default_rng(0))
    runtime = crop_matrix(
        [box], (phase.width, phase.height), padding=BOX_PADDING, warp="half_pixel"
    )
    points = np.random.default_rng(0).uniform(-50, 300, (40, 2))
    trained = moved(moved(points, canvas_matrix(np.array(box))), to_input)
    assert not flip
    assert np.allclose(apply_matrix(runtime, trained[None])[0], points, atol=1e-9)
    assert np.allclose(trained, moved(points, inverse(runtime[0])), atol=1e-9)


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("phase", PHASES)
def test_keypoints_in_cells_come_back_to_the_picture(box: list[float], phase: Phase) -> None:
    points = np.random.default_rng(1).uniform(box[:2], box[2:], (5, 2))
    canvas = np.zeros((320, 240, 3), np.uint8)
    on_canvas = np.column_stack([moved(points, canvas_matrix(np.array(box))), np.ones(5)])
    samples = PoseSamples(_store(canvas, on_canvas, None), tuple("abcde"))
    batch = samples.plain(np.array([0]), phase)
    wh = (phase.width, phase.height)
    map_wh = (phase.width // STRIDE, phase.height // STRIDE)
    xy_in = cells_to_input(batch.xy, stride=STRIDE, warp="half_pixel", input_wh=wh, map_wh=map_wh)
    runtime = crop_matrix([box], wh, padding=BOX_PADDING, warp="half_pixel")
    assert np.allclose(apply_matrix(runtime, xy_in)[0], points, atol=2e-4)  # float32 labels
    assert batch.mask.tolist() == [[1] * 5]


def test_cells_are_the_inverse_of_the_runtimes() -> None:
    cells = np.random.default_rng(0).uniform(-1, 70, (30, 2))
    xy_in = cells_to_input(
        cells, stride=STRIDE, warp="half_pixel", input_wh=(192, 256), map_wh=(48, 64)
    )
    assert np.allclose(input_to_cells(xy_in), cells, atol=1e-12)


def test_pixels_follow_their_labels_through_every_augmentation() -> None:
    names = ("nose", "left_hip", "right_hip", "left_ankle", "right_ankle")
    points = np.array([[120, 100], [140, 160], [100, 160], [150, 220], [90, 220]], np.float64)
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255]])
    canvas = np.zeros((320, 240, 3), np.uint8)
    for (x, y), colour in zip(points.astype(int).tolist(), colours, strict=True):
        canvas[y - 5 : y + 6, x - 5 : x + 6] = colour
    keypoints = np.column_stack([points, np.ones(5)])
    samples = PoseSamples(_store(canvas, keypoints, None), names)
    phase = Phase(256, 192, 1, 1)
    twin = flip_order(names)
    errors, flips = [], 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        matrix, flip = samples.matrix(samples.store.keypoints[0], phase, rng)
        picture = warp(canvas, matrix, np.empty((256, 192, 3), np.uint8)).astype(np.float64)
        batch = samples.batch(np.array([0]), phase, np.random.default_rng(seed))
        flips += flip
        for joint in range(5):
            if not batch.mask[0, joint]:
                continue
            shown = colours[twin[joint] if flip else joint]
            weight = np.clip(picture @ (shown * 2.0 - 255) / 255, 0, None) ** 2
            weight *= (np.abs(picture - PAD_VALUE) > 0).any(2)
            y, x = np.mgrid[:256, :192]
            near = (x - (batch.xy[0, joint, 0] * 4 + 1.5)) ** 2 + (
                y - (batch.xy[0, joint, 1] * 4 + 1.5)
            ) ** 2 < 400
            weight = weight * near * (weight > 0.5 * weight.max())
            place = np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum()
            if 25 < place[0] < 167 and 25 < place[1] < 231:
                errors.append(place - (batch.xy[0, joint] * 4.0 + 1.5))
    assert 10 < flips < 50
    assert len(errors) > 80
    assert np.abs(np.mean(errors, axis=0)).max() < 0.1  # no shift, in px of the input
    assert np.abs(errors).max() < 1.0


def test_a_letterbox_is_the_runtimes() -> None:
    box = np.array([[30, 40, 90, 160, 1]], np.float32)
    raw = np.zeros(300 * 200 * 3, np.uint8)
    store = PictureStore(
        None,  # type: ignore[arg-type]
        raw,
        np.array([0, raw.size]),
        np.array([[300, 200]]),
        np.zeros(1, np.int64),
        [box],
    )
    phase = Phase(160, 160, 1, 1)
    pictures, boxes = DetectorSamples(store, np.ones(1)).letterboxed(np.array([0]), phase)
    runtime = letterbox_matrix((200, 300), (160, 160), anchor="center")
    back = apply_matrix(runtime, boxes[0][None, :, :4].reshape(1, -1, 2)).reshape(-1, 4)
    assert np.allclose(back, box[:, :4], atol=1e-4)
    padded = (pictures[0] == PAD_VALUE).all(2)
    assert padded[:, 0].all()
    assert not padded[80, 80]


def test_a_shrunk_picture_keeps_its_outer_edges() -> None:
    picture = np.zeros((600, 801, 3), np.uint8)
    boxes = np.array([[-0.5, -0.5, 800.5, 599.5, 1], [100, 50, 300, 250, 1]])
    before = boxes.copy()
    small, found = shrunk(picture, boxes)
    assert (boxes == before).all()
    assert small.shape[:2] == (300, LONG_SIDE)
    assert np.allclose(found[0, :4], [-0.5, -0.5, 399.5, 299.5])
    assert np.allclose(found[1, 1], (50 + 0.5) * 0.5 - 0.5)


def test_a_small_picture_stays() -> None:
    picture = np.zeros((30, 40, 3), np.uint8)
    small, found = shrunk(picture, np.zeros((0, 5)))
    assert small is picture
    assert found.shape == (0, 5)


def test_moved_boxes() -> None:
    boxes = np.array([[0, 0, 10, 10, 1], [-40, 0, 10, 10, 1], [90, 90, 99, 99, 1]], np.float32)
    before = boxes.copy()
    found = moved_boxes(boxes, 2.0, np.array([1.0, 0.5]), (40, 40))
    assert (boxes == before).all()
    assert found.tolist() == [[1, 0.5, 21, 20.5, 1], [-0.5, 0.5, 21, 20.5, 0]]
    assert moved_boxes(boxes[:0], 1.0, np.zeros(2), (4, 4)).shape == (0, 5)


def test_centres_come_back_through_the_detectors_codec() -> None:
    from edgepose.decode.centers import decode_centers

    box = np.array([[20.0, 12, 61, 100, 1]], np.float32)
    target = encode(box, 128, 128, DETECTOR_STRIDE)
    row, column = np.argwhere(target["heatmap"][0] == 1)[0]
    size, offset = np.zeros((2, 2, 16, 16), np.float32)
    size[:, row, column] = [41, 88]
    offset[:, row, column] = (np.array([40.5, 56]) + 0.5) / 8 - 0.5 - [column, row]
    found, _ = decode_centers(
        target["heatmap"], size, offset, stride=DETECTOR_STRIDE, score_threshold=0.99
    )
    assert np.allclose(found, box[:, :4], atol=1e-5)


@pytest.mark.parametrize("box", BOXES)
def test_the_canvas_of_an_empty_box_is_finite(box: list[float]) -> None:
    flat = np.array([box[0], box[1], box[0], box[1]])
    assert np.isfinite(canvas_matrix(flat)).all()
