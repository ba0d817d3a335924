# SPDX-License-Identifier: Apache-2.0
"""The contract of trained weights: what training did, said to the runtime."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from edgepose.errors import InputError
from edgepose.nets.constants import MEAN, STD
from edgepose.nets.sharpness import integral_beta
from edgepose.spec import (
    CentersCodec,
    Codec,
    HeatmapCodec,
    InputSpec,
    SimccCodec,
    Spec,
    TrainingSpec,
)
from edgepose.spec.top_down_codecs import BLURRED
from edgepose.train import detector_samples, pose_samples
from edgepose.train.augment import flip_order
from edgepose.train.bottom_up_codecs import bottom_up_codec
from edgepose.train.config import BOTTOM_UP
from edgepose.train.person_store import BOX_PADDING
from edgepose.train.pixels import PAD_VALUE
from edgepose.train.recipe import Recipe
from edgepose.types import Skeleton

INPUT = "input"
OBJECTIVE_NAMES = {
    "cross_entropy": "softmax cross-entropy over maps",
    "mse": "squared error of heatmaps",
    "simcc": "divergence of bins along x and y",
    "integral": "L1 distance of soft-argmax",
}
# Of the last two, with how the runtime may refine a peak; the first is the usual one.
COORDINATE_SUBPIXELS = {"simcc": ("dark", "none"), "integral": ("integral",)}
LICENSE = "Apache-2.0"
WEIGHTS = ("float32", "float16")
SUBPIXELS = ("none", "quarter", "quadratic", "dark", "udp")
# Kernel of DARK's blur that fits the usual targets of 2 cells, of imported weights.
IMPORTED_BLUR = 11
OBJECTIVES = {
    "bottom_up_paf": "squares of maps and fields",
    "bottom_up_ae": "squares of maps, pull and push of tags",
    "detector": "focal loss of centres, GIoU of boxes",
}


@dataclass(frozen=True)
class ExportOptions:
    """What weights do not know.

    Attributes:
        subpixel: How the runtime refines a peak; empty for "dark", or, with imported weights, for
            what their contract says.
        weights: `float32`, or `float16` for half the file with the same arithmetic.
        name: Of the model; the recipe's if empty.
        data: Names of the data sets; the recipe's if empty.
        license: Of the weights, an SPDX expression; None for "Apache-2.0", or, with imported
            weights, for what their contract says.
        score_threshold: Least score of a detector's box.
        nms_iou: Overlap above which a detector's lower box goes.
        max_boxes: Most boxes per picture.
    """

    subpixel: str = ""
    weights: str = "float32"
    name: str = ""
    data: tuple[str, ...] = ()
    license: str | None = None
    score_threshold: float = 0.3
    nms_iou: float = 0.6
    max_boxes: int = 100


def contract(recipe: Recipe, options: ExportOptions) -> Spec:
    """The contract of the model that `recipe` trained.

    Raises:
        SpecError: A value of the recipe or the options is not possible.
        InputError: An unknown subpixel method or type of the weights.
    """
    if options.weights not in WEIGHTS:
        raise InputError(f"weights must be one of {', '.join(WEIGHTS)}; got {options.weights}")
    if recipe.contract:
        return imported_contract(recipe, options)
    crop, whole = recipe.task == "top_down", recipe.task in BOTTOM_UP
    kind = OBJECTIVE_NAMES[recipe.objective] if crop else OBJECTIVES[recipe.task]
    unit = "bins" if recipe.objective == "simcc" else "cells"
    has_target = (crop or whole) and recipe.objective != "integral"
    objective = f"{kind}, Gaussian of sigma {recipe.sigma:g} {unit}" if has_target else kind
    training = TrainingSpec(
        data=options.data or recipe.data,
        description=f"{recipe.arch}, {recipe.samples_seen} samples, {objective}",
    )
    input_spec = InputSpec(
        name=INPUT,
        width=recipe.width,
        height=recipe.height,
        layout="NCHW",
        dtype="float32",
        color="rgb",
        mean=MEAN,
        std=STD,
        resize="crop" if crop else "letterbox",
        pad_value=PAD_VALUE,
        anchor=None if crop else "center",
        box_padding=BOX_PADDING if crop else None,
        shrink="area",  # training pictures are small: larger ones must not alias
    )
    codec: Codec
    if whole:
        codec = bottom_up_codec(recipe)
    else:
        codec = _crop_codec(recipe, options) if crop else _centers_codec(options)
    return Spec(
        name=options.name or recipe.name,
        task=codec.task,
        input=input_spec,
        codec=codec,
        outputs={role: role for role in codec.roles},
        training=training,
        license=LICENSE if options.license is None else options.license,
        keypoints=skeleton(recipe.keypoint_names) if crop or whole else None,
    )


def imported_contract(recipe: Recipe, options: ExportOptions) -> Spec:
    """The contract that imported weights carry, with the options that were given.

    Raises:
        SpecError: It is damaged, or an option does not fit it.
        InputError: An unknown subpixel method.
    """
    document = Spec.from_json(recipe.contract).to_dict()
    if options.name:
        document["name"] = options.name
    if options.data:
        document["training"]["data"] = list(options.data)
    if options.license is not None:
        document["license"] = options.license
    if options.subpixel:
        codec = document["codec"]
        codec["subpixel"] = _known(options.subpixel)
        if options.subpixel in BLURRED:
            codec.setdefault("blur_kernel", IMPORTED_BLUR)
    return Spec.from_dict(document)


def blur_kernel(sigma: float) -> int:
    """Kernel of DARK's blur that fits targets of `sigma` cells.

    The runtime blurs by 0.3 * ((kernel - 1) / 2 - 1) + 0.8, OpenCV's rule; the odd kernel whose
    blur is closest to the targets is taken, as the paper pairs 11 with sigma 2.

    Example:
        >>> [blur_kernel(sigma) for sigma in (1.0, 1.5, 2.0, 3.0)]
        [5, 7, 11, 17]
    """
    return min(range(3, 65, 2), key=lambda size: abs(0.15 * (size - 1) + 0.5 - sigma))


def skeleton(names: tuple[str, ...]) -> Skeleton:
    """Limbs, mirror twins and OKS constants by name; no constants unless all are COCO's."""
    known = json.loads(Path(__file__).with_name("coco17.json").read_text(encoding="utf-8"))
    place = {name: index for index, name in enumerate(names)}
    edges = tuple((place[a], place[b]) for a, b in known["edges"] if a in place and b in place)
    pairs = tuple((a, b) for a, b in enumerate(flip_order(names).tolist()) if a < b)
    complete = all(name in known["sigmas"] for name in names)
    sigmas = tuple(known["sigmas"][name] for name in names) if complete else ()
    return Skeleton(names=names, edges=edges, flip_pairs=pairs, sigmas=sigmas)


def _crop_codec(recipe: Recipe, options: ExportOptions) -> HeatmapCodec | SimccCodec:
    if recipe.objective not in COORDINATE_SUBPIXELS:
        return _heatmap_codec(recipe, options)
    known = COORDINATE_SUBPIXELS[recipe.objective]
    subpixel = options.subpixel or known[0]
    if subpixel not in known:
        raise InputError(
            f"subpixel must be one of {', '.join(known)} for objective {recipe.objective}; "
            f"got {subpixel}"
        )
    if recipe.objective == "simcc":
        kernel = blur_kernel(recipe.sigma)
        return SimccCodec(
            split_ratio=recipe.split_ratio,
            warp="legacy",  # the labels' centre is px times bins per px
            subpixel=subpixel,
            score="value",
            joined_score="smaller",
            blur_kernel=(kernel, kernel) if subpixel == "dark" else None,
        )
    cells = (recipe.height // pose_samples.STRIDE) * (recipe.width // pose_samples.STRIDE)
    return HeatmapCodec(
        stride=pose_samples.STRIDE,
        warp="half_pixel",
        subpixel=subpixel,
        beta=integral_beta(recipe.sigma, cells),
        debias=False,
    )


def _heatmap_codec(recipe: Recipe, options: ExportOptions) -> HeatmapCodec:
    subpixel = _known(options.subpixel or "dark")
    return HeatmapCodec(
        stride=pose_samples.STRIDE,
        warp="half_pixel",
        subpixel=subpixel,
        blur_kernel=blur_kernel(recipe.sigma) if subpixel in BLURRED else None,
    )


def _known(subpixel: str) -> str:
    if subpixel not in SUBPIXELS:
        raise InputError(f"subpixel must be one of {', '.join(SUBPIXELS)}; got {subpixel}")
    return subpixel


def _centers_codec(options: ExportOptions) -> CentersCodec:
    return CentersCodec(
        stride=detector_samples.STRIDE,
        score_threshold=options.score_threshold,
        nms_iou=options.nms_iou,
        max_boxes=options.max_boxes,
    )
