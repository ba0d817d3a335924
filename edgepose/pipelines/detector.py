# SPDX-License-Identifier: Apache-2.0
"""A picture to the boxes of its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.decode import decode_centers, decode_yolox
from edgepose.errors import InputError
from edgepose.geometry import letterbox_matrix, stretch_matrix
from edgepose.image.crop import Triple, crop_normalize
from edgepose.pipelines.network import Network
from edgepose.spec import CentersCodec, InputSpec, Spec, YoloxCodec

Floats = NDArray[np.float32]
Decoder = Callable[[dict[str, Floats], Spec], tuple[Floats, Floats]]


class Detector:
    """A person detector. Several threads may use it at once.

    Args:
        network: A model for task "detector".
        min_score: Excluded lower bound of a box's score, 0..1; None takes the contract's.

    Raises:
        InputError: `min_score` is not 0..1.

    Example:
        >>> detector = Detector(open_network("det-n", task="detector"))  # doctest: +SKIP
        >>> boxes, score = detector(image)  # doctest: +SKIP
    """

    def __init__(self, network: Network, *, min_score: float | None = None) -> None:
        self.network = network
        self._spec = _with_threshold(network.spec, min_score)
        self._decode = DECODERS[network.spec.codec.type]

    def __call__(self, image: NDArray[np.uint8]) -> tuple[NDArray[np.float64], Floats]:
        """Finds people.

        Args:
            image: uint8 BGR [H, W, 3].

        Returns:
            Boxes float64 [M, 4] x1, y1, x2, y2 in image px, cut to the picture's edges and never
            rounded, and scores float32 [M], by falling score. Boxes that have no area inside the
            picture are left out.

        Raises:
            SpecError: An output is not what the contract says.
            ModelError: The network fails.
        """
        spec = self._spec
        wh = image.shape[1], image.shape[0]
        matrix = input_to_image(spec.input, wh)
        with self.network.workspace() as workspace:
            fill_crops(image, matrix, spec.input, workspace.crops(1))
            outputs = workspace.run(1)
            boxes, score = self._decode({role: out[0] for role, out in outputs.items()}, spec)
        return boxes_to_image(boxes, score, matrix[0], wh)


def input_to_image(spec: InputSpec, image_wh: tuple[int, int]) -> NDArray[np.float64]:
    """Matrix [1, 2, 3] from the network's input to the picture, for a whole picture."""
    if spec.anchor is None:  # the contract has an anchor exactly for a letterbox
        return stretch_matrix(image_wh, spec.wh)
    return letterbox_matrix(image_wh, spec.wh, anchor=spec.anchor)


def fill_crops(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], spec: InputSpec, out: NDArray[Any]
) -> None:
    """Cuts crops as the contract says; image uint8 BGR [H, W, 3].

    `out` is float32 in the input's layout, or uint8 [N, H, W, 3] for a model with mean and std
    inside.
    """
    is_pixels = out.dtype == np.uint8
    crop_normalize(
        image,
        matrix,
        (spec.height, spec.width),
        mean=(0.0, 0.0, 0.0) if is_pixels else cast(Triple, spec.mean),
        std=(1.0, 1.0, 1.0) if is_pixels else cast(Triple, spec.std),
        color=spec.color,
        pad_value=spec.pad_value,
        antialias=spec.shrink == "area",
        layout="nhwc" if is_pixels else spec.layout.lower(),
        dtype=out.dtype,
        out=out,
    )


def boxes_to_image(
    boxes: Floats, score: Floats, matrix: NDArray[np.float64], image_wh: tuple[int, int]
) -> tuple[NDArray[np.float64], Floats]:
    """Boxes of a diagonal crop to the picture, cut to its edges; see `Detector`."""
    step = matrix[[0, 1], [0, 1]]
    xyxy = boxes.reshape(-1, 2, 2) * step + matrix[:, 2]
    edge = np.array(image_wh) - 0.5
    xyxy = np.clip(xyxy, -0.5, edge).reshape(-1, 4)
    # A NaN compares as False and goes as well.
    kept = (xyxy[:, 2:] > xyxy[:, :2]).all(axis=1) & np.isfinite(score)
    return (xyxy, score) if kept.all() else (xyxy[kept], score[kept])


def _with_threshold(spec: Spec, min_score: float | None) -> Spec:
    if min_score is None:
        return spec
    if not 0 <= min_score <= 1:  # a NaN fails too
        raise InputError(f"min_score of a box must be 0..1; got {min_score!r}")
    codec: Any = spec.codec
    return replace(spec, codec=replace(codec, score_threshold=float(min_score)))


def _centers(outputs: dict[str, Floats], spec: Spec) -> tuple[Floats, Floats]:
    codec: Any = spec.codec
    return decode_centers(
        outputs["heatmap"],
        outputs["size"],
        outputs["offset"],
        stride=codec.stride,
        score_threshold=codec.score_threshold,
        max_boxes=codec.max_boxes,
        nms_iou=codec.nms_iou,
    )


def _yolox(outputs: dict[str, Floats], spec: Spec) -> tuple[Floats, Floats]:
    codec: Any = spec.codec
    return decode_yolox(
        outputs["predictions"],
        input_wh=spec.input.wh,
        strides=codec.strides,
        class_index=codec.class_index,
        score_threshold=codec.score_threshold,
        max_boxes=codec.max_boxes,
        nms_iou=codec.nms_iou,
    )


DECODERS: dict[str, Decoder] = {CentersCodec.type: _centers, YoloxCodec.type: _yolox}
