# SPDX-License-Identifier: Apache-2.0
"""Heatmap decoding: the slow reference, layouts, edge cases and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import reference.heatmap
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from edgepose import _core
from edgepose.decode import SUBPIXEL, decode_heatmaps, heatmap_peaks
from edgepose.errors import InputError

OF_CELLS = ("none", "quarter", "quadratic", "dark", "udp")
METHODS = {name: getattr(reference.heatmap, name) for name in OF_CELLS}


def _maps(shape: tuple[int, int, int, int], seed: int = 0) -> NDArray[np.float32]:
    """A bump per map, over noise."""
    rng = np.random.default_rng(seed)
    people, joints, height, width = shape
    maps = rng.uniform(0, 0.05, shape)
    y, x = np.mgrid[:height, :width]
    for person in range(people):
        for joint in range(joints):
            at_x, at_y = rng.uniform(-1, width), rng.uniform(-1, height)
            bump = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 8)
            maps[person, joint] += rng.uniform(0.1, 1) * bump
    return maps.astype(np.float32)


@pytest.mark.parametrize("subpixel", OF_CELLS)
@pytest.mark.parametrize("hw", [(64, 48), (17, 23), (6, 5)])
def test_equals_the_reference(subpixel: str, hw: tuple[int, int]) -> None:
    maps = _maps((3, 17, *hw))
    before = maps.copy()
    xy, score = decode_heatmaps(maps, subpixel=subpixel)
    np.testing.assert_array_equal(maps, before)
    np.testing.assert_array_equal(score, maps.max(axis=(2, 3)))
    for person, joint in np.ndindex(3, 17):
        wanted = METHODS[subpixel](maps[person, joint])
        np.testing.assert_allclose(xy[person, joint], wanted, atol=1e-3)


def _unsure(count: int) -> NDArray[np.float32]:
    """[1, count, 24, 24] flat maps, whose steps are long."""
    return np.random.default_rng(0).uniform(0.05, 0.0501, (1, count, 24, 24)).astype(np.float32)


@pytest.mark.parametrize(
    ("subpixel", "size", "longest"),
    [("dark", 5, 2.0), ("dark", 11, 2.0), ("udp", 11, 2.0), ("udp", 21, 3.5)],
)
def test_bounded_steps(subpixel: str, size: int, longest: float) -> None:
    maps = np.concatenate([_unsure(200), _maps((1, 200, 24, 24))], axis=1)
    cells, _ = decode_heatmaps(maps)
    free, score = decode_heatmaps(maps, subpixel=subpixel, blur_kernel=size)
    xy, same_score = decode_heatmaps(maps, subpixel=subpixel, blur_kernel=size, bounded=True)
    np.testing.assert_array_equal(score, same_score)
    long = np.abs(free - cells).max(axis=-1, keepdims=True) > longest
    assert 20 < long.sum() < 200
    np.testing.assert_array_equal(xy, np.where(long, cells, free))


def test_bounded_debiased_places() -> None:
    rng = np.random.default_rng(1)
    maps = rng.uniform(-6.1, -4.6, (1, 60, 12, 16)).astype(np.float32)
    maps += np.linspace(0, 0.3, 60, dtype=np.float32)[:, None, None]
    free, _ = decode_heatmaps(maps, subpixel="integral", debias=True)
    mean, _ = decode_heatmaps(maps, subpixel="integral")
    xy, _ = decode_heatmaps(maps, subpixel="integral", debias=True, bounded=True)
    inside = ((free >= -0.5) & (free <= [15.5, 11.5])).all(axis=-1, keepdims=True)
    assert 5 < inside.sum() < 55
    np.testing.assert_array_equal(xy, np.where(inside, free, mean))


@pytest.mark.parametrize("size", [1, 3, 5, 7, 9, 13, 21, 33, 63])
@pytest.mark.parametrize("subpixel", ["dark", "udp"])
def test_blur_kernels_equal_opencv(subpixel: str, size: int) -> None:
    maps = _maps((1, 9, 40, 30), seed=size)
    xy, _ = decode_heatmaps(maps, subpixel=subpixel, blur_kernel=size)
    for joint in range(9):
        wanted = METHODS[subpixel](maps[0, joint], size)
        if np.abs(np.subtract(wanted, reference.heatmap.none(maps[0, joint]))).max() < 3:
            np.testing.assert_allclose(xy[0, joint], wanted, atol=2e-3)


@settings(deadline=None)
@given(
    maps=npst.arrays(
        np.float32,
        st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 9), st.integers(1, 9)),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    ),
    subpixel=st.sampled_from(SUBPIXEL),
)
def test_any_map_has_a_defined_answer(maps: NDArray[np.float32], subpixel: str) -> None:
    maps[:, :, 0, 0] = 0.25  # at least one number
    xy, score = decode_heatmaps(maps, subpixel=subpixel)
    assert np.isfinite(xy).all()
    plain, _ = _core.heatmap_argmax(maps)
    for place in np.ndindex(*maps.shape[:2]):
        x, y, best = reference.heatmap.argmax(maps[place])
        assert plain[place].tolist() == [x, y]
        if subpixel == "megvii":
            assert score[place] == np.float32(best) / np.float32(255) + np.float32(0.5)
        elif subpixel != "mspn":
            assert score[place] == np.float32(best)


@pytest.mark.parametrize("subpixel", SUBPIXEL)
@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        pytest.param((0, 17, 64, 48), (0, 17), id="no people"),
        pytest.param((2, 0, 64, 48), (2, 0), id="no joints"),
        pytest.param((0, 0, 0, 0), (0, 0), id="nothing"),
        pytest.param((1, 2, 1, 1), (1, 2), id="one cell"),
        pytest.param((1, 2, 1, 9), (1, 2), id="one row"),
    ],
)
def test_small_batches(subpixel: str, shape: tuple[int, ...], wanted: tuple[int, int]) -> None:
    xy, score = decode_heatmaps(np.ones(shape, np.float32), subpixel=subpixel)
    assert xy.shape == (*wanted, 2)
    assert score.shape == wanted
    # Zeros outside the map pull UDP on a flat map, and the blurred forms and the mean have no
    # reason to prefer the first cell; the others stay there.
    if subpixel in ("none", "quarter", "quadratic", "dark"):
        assert (xy == 0).all()
    elif xy.size:
        height, width = shape[2:]
        assert (np.abs(xy) < (width, height)).all()


@pytest.mark.parametrize("subpixel", SUBPIXEL)
@pytest.mark.parametrize("value", [0.0, 0.5, -3.0, np.inf, -np.inf])
def test_a_flat_map_gives_its_first_cell(subpixel: str, value: float) -> None:
    xy, score = decode_heatmaps(np.full((1, 1, 64, 48), value, np.float32), subpixel=subpixel)
    whole = subpixel in ("megvii", "mspn")
    assert score[0, 0] == (np.float32(value) / 255 + 0.5 if whole else np.float32(value))
    # The border of a flat map is lower once blurred, which UDP and the blurred forms follow.
    if subpixel == "udp":
        assert (np.abs(xy) < 3).all()
    elif subpixel == "integral" and np.isfinite(value):
        np.testing.assert_allclose(xy, [[[23.5, 31.5]]], rtol=1e-6)
    elif not whole or not 0 < value < np.inf:
        assert (xy == 0).all()


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda maps: maps[:, ::2], id="every other joint"),
        pytest.param(lambda maps: maps[:, :, 3:40, 5:33], id="part"),
        pytest.param(lambda maps: maps[::-1, :, ::-1], id="upside down"),
        pytest.param(lambda maps: maps[..., ::-1], id="mirrored"),
        pytest.param(lambda maps: maps.transpose(0, 1, 3, 2), id="transposed"),
        pytest.param(
            lambda maps: np.ascontiguousarray(maps.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
            id="channels last",
        ),
    ],
)
@pytest.mark.parametrize("subpixel", SUBPIXEL)
def test_reads_any_strides(view: Any, subpixel: str) -> None:
    maps = view(_maps((2, 6, 64, 48)))
    packed = np.ascontiguousarray(maps)
    for found, wanted in zip(
        decode_heatmaps(maps, subpixel=subpixel),
        decode_heatmaps(packed, subpixel=subpixel),
        strict=True,
    ):
        np.testing.assert_array_equal(found, wanted)
    flat, flat_packed = maps[0], packed[0]
    np.testing.assert_array_equal(
        heatmap_peaks(flat, threshold=0.2), heatmap_peaks(flat_packed, threshold=0.2)
    )


@pytest.mark.parametrize(
    ("maps", "options", "message"),
    [
        pytest.param(np.zeros((17, 64, 48), np.float32), {}, "N,K,H,W", id="three axes"),
        pytest.param(np.zeros((1, 1, 4, 4)), {}, "got float64 \\(1, 1, 4, 4\\)", id="float64"),
        pytest.param(np.zeros((1, 1, 4, 4), np.int16), {}, "got int16", id="int16"),
        pytest.param(np.zeros((1, 1, 4, 4), ">f2"), {}, "float16", id="swapped bytes"),
        pytest.param(np.zeros((1, 1, 4, 4), np.uint8), {}, "without one", id="no scale"),
        pytest.param(np.zeros((1, 1, 4, 4), np.float32), {"scale": 1.0}, "with one", id="scale"),
        pytest.param(np.ones((1, 1, 4, 4), np.uint8), {"scale": 0.0}, "1e-30", id="zero scale"),
        pytest.param(np.ones((1, 1, 4, 4), np.int8), {"scale": np.nan}, "1e-30", id="NaN scale"),
        pytest.param(
            np.ones((1, 1, 4, 4), np.uint8),
            {"scale": 1.0, "zero_point": -1},
            "zero point",
            id="zero point",
        ),
        pytest.param(
            np.ones((1, 1, 4, 4), np.float32),
            {"subpixel": "integral", "beta": 0.0},
            "option",
            id="beta",
        ),
        pytest.param(
            np.ones((1, 1, 4, 4), np.float32),
            {"subpixel": "mspn", "shifts": [np.nan]},
            "option",
            id="NaN shift",
        ),
        pytest.param(
            np.ones((1, 1, 4, 4), np.float32),
            {"subpixel": "mspn", "shifts": [0.25] * 5},
            "at most 4; got 5",
            id="five shifts",
        ),
        pytest.param(np.zeros((1, 1, 0, 4), np.float32), {}, "sides of 1", id="no rows"),
        pytest.param(np.ones((1, 1, 4, 4), np.float32), {"subpixel": "x"}, "'x'", id="method"),
        pytest.param(
            np.ones((1, 1, 4, 4), np.float32),
            {"subpixel": "dark", "blur_kernel": 10},
            "odd",
            id="even kernel",
        ),
        pytest.param(
            np.ones((1, 1, 4, 4), np.float32),
            {"subpixel": "udp", "blur_kernel": 65},
            "63",
            id="large kernel",
        ),
        pytest.param(np.full((1, 1, 4, 4), np.nan, np.float32), {}, "only NaN", id="only NaN"),
    ],
)
def test_refuses_bad_maps(maps: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode_heatmaps(maps, **options)


@settings(deadline=None)
@given(
    maps=npst.arrays(
        np.float32,
        st.tuples(st.integers(0, 2), st.integers(1, 9), st.integers(1, 9)),
        elements=st.sampled_from([0.0, -1.0, 0.25, 0.5, 0.75, 1.0, np.nan, np.inf, -np.inf]),
    ),
    threshold=st.sampled_from([-np.inf, -1.0, 0.0, 0.3, 2.0]),
    radius=st.integers(0, 4),
    max_peaks=st.integers(0, 12),
)
def test_peaks_equal_the_reference(
    maps: NDArray[np.float32], threshold: float, radius: int, max_peaks: int
) -> None:
    found = heatmap_peaks(maps, threshold=threshold, radius=radius, max_peaks=max_peaks)
    wanted = reference.heatmap.peaks(maps, threshold, radius, max_peaks)
    assert [tuple(row) for row in found.tolist()] == wanted


def test_peaks_of_no_maps_are_none() -> None:
    assert heatmap_peaks(np.zeros((0, 8, 8), np.float32), threshold=0.1).shape == (0, 4)
    assert heatmap_peaks(np.zeros((3, 8, 8), np.float32), threshold=0.1).shape == (0, 4)


@pytest.mark.parametrize(
    ("maps", "options", "message"),
    [
        pytest.param(np.zeros((8, 8), np.float32), {}, "C,H,W", id="two axes"),
        pytest.param(np.zeros((1, 8, 0), np.float32), {}, "sides of 1", id="no columns"),
        pytest.param(np.zeros((1, 8, 8), np.float32), {"threshold": np.nan}, "NaN", id="NaN"),
        pytest.param(np.zeros((1, 8, 8), np.float32), {"radius": -1}, "radius", id="radius"),
        pytest.param(np.zeros((1, 8, 8), np.float32), {"max_peaks": -1}, "max_peaks", id="count"),
    ],
)
def test_peaks_refuse_bad_arguments(maps: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        heatmap_peaks(maps, **{"threshold": 0.1, **options})
