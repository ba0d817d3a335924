# SPDX-License-Identifier: Apache-2.0
"""The page's photos: both networks' answers side by side where they agree least."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.pipelines.detector import DECODERS
from edgepose.types import Skeleton

from .agreement import SURE
from .report import keypoints, worst_rows
from .result import Quantized

COLORS = ((74, 157, 42), (59, 67, 208))  # float, the other; BGR of the page's colours
GAP = 6


def worst_photos(done: Quantized) -> str:
    """The crops on which both agree least."""
    rows = worst_rows(done)
    if not rows:
        return "<p>Neither network is sure of anything on these crops.</p>"
    figures = "".join(_figure(done, row) for row in rows)
    title = escape(done.scheme.title)
    return (
        f'<p>Left <b class="float">float</b>, right <b class="int8">{title}</b>.</p>'
        f'<div class="pairs">{figures}</div>'
    )


def _figure(done: Quantized, row: int) -> str:
    picture = _picture(done, row)
    sides = [picture.copy(), picture.copy()]
    _draw(done, row, sides)
    gap = np.full((picture.shape[0], GAP, 3), 255, np.uint8)
    ok, data = cv2.imencode(".jpg", np.hstack([sides[0], gap, sides[1]]))
    if not ok:
        return ""
    code = base64.b64encode(data.tobytes()).decode("ascii")
    name = escape(done.inspected.names[row])
    value = done.agreement.per_crop[row]
    return (
        f'<figure><img alt="{name}, float and {escape(done.scheme.title)}" '
        f'src="data:image/jpeg;base64,{code}">'
        f"<figcaption>{name}: {done.agreement.measure} {value:.3f}</figcaption></figure>"
    )


def _picture(done: Quantized, row: int) -> NDArray[np.uint8]:
    """The crop as BGR, back from the network's input."""
    given = done.source.spec.input
    shape = (3, 1, 1)
    values = done.inspected.inputs[row] * np.reshape(given.std, shape)
    values = (values + np.reshape(given.mean, shape)).transpose(1, 2, 0)
    if given.color == "rgb":
        values = values[..., ::-1]
    return np.ascontiguousarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _draw(done: Quantized, row: int, sides: Sequence[NDArray[np.uint8]]) -> None:
    """Draws each network's answer on its side."""
    spec = done.source.spec
    found = keypoints(done, row)
    if found:
        edges = cast(Skeleton, spec.keypoints).edges
        for side, (xy, score), color in zip(sides, found, COLORS, strict=True):
            points = [(round(float(x)), round(float(y))) for x, y in xy]
            for a, b in edges:
                if min(score[a], score[b]) >= SURE:
                    cv2.line(side, points[a], points[b], color, 1, cv2.LINE_AA)
            for point, value in zip(points, score, strict=True):
                if value >= SURE:
                    cv2.circle(side, point, 3, color, -1, cv2.LINE_AA)
    elif spec.codec.type in DECODERS:
        for side, outputs, color in zip(sides, done.outputs, COLORS, strict=True):
            one = {role: outputs[name][row] for role, name in spec.outputs.items()}
            for x1, y1, x2, y2 in np.rint(DECODERS[spec.codec.type](one, spec)[0]).astype(int):
                cv2.rectangle(side, (int(x1), int(y1)), (int(x2), int(y2)), color, 2)
