# SPDX-License-Identifier: Apache-2.0
"""Maps as they are stored: halves and integers give what their values as float32 give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from edgepose.decode import (
    SUBPIXEL,
    argmax_3d,
    decode_heatmaps,
    decode_simcc,
    heatmap_peaks,
    merge_flip,
    soft_argmax_3d,
)

SCALE, ZERO_POINT = 0.0037, {"int8": -101, "uint8": 7}
ELEMENTS = ("float32", "float16", "int8", "uint8")


def _stored(shape: tuple[int, ...], element: str, seed: int = 0) -> tuple[Any, Any, dict[str, Any]]:
    """Stored maps, their values as float32 and the options that say so."""
    rng = np.random.default_rng(seed)
    if element.startswith("float"):
        maps = rng.normal(0, 1, shape).astype(element)
        return maps, maps.astype(np.float32), {}
    limits = np.iinfo(element)
    maps = rng.integers(limits.min, limits.max, shape, element, endpoint=True)
    zero = ZERO_POINT[element]
    values = np.float32(SCALE) * (maps.astype(np.float32) - np.float32(zero))
    return maps, values, {"scale": SCALE, "zero_point": zero}


def _equal(found: Any, wanted: Any) -> None:
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("subpixel", SUBPIXEL)
@pytest.mark.parametrize("element", ELEMENTS)
def test_elements(element: str, subpixel: str) -> None:
    maps, values, options = _stored((2, 9, 40, 30), element)
    before = maps.copy()
    found = decode_heatmaps(maps, subpixel=subpixel, **options)
    np.testing.assert_array_equal(maps, before)
    _equal(found, decode_heatmaps(values, subpixel=subpixel))


@pytest.mark.parametrize("joints", [0, 1, 3, 4, 7, 8, 15, 16, 17, 40, 133])
@pytest.mark.parametrize("element", ELEMENTS)
def test_channels_last(element: str, joints: int) -> None:
    maps, values, options = _stored((2, 13, 11, joints), element, seed=joints)
    wanted = np.ascontiguousarray(values.transpose(0, 3, 1, 2))
    for subpixel in ("none", "quadratic", "udp"):
        _equal(
            decode_heatmaps(maps, subpixel=subpixel, channels_last=True, **options),
            decode_heatmaps(wanted, subpixel=subpixel),
        )


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda maps: maps[..., ::-1, ::-2], id="mirrored, every other column"),
        pytest.param(lambda maps: maps[::-1, 1:, 3:9, 2:20], id="part"),
        pytest.param(lambda maps: maps.transpose(1, 0, 3, 2), id="transposed"),
        pytest.param(lambda maps: np.broadcast_to(maps[:1, :1], maps.shape), id="repeated"),
    ],
)
@pytest.mark.parametrize("element", ELEMENTS)
def test_strides(element: str, view: Any) -> None:
    maps, values, options = _stored((3, 5, 24, 31), element)
    for subpixel in SUBPIXEL:
        _equal(
            decode_heatmaps(view(maps), subpixel=subpixel, **options),
            decode_heatmaps(np.ascontiguousarray(view(values)), subpixel=subpixel),
        )


@pytest.mark.parametrize("radius", [0, 1, 40])
@pytest.mark.parametrize("element", ELEMENTS)
def test_peaks(element: str, radius: int) -> None:
    maps, values, options = _stored((3, 30, 170), element)
    wanted = heatmap_peaks(values, threshold=0.1, radius=radius, max_peaks=50)
    assert len(wanted) >= 3
    found = heatmap_peaks(maps, threshold=0.1, radius=radius, max_peaks=50, **options)
    np.testing.assert_array_equal(found, wanted)
    last = np.ascontiguousarray(maps.transpose(1, 2, 0))
    found = heatmap_peaks(
        last, threshold=0.1, radius=radius, max_peaks=50, channels_last=True, **options
    )
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("element", ["float32", "float16"])
def test_memory_that_is_not_aligned(element: str) -> None:
    record = np.zeros((1, 2, 5, 4), np.dtype([("odd", "u1"), ("value", element)]))
    record["value"] = np.arange(40).reshape(1, 2, 5, 4)
    xy, score = decode_heatmaps(record["value"])
    assert xy.tolist() == [[[3, 4], [3, 4]]]
    assert score.tolist() == [[19, 39]]


@settings(deadline=None)
@given(
    maps=npst.arrays(
        np.float16,
        st.tuples(st.just(1), st.integers(1, 20), st.integers(1, 6), st.integers(1, 6)),
        elements=st.floats(width=16, allow_nan=True, allow_infinity=True),
    ),
    channels_last=st.booleans(),
)
def test_any_half_is_read_exactly(maps: NDArray[np.float16], channels_last: bool) -> None:
    maps[:, :, 0, 0] = -0.0  # at least one number
    given_maps = np.ascontiguousarray(maps.transpose(0, 2, 3, 1)) if channels_last else maps
    for subpixel in ("none", "quadratic"):
        _equal(
            decode_heatmaps(given_maps, subpixel=subpixel, channels_last=channels_last),
            decode_heatmaps(maps.astype(np.float32), subpixel=subpixel),
        )


def test_every_half() -> None:
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    numbers = halves[~np.isnan(halves)].reshape(-1, 1, 1, 1)
    _, score = decode_heatmaps(numbers)
    np.testing.assert_array_equal(score[:, 0], numbers[:, 0, 0, 0].astype(np.float32))


@pytest.mark.parametrize("element", ELEMENTS)
def test_other_decoders(element: str) -> None:
    maps, values, options = _stored((2, 6, 50), element)
    rows, row_values, _ = _stored((2, 6, 70), element, seed=1)
    _equal(
        decode_simcc(maps, rows, blur_kernel=(7, 9), score="softmax", **options),
        decode_simcc(values, row_values, blur_kernel=(7, 9), score="softmax"),
    )
    np.testing.assert_array_equal(
        merge_flip(maps, maps[::-1], flip_pairs=[(0, 3)], shift=1, **options),
        merge_flip(values, values[::-1], flip_pairs=[(0, 3)], shift=1),
    )
    volumes, volume_values, _ = _stored((1, 2, 5, 6, 7), element, seed=2)
    volumes, volume_values = volumes[..., ::-1, :, :], volume_values[..., ::-1, :, :]
    _equal(argmax_3d(volumes, **options), argmax_3d(volume_values))
    _equal(soft_argmax_3d(volumes, beta=3.0, **options), soft_argmax_3d(volume_values, beta=3.0))
