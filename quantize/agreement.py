# SPDX-License-Identifier: Apache-2.0
"""How far a network's answers are from the float network's on the same crops.

For a pose model each crop has the object keypoint similarity (OKS) of both answers, over the
keypoints that the float network is sure of. For a detector it is the overlap of their boxes, each
matched with its best, misses and inventions counting 0. For any other model it is the cosine
between the outputs. All are 1 where the answers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.decode import decode_heatmaps
from edgepose.errors import InputError
from edgepose.geometry import cells_to_input
from edgepose.metrics.boxes import iou_matrix
from edgepose.metrics.oks import oks_matrix
from edgepose.pipelines.detector import DECODERS
from edgepose.spec import HeatmapCodec, Spec
from edgepose.types import Skeleton

Floats = NDArray[np.float32]
Outputs = Mapping[str, Floats]
# Keypoints that the float network scores lower are guesses, whose moves say nothing.
SURE = 0.2
# COCO's usual share of a person's box that the person fills.
FILLED = 0.53
PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, eq=False)
class Agreement:
    """Answers of two networks compared.

    Attributes:
        measure: "OKS", "box overlap" or "cosine".
        per_crop: [N] 0..1; NaN for a crop on which neither is sure of anything.
        distance: [...] px of the network's input between sure keypoints; empty if not a pose model.
        score_shift: Mean change of sure keypoints' scores over their mean; 0 if not a pose model.
    """

    measure: str
    per_crop: NDArray[np.float64]
    distance: NDArray[np.float64]
    score_shift: float = 0.0

    @property
    def merit(self) -> float:
        """Agreement less the change of scores, by which people are ranked and passed over."""
        return self.value - self.score_shift

    @property
    def value(self) -> float:
        """Mean over the crops, 0..1."""
        told = self.per_crop[~np.isnan(self.per_crop)]
        return float(told.mean()) if len(told) else 1.0

    def percentiles(self) -> dict[str, float]:
        """Distances as p50, p90, p99 in input px."""
        if not len(self.distance):
            return {}
        values = np.percentile(self.distance, PERCENTILES)
        return {f"p{p}": float(v) for p, v in zip(PERCENTILES, values, strict=True)}


def compare(spec: Spec, reference: Outputs, outputs: Outputs) -> Agreement:
    """Compares outputs [N, ...] by name with those of the float network.

    Args:
        spec: Contract of both.
        reference: Of the float network.
        outputs: Of the other one.
    """
    names = dict(spec.outputs)
    if not all(np.isfinite(outputs[name]).all() for name in names.values()):
        count = len(next(iter(reference.values())))
        return Agreement("finite outputs", np.zeros(count), np.zeros(0))
    if isinstance(spec.codec, HeatmapCodec) and cast(Skeleton, spec.keypoints).sigmas:
        name = names["heatmap"]
        return _poses(spec, reference[name], outputs[name])
    if spec.task == "detector":
        theirs, ours = (_boxes(spec, each) for each in (reference, outputs))
        overlap = [_overlap(a, b) for a, b in zip(theirs, ours, strict=True)]
        return Agreement("box overlap", np.array(overlap), np.zeros(0))
    pairs = [(reference[name], outputs[name]) for name in names.values()]
    return Agreement("cosine", np.mean([_cosine(a, b) for a, b in pairs], axis=0), np.zeros(0))


def keypoints_in(spec: Spec, maps: Floats) -> tuple[NDArray[np.float64], Floats]:
    """Keypoints [N, K, 2] in px of the network's input, and scores [N, K]."""
    codec: Any = spec.codec
    cells, score = decode_heatmaps(
        maps, subpixel=codec.subpixel, blur_kernel=codec.blur_kernel or 1, bounded=True
    )
    xy = cells_to_input(
        cells,
        stride=codec.stride,
        warp=codec.warp,
        input_wh=spec.input.wh,
        map_wh=(maps.shape[3], maps.shape[2]),
    )
    return xy, score


def _poses(spec: Spec, reference: Floats, maps: Floats) -> Agreement:
    theirs, score = keypoints_in(spec, reference)
    try:
        ours, score_ours = keypoints_in(spec, maps)
    except InputError:  # maps without a highest cell
        return Agreement("OKS", np.zeros(len(maps)), np.zeros(0))
    sure = score >= SURE
    padding = spec.input.box_padding or 1.0
    area = np.array([FILLED * spec.input.width * spec.input.height / padding**2])
    sigmas = cast(Skeleton, spec.keypoints).sigmas
    values = np.full(len(maps), np.nan)
    for row in np.flatnonzero(sure.any(axis=1)):
        values[row] = oks_matrix(
            theirs[row, None], ours[row, None], area, sigmas, mask=sure[row, None]
        )[0, 0]
    shift = np.abs(score_ours - score)[sure].sum() / max(score[sure].sum(), 1e-30)
    distance = np.linalg.norm(theirs - ours, axis=2)[sure]
    return Agreement("OKS", values, distance, float(shift))


def _boxes(spec: Spec, outputs: Outputs) -> list[NDArray[np.float64]]:
    decode = DECODERS[spec.codec.type]
    names = dict(spec.outputs)
    count = len(next(iter(outputs.values())))
    rows = ({role: outputs[name][i] for role, name in names.items()} for i in range(count))
    return [decode(row, spec)[0].astype(np.float64) for row in rows]


def _overlap(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    if not len(a) and not len(b):
        return float("nan")
    if not len(a) or not len(b):
        return 0.0
    iou = iou_matrix(a, b)
    return float((iou.max(axis=1).sum() + iou.max(axis=0).sum()) / (len(a) + len(b)))


def _cosine(a: Floats, b: Floats) -> NDArray[np.float64]:
    x, y = (each.reshape(len(each), -1).astype(np.float64) for each in (a, b))
    length = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
    return np.asarray((x * y).sum(axis=1) / np.maximum(length, 1e-30))
