# SPDX-License-Identifier: Apache-2.0
"""Flip test: the slow reference, stored outputs of HRNet and mmpose, buffers and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.merge_flip

from edgepose.decode import decode_heatmaps, merge_flip
from edgepose.errors import InputError

PAIRS = [(1, 2), (3, 4)]


@pytest.mark.parametrize("shape", [(0, 5, 4, 4), (2, 5, 3, 7), (1, 5, 1, 1), (2, 5, 600)], ids=str)
@pytest.mark.parametrize("shift", [0, 1, -1, 3, 100, -100])
@pytest.mark.parametrize("mirror", [True, False], ids=["mirror", "no mirror"])
def test_equals_the_reference(shape: tuple[int, ...], shift: int, mirror: bool) -> None:
    rng = np.random.default_rng(0)
    maps, flipped = rng.random((2, *shape), np.float32)
    before = maps.copy(), flipped.copy()
    merged = merge_flip(maps, flipped, flip_pairs=PAIRS, shift=shift, mirror=mirror)
    np.testing.assert_array_equal(maps, before[0])
    np.testing.assert_array_equal(flipped, before[1])
    wanted = reference.merge_flip.merge_flip(maps, flipped, PAIRS, shift, mirror=mirror)
    np.testing.assert_array_equal(merged, wanted)


def test_channels_last() -> None:
    maps, flipped = np.random.default_rng(1).random((2, 2, 6, 9, 5), np.float32)
    merged = merge_flip(maps, flipped, flip_pairs=PAIRS, shift=1, channels_last=True)
    wanted = merge_flip(
        maps.transpose(0, 3, 1, 2), flipped.transpose(0, 3, 1, 2), flip_pairs=PAIRS, shift=1
    )
    np.testing.assert_array_equal(merged, wanted)


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Mapping[str, Any]:
    return dict(np.load(golden_dir / "topdown_decode_64x48.npz"))


@pytest.mark.parametrize(("name", "shift"), [("shift", 1), ("noshift", 0)])
def test_stored_outputs(golden: Mapping[str, Any], name: str, shift: int) -> None:
    merged = merge_flip(
        golden["heatmaps"],
        golden["heatmaps_flipped_pass"],
        flip_pairs=golden["flip_pairs"],
        shift=shift,
    )
    np.testing.assert_allclose(
        merged[0, :1], golden[f"mmpose_flip_{name}_avg_map_case0"], atol=1e-6
    )
    valid = merged.max(axis=(2, 3)) > 0
    assert valid.sum() >= 100
    xy, _ = decode_heatmaps(merged)
    np.testing.assert_array_equal(xy[valid], golden[f"mmpose_flip_{name}_argmax_xy"][valid])
    xy, score = decode_heatmaps(merged, subpixel="quarter")
    np.testing.assert_allclose(score, golden[f"hrnet_flip_{name}_score"][..., :17], atol=1e-6)
    height, width = merged.shape[2:]
    scale = 200 * golden["scale"][:, None, :1] / width
    image = (xy - np.array([width, height]) / 2) * scale + golden["center"][:, None]
    wanted = golden[f"hrnet_flip_{name}_image_xy"]
    np.testing.assert_allclose(image[valid], wanted[valid], atol=1e-3)


def test_writes_into_the_callers_buffer() -> None:
    maps, flipped = np.random.default_rng(2).random((2, 1, 5, 4, 3), np.float32)
    out = np.full_like(maps, np.nan)
    assert merge_flip(maps, flipped, flip_pairs=PAIRS, out=out) is out
    np.testing.assert_array_equal(out, merge_flip(maps, flipped, flip_pairs=PAIRS))


def test_nan_stays() -> None:
    maps = np.zeros((1, 1, 1, 3), np.float32)
    maps[0, 0, 0, 0] = np.nan
    merged = merge_flip(maps, maps, flip_pairs=[])
    assert np.isnan(merged[0, 0, 0]).tolist() == [True, False, True]


MAPS = np.ones((1, 5, 4, 3), np.float32)


@pytest.mark.parametrize(
    ("maps", "flipped", "options", "message"),
    [
        pytest.param(MAPS[0, 0], MAPS[0, 0], {}, "N,K,H,W", id="two axes"),
        pytest.param(MAPS.astype(np.float64), MAPS, {}, "got float64", id="float64"),
        pytest.param(MAPS, MAPS[..., :2], {}, "shape of maps", id="widths differ"),
        pytest.param(MAPS, MAPS[0], {}, "flipped must be", id="axes differ"),
        pytest.param(MAPS[..., :0], MAPS[..., :0], {}, "sides of 1", id="no columns"),
        pytest.param(MAPS, MAPS, {"flip_pairs": [(1, 5)]}, r"0\.\.4", id="joint"),
        pytest.param(MAPS, MAPS, {"flip_pairs": [(-1, 2)]}, r"0\.\.4", id="negative joint"),
        pytest.param(MAPS, MAPS, {"flip_pairs": [(1, 2), (2, 3)]}, "once", id="joint twice"),
        pytest.param(MAPS, MAPS, {"out": MAPS}, "share memory", id="out is an input"),
        pytest.param(MAPS, MAPS, {"out": MAPS[:, :2].copy()}, "out must be", id="small out"),
        pytest.param(
            MAPS, MAPS, {"out": MAPS.astype(np.float64)}, "out must be", id="out of float64"
        ),
        pytest.param(
            MAPS,
            MAPS,
            {"out": np.empty((1, 5, 3, 4), np.float32).swapaxes(2, 3)},
            "out must be",
            id="strides",
        ),
        pytest.param(MAPS, MAPS, {"scale": 1.0}, "with one", id="scale"),
    ],
)
def test_refuses(maps: Any, flipped: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        merge_flip(maps, flipped, **{"flip_pairs": PAIRS, **options})


def test_refuses_a_buffer_that_cannot_be_written() -> None:
    out = np.empty_like(MAPS)
    out.flags.writeable = False
    with pytest.raises(InputError, match="writeable"):
        merge_flip(MAPS, MAPS, flip_pairs=PAIRS, out=out)
