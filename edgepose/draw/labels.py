# SPDX-License-Identifier: Apache-2.0
"""Labels of people: index and score on a tag that keeps clear of other tags."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2

from edgepose.draw.colors import OUTLINE, Bgr, person_color
from edgepose.draw.shapes import Picture
from edgepose.draw.widths import picture_size

FONT = cv2.FONT_HERSHEY_SIMPLEX
FONT_PX = 22.0  # height of a capital letter at scale 1
TEXT_OF_PICTURE = 0.0145
TEXT_OF_PERSON = 0.06
TEXT_PX = (8.0, 64.0)  # least and most height of a capital letter
MAX_SHARE = 0.2  # of the picture's width and height that one tag may take


class Label(NamedTuple):
    """Index of a person, its score and its box (image px)."""

    person: int
    score: float
    box: tuple[float, ...]


class Tag(NamedTuple):
    """A text and its place in whole px: left, top, right, bottom, the last two not included."""

    text: str
    x1: int
    y1: int
    x2: int
    y2: int


def draw_labels(picture: Picture, labels: list[Label]) -> None:
    """Draws each label above its box, or elsewhere at it where there is no room.

    A tag that would cover too much of a small picture shows the index alone, or is left out.
    """
    height, width = picture.shape[:2]
    placed: list[Tag] = []
    for label in sorted(labels, key=lambda label: label.person):
        text_px = _text_px(label, (width, height))
        for text in (f"{label.person}  {label.score:.2f}", str(label.person)):
            tag_wh = _tag_wh(text, text_px)
            if tag_wh[0] <= MAX_SHARE * width and tag_wh[1] <= MAX_SHARE * height:
                tag = _place(text, label, tag_wh, (width, height), placed)
                placed.append(tag)
                _draw(picture, tag, text_px, person_color(label.person))
                break


def _text_px(label: Label, picture_wh: tuple[int, int]) -> float:
    x1, y1, x2, y2 = label.box
    person = TEXT_OF_PERSON * math.hypot(x2 - x1, y2 - y1)
    return min(max(min(TEXT_OF_PICTURE * picture_size(picture_wh), person), TEXT_PX[0]), TEXT_PX[1])


def _tag_wh(text: str, text_px: float) -> tuple[int, int]:
    (text_w, _), _ = cv2.getTextSize(text, FONT, text_px / FONT_PX, _thickness(text_px))
    pad = round(0.5 * text_px)
    return text_w + 2 * pad, round(text_px) + 2 * pad


def _place(
    text: str,
    label: Label,
    tag_wh: tuple[int, int],
    picture_wh: tuple[int, int],
    placed: list[Tag],
) -> Tag:
    """A free place at the box; the first choice if all are taken."""
    tag_w, tag_h = tag_wh
    x1, y1, x2, y2 = (round(value) for value in label.box)
    choices = []
    for left, top in ((x1, y1 - tag_h), (x2 - tag_w, y1 - tag_h), (x1, y1), (x1, y2)):
        x = min(max(left, 0), picture_wh[0] - tag_w)
        y = min(max(top, 0), picture_wh[1] - tag_h)
        choices.append(Tag(text, x, y, x + tag_w, y + tag_h))
    free = (tag for tag in choices if not any(_overlap(tag, other) for other in placed))
    return next(free, choices[0])


def _overlap(a: Tag, b: Tag) -> bool:
    return a.x1 < b.x2 and b.x1 < a.x2 and a.y1 < b.y2 and b.y1 < a.y2


def _draw(picture: Picture, tag: Tag, text_px: float, color: Bgr) -> None:
    picture[tag.y1 : tag.y2, tag.x1 : tag.x2] = OUTLINE
    rim = max(1, round(0.08 * text_px))
    picture[tag.y1 + rim : tag.y2 - rim, tag.x1 + rim : tag.x2 - rim] = color
    pad = (tag.y2 - tag.y1 - round(text_px)) // 2
    origin = tag.x1 + pad, tag.y2 - pad
    scale, thickness = text_px / FONT_PX, _thickness(text_px)
    cv2.putText(picture, tag.text, origin, FONT, scale, OUTLINE, thickness, cv2.LINE_AA)


def _thickness(text_px: float) -> int:
    return max(1, round(0.11 * text_px))
