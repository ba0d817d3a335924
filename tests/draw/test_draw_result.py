# SPDX-License-Identifier: Apache-2.0
"""Overlays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from results import COCO_17, person, result

from edgepose.draw import draw_result
from edgepose.draw.colors import OUTLINE, SIDES, limb_side, person_color, side_of
from edgepose.errors import InputError
from edgepose.types import Keypoints, Person, Skeleton

WH = (200, 300)
FEET = Skeleton(("left_foot", "right_foot"), ((0, 1),))


def picture(wh: tuple[int, int] = WH, value: int = 90) -> NDArray[np.uint8]:
    return np.full((wh[1], wh[0], 3), value, np.uint8)


def pair(
    a: tuple[float, float],
    b: tuple[float, float],
    *,
    scores: tuple[float, float] = (1.0, 1.0),
    skeleton: Skeleton = FEET,
    wh: tuple[int, int] = WH,
    box: tuple[float, float, float, float] = (20, 60, 180, 280),
) -> Person:
    xy, score = np.array([a, b], np.float32), np.array(scores, np.float32)
    return Person(np.array(box, np.float32), 0.5, Keypoints(xy, score, skeleton.names, wh))


def near(drawn: NDArray[np.uint8], x: int, y: int, color: tuple[int, int, int]) -> bool:
    return bool(np.abs(drawn[y, x].astype(int) - color).max() <= 2)


def test_nobody_gives_a_copy() -> None:
    source = picture()
    drawn = draw_result(source, result(wh=WH))
    assert drawn is not source
    np.testing.assert_array_equal(drawn, source)


def test_the_picture_is_not_modified_and_may_be_a_read_only_view() -> None:
    source = picture((400, 300))[:, ::2]
    source.setflags(write=False)
    drawn = draw_result(source, result(person(wh=WH), wh=WH))
    assert (source == 90).all()
    assert drawn.shape == source.shape
    assert drawn.dtype == np.uint8
    assert drawn.flags.c_contiguous
    assert drawn.flags.writeable
    assert (drawn != source).any()


def test_limbs_joints_and_box_are_where_they_should_be() -> None:
    drawn = draw_result(picture(), result(pair((60, 100), (140, 100)), skeleton=FEET, wh=WH))
    assert near(drawn, 60, 100, SIDES["left"])
    assert near(drawn, 140, 100, SIDES["right"])
    assert near(drawn, 100, 100, SIDES["middle"])
    assert near(drawn, 20, 200, person_color(0))
    assert near(drawn, 100, 280, person_color(0))
    assert near(drawn, 100, 200, (90, 90, 90))


@pytest.mark.parametrize("value", [0, 128, 255], ids=["black", "grey", "white"])
def test_a_dark_rim_stands_between_colour_and_picture(value: int) -> None:
    wh = (800, 600)
    feet = pair((200, 300), (600, 300), wh=wh, box=(100, 100, 700, 500))
    drawn = draw_result(picture(wh, value), result(feet, skeleton=FEET, wh=wh))
    column = drawn[280:301, 400].astype(int)
    rim = np.abs(column - OUTLINE).max(axis=1) <= 6
    assert rim.any()
    assert near(drawn, 400, 300, SIDES["middle"])


@pytest.mark.parametrize(
    ("scores", "joint", "limb"),
    [((0.5, 0.5), True, True), ((0.5, 0.49), True, False), ((0.49, 0.49), False, False)],
    ids=["both-at-threshold", "one-below", "both-below"],
)
def test_keypoints_below_the_threshold_are_left_out(
    scores: tuple[float, float], joint: bool, limb: bool
) -> None:
    feet = pair((60, 100), (140, 100), scores=scores)
    drawn = draw_result(picture(), result(feet, skeleton=FEET, wh=WH), min_score=0.5)
    assert near(drawn, 60, 100, SIDES["left"]) is joint
    assert near(drawn, 100, 100, SIDES["middle"]) is limb


def test_order_of_the_labels_is_the_result_order() -> None:
    people = [person((20, 60, 60, 120), wh=WH), person((80, 60, 180, 280), wh=WH)]
    drawn = draw_result(picture(), result(*people, wh=WH))
    assert near(drawn, 20, 90, person_color(0))
    assert near(drawn, 180, 200, person_color(1))


@pytest.mark.parametrize(
    "wh", [(1, 1), (20000, 1), (1, 3000), (40, 60), (3000, 2000)], ids=lambda wh: f"{wh[0]}x{wh[1]}"
)
def test_pictures_of_any_size(wh: tuple[int, int]) -> None:
    box = (0.1 * wh[0], 0.1 * wh[1], 0.9 * wh[0], 0.9 * wh[1])
    drawn = draw_result(picture(wh), result(person(box, wh=wh), wh=wh))
    assert drawn.shape == (wh[1], wh[0], 3)


def test_lines_grow_with_the_picture() -> None:
    shares = []
    for scale in (2, 4, 8):
        wh = (400 * scale, 300 * scale)
        box = (40.0 * scale, 40.0 * scale, 360.0 * scale, 280.0 * scale)
        drawn = draw_result(picture(wh), result(person(box, wh=wh), wh=wh))
        shares.append(float((drawn != 90).any(axis=2).mean()))
    assert max(shares) / min(shares) < 1.25


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((-1e6, 100), (1e6, 100)),
        ((3e38, 3e38), (3.1e38, 3e38)),
        ((100, -1e6), (100, 1e6)),
        ((-50, 100), (250, 100)),
        ((100, 100), (100, 100)),
    ],
    ids=["through-x", "far-away", "through-y", "both-outside", "a-point"],
)
def test_keypoints_anywhere(a: tuple[float, float], b: tuple[float, float]) -> None:
    big = (-1e30, -1e30, 1e30, 1e30)
    drawn = draw_result(picture(), result(pair(a, b, box=big), skeleton=FEET, wh=WH))
    crosses = a != (3e38, 3e38)
    color = SIDES["right" if a == b else "middle"]
    assert near(drawn, 100, 100, color) is crosses


@pytest.mark.parametrize("size", [1e10, 1e20, 3e38])
def test_absurd_numbers_do_no_harm(size: float) -> None:
    box = (-size, -size, size, size)
    feet = pair((-size, -size), (size, size), box=box)
    drawn = draw_result(picture(), result(feet, skeleton=FEET, wh=WH))
    assert drawn.shape == (300, 200, 3)


def test_skeleton_without_limbs() -> None:
    dots = Skeleton(("a", "b"))
    feet = pair((60, 100), (140, 100), skeleton=dots)
    drawn = draw_result(picture(), result(feet, skeleton=dots, wh=WH))
    assert near(drawn, 60, 100, SIDES["middle"])
    assert near(drawn, 100, 100, (90, 90, 90))


@pytest.mark.parametrize(
    ("wrong", "got"),
    [
        (picture((200, 299)), "uint8 (299, 200, 3)"),
        (picture()[..., 0], "uint8 (300, 200)"),
        (picture().astype(np.float32), "float32 (300, 200, 3)"),
        ("photo.jpg", "str"),
    ],
    ids=["size", "grey", "float", "path"],
)
def test_wrong_pictures(wrong: Any, got: str) -> None:
    with pytest.raises(InputError) as error:
        draw_result(wrong, result(wh=WH))
    assert str(error.value) == f"picture must be uint8 (300, 200, 3); got {got}"


def test_result_draws_itself() -> None:
    source = picture()
    drawn = result(person(wh=WH), wh=WH, image=source).draw()
    np.testing.assert_array_equal(drawn, draw_result(source, result(person(wh=WH), wh=WH)))


@pytest.mark.parametrize(
    ("name", "side"),
    [("left_knee", "left"), ("RightFoot", "right"), ("nose", "middle"), ("neck", "middle")],
)
def test_side_of_a_name(name: str, side: str) -> None:
    assert side_of(name) == side


@pytest.mark.parametrize(
    ("edge", "side"),
    [((5, 7), "left"), ((6, 8), "right"), ((5, 6), "middle"), ((0, 1), "left"), ((0, 2), "right")],
    ids=["left-left", "right-right", "left-right", "middle-left", "middle-right"],
)
def test_side_of_a_limb(edge: tuple[int, int], side: str) -> None:
    assert limb_side(COCO_17, edge) == side
