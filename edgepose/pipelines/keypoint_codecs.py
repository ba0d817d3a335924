# SPDX-License-Identifier: Apache-2.0
"""Outputs of a top-down network to keypoints on its input, as the contract says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.decode import decode_heatmaps, decode_simcc
from edgepose.geometry import cells_to_input
from edgepose.spec import HeatmapCodec, SimccCodec, Spec

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Decoder = Callable[[dict[str, Floats], Spec], tuple[Doubles, Floats]]


def keypoints_on_input(outputs: dict[str, Floats], spec: Spec) -> tuple[Doubles, Floats]:
    """Keypoints of N people, none of which lies far from the highest value of its map.

    Args:
        outputs: By role, [N, ...].
        spec: A contract for task "top_down".

    Returns:
        Keypoints [N, K, 2] in input px and scores [N, K].

    Raises:
        InputError: Maps or vectors without a number.
    """
    return DECODERS[spec.codec.type](outputs, spec)


def _heatmaps(outputs: dict[str, Floats], spec: Spec) -> tuple[Doubles, Floats]:
    codec: Any = spec.codec
    maps = outputs["heatmap"]
    given = {name: getattr(codec, name) for name in ("blur_kernel", "shifts", "beta", "debias")}
    options = {name: value for name, value in given.items() if value is not None}
    cells, score = decode_heatmaps(maps, subpixel=codec.subpixel, bounded=True, **options)
    height, width = maps.shape[2:]
    xy = cells_to_input(
        cells,
        stride=codec.stride,
        warp=codec.warp,
        input_wh=spec.input.wh,
        map_wh=(width, height),
    )
    return xy, score


def _simcc(outputs: dict[str, Floats], spec: Spec) -> tuple[Doubles, Floats]:
    codec: Any = spec.codec
    given = {name: getattr(codec, name) for name in ("beta", "sigma")}
    xy, score = decode_simcc(
        outputs["simcc_x"],
        outputs["simcc_y"],
        split_ratio=codec.split_ratio,
        score=codec.score,
        larger=codec.joined_score == "larger",
        blur_kernel=codec.blur_kernel if codec.subpixel == "dark" else None,
        bounded=True,
        **{name: value for name, value in given.items() if value is not None},
    )
    # Bins are cells of 1 / split_ratio px; the decoder puts the first one's centre at 0.
    shift = 0.5 / codec.split_ratio - 0.5 if codec.warp == "half_pixel" else 0.0
    return xy.astype(np.float64) + shift, score


DECODERS: dict[str, Decoder] = {HeatmapCodec.type: _heatmaps, SimccCodec.type: _simcc}
