# SPDX-License-Identifier: Apache-2.0
"""SimCC: the slow reference, the stored outputs of mmpose and SimCC, edge cases and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference.simcc
from numpy.typing import NDArray

from edgepose.decode import SIMCC_SCORE, decode_simcc, merge_flip
from edgepose.decode.simcc import dark_kernel
from edgepose.errors import InputError


def _vectors(width: int, seed: int, high: float = 1.0) -> NDArray[np.float32]:
    """[2, 9, width]: a bump per vector over noise, some past the ends."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(-3, width + 3, (2, 9, 1))
    bump = np.exp(-((np.arange(width) - at) ** 2) / 72)
    return (high * (bump + rng.uniform(0, 0.05, (2, 9, width)))).astype(np.float32)


@pytest.mark.parametrize("size", [None, 1, 7, 37, 63])
@pytest.mark.parametrize("score", SIMCC_SCORE)
@pytest.mark.parametrize("high", [0.002, 1.0, 200.0], ids=["low", "one", "high"])
def test_equals_the_reference(size: int | None, score: str, high: float) -> None:
    x, y = _vectors(384, 0, high), _vectors(90, 1, high)
    before = x.copy(), y.copy()
    beta, sigma = (1.5, 2.0), (4.9, 0.0)
    xy, scores = decode_simcc(
        x,
        y,
        split_ratio=2.0,
        score=score,
        beta=beta,
        sigma=sigma,
        blur_kernel=None if size is None else (size, size),
    )
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(y, before[1])
    for person, joint in np.ndindex(2, 9):
        for axis, vector in enumerate((x[person, joint], y[person, joint])):
            wanted = reference.simcc.place(vector, size)
            plain = reference.simcc.place(vector)
            if abs(wanted - plain) < 3:  # beyond, the step's length is anyone's guess
                np.testing.assert_allclose(2 * xy[person, joint, axis], wanted, atol=2e-3)
        wanted = min(
            reference.simcc.score(x[person, joint], score, beta[0], sigma[0]),
            reference.simcc.score(y[person, joint], score, beta[1], sigma[1]),
        )
        np.testing.assert_allclose(scores[person, joint], wanted, rtol=2e-6)


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Mapping[str, Any]:
    return dict(np.load(golden_dir / "simcc.npz"))


def test_highest_bins(golden: Mapping[str, Any]) -> None:
    xy, score = decode_simcc(golden["simcc_x"], golden["simcc_y"], split_ratio=1.0)
    valid = golden["mmpose_max_val"] > 0
    np.testing.assert_array_equal(xy[valid], golden["mmpose_max_loc_bins"][valid])
    np.testing.assert_array_equal(score, golden["mmpose_max_val"])


def test_softmax(golden: Mapping[str, Any]) -> None:
    xy, score = decode_simcc(golden["simcc_x"], golden["simcc_y"], split_ratio=1.0, score="softmax")
    np.testing.assert_array_equal(xy, golden["mmpose_max_softmax_loc_bins"])
    np.testing.assert_allclose(score, golden["mmpose_max_softmax_val"], atol=1e-6)


@pytest.mark.parametrize(("name", "sigma"), [("none", 0.0), ("6", 6.0), ("4.9", 4.9)])
def test_gaussian(golden: Mapping[str, Any], name: str, sigma: float) -> None:
    xy, score = decode_simcc(
        golden["simcc_x"],
        golden["simcc_y"],
        split_ratio=1.0,
        score="gaussian",
        sigma=(sigma, sigma),
    )
    wanted = golden[f"mmpose_normalized_sigma{name}_val"]
    np.testing.assert_allclose(score, wanted, atol=1e-6)
    places = golden[f"mmpose_normalized_sigma{name}_loc_bins"]
    np.testing.assert_array_equal(xy[wanted > 0], places[wanted > 0])


@pytest.mark.parametrize(
    ("name", "sigma"), [("sigma6", (6.0, 6.0)), ("sigma4.9_5.66", (4.9, 5.66))]
)
def test_mmpose_codec(golden: Mapping[str, Any], name: str, sigma: tuple[float, float]) -> None:
    x, y = golden["simcc_x"], golden["simcc_y"]
    valid = golden["mmpose_max_val"] > 0
    xy, score = decode_simcc(x, y)
    np.testing.assert_array_equal(xy[valid], golden[f"mmpose_decode_{name}_input_xy"][valid])
    np.testing.assert_array_equal(score, golden[f"mmpose_decode_{name}_score"])
    beta = (150 * sigma[0], 150 * sigma[1])
    _, visibility = decode_simcc(x, y, score="softmax", beta=beta)
    np.testing.assert_allclose(visibility, golden[f"mmpose_decode_{name}_visibility"], atol=1e-6)
    kernels = (dark_kernel(sigma[0]), dark_kernel(sigma[1]))
    refined, _ = decode_simcc(x, y, blur_kernel=kernels)
    trusted = valid & (golden["sens_decode_sigma6_dark"] < 1e-4)
    assert trusted.sum() >= 30
    wanted = golden[f"mmpose_decode_{name}_dark_input_xy"][trusted]
    np.testing.assert_allclose(refined[trusted], wanted, atol=1e-3)


def test_mmpose_flip(golden: Mapping[str, Any]) -> None:
    x, y = _merged(golden, shift=0)
    xy, score = decode_simcc(x, y, split_ratio=1.0)
    wanted = golden["mmpose_flip_avg_val"]
    np.testing.assert_array_equal(score, wanted)
    places = golden["mmpose_flip_avg_loc_bins"]
    np.testing.assert_array_equal(xy[wanted > 0], places[wanted > 0])


@pytest.mark.parametrize(("name", "shift"), [("flip", 0), ("flip_shift", -1)])
@pytest.mark.parametrize("head", ["sa_simdr", "simdr"])
def test_simcc_repository(golden: Mapping[str, Any], head: str, name: str, shift: int) -> None:
    if head == "sa_simdr":
        x, y = _merged(golden, shift)
        xy, score = decode_simcc(x, y, score="softmax")
    else:
        # This head moves the mirrored logits before their softmax, not after.
        moved = dict(golden)
        if shift:
            mirrored = moved["simcc_x_flipped_pass"]
            moved["simcc_x_flipped_pass"] = np.concatenate(
                [mirrored[..., :1], mirrored[..., :-1]], axis=-1
            )
        x, y = _merged({**golden, **{key: _softmax(moved[key]) for key in VECTORS}}, shift=0)
        xy, score = decode_simcc(x, y, larger=True)
    wanted = golden[f"simccrepo_validate_{head}_{name}_image_xy"]
    np.testing.assert_allclose(_image_px(golden, xy), wanted, atol=1e-3)
    np.testing.assert_allclose(score, golden[f"simccrepo_validate_{head}_{name}_score"], atol=1e-6)


@pytest.mark.parametrize(("head", "larger"), [("sa_simdr", False), ("simdr", True)])
def test_simcc_repository_without_flip(golden: Mapping[str, Any], head: str, larger: bool) -> None:
    xy, score = decode_simcc(golden["simcc_x"], golden["simcc_y"], score="softmax", larger=larger)
    wanted = golden[f"simccrepo_validate_{head}_noflip_image_xy"]
    np.testing.assert_allclose(_image_px(golden, xy), wanted, atol=1e-3)
    np.testing.assert_allclose(score, golden[f"simccrepo_validate_{head}_noflip_score"], atol=1e-6)


VECTORS = ("simcc_x", "simcc_y", "simcc_x_flipped_pass", "simcc_y_flipped_pass")


def _softmax(vectors: NDArray[Any]) -> NDArray[np.float32]:
    raised = np.exp(vectors.astype(np.float64) - vectors.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _merged(golden: Mapping[str, Any], shift: int) -> tuple[Any, Any]:
    pairs = golden["flip_pairs"]
    x, y, x_flipped, y_flipped = (golden[name] for name in VECTORS)
    return (
        merge_flip(x, x_flipped, flip_pairs=pairs, shift=shift),
        merge_flip(y, y_flipped, flip_pairs=pairs, mirror=False),
    )


def _image_px(golden: Mapping[str, Any], xy: NDArray[np.float32]) -> Any:
    """SimCC's way back to the photo, for boxes that are not turned."""
    size = golden["input_wh"]
    scale = 200 * golden["scale"][:, None, :1] / size[0]
    return (xy - size / 2) * scale + golden["center"][:, None]


@pytest.mark.parametrize(
    ("n", "k", "widths"),
    [
        pytest.param(0, 17, (8, 8), id="no people"),
        pytest.param(2, 0, (8, 8), id="no joints"),
        pytest.param(0, 0, (0, 0), id="nothing"),
        pytest.param(2, 3, (1, 1), id="one bin"),
    ],
)
def test_small_batches(n: int, k: int, widths: tuple[int, int]) -> None:
    x, y = (np.ones((n, k, width), np.float32) for width in widths)
    for score in SIMCC_SCORE:
        xy, scores = decode_simcc(x, y, score=score, blur_kernel=(11, 11))
        assert xy.shape == (n, k, 2)
        assert (xy == 0).all()
        assert (scores == 1).all()


def test_bounded_steps() -> None:
    rng = np.random.default_rng(0)
    flat = rng.uniform(0.05, 0.0501, (2, 60, 200)).astype(np.float32)
    bins, _ = decode_simcc(flat, flat)
    free, _ = decode_simcc(flat, flat, blur_kernel=(21, 37))
    xy, _ = decode_simcc(flat, flat, blur_kernel=(21, 37), bounded=True)
    long = 2 * np.abs(free - bins) > [3.5, 5.9]
    assert 10 < long.sum() < long.size
    np.testing.assert_array_equal(xy, np.where(long, bins, free))


def test_odd_values() -> None:
    x = np.array(
        [[[np.nan, 2, np.inf], [-np.inf] * 3, [-3, -2, -5], [np.nan, 1, np.nan]]], np.float32
    )
    y = np.array([[[1, 2, 3], [0, 0, 0], [1, 1, 1], [4, 5, 6]]], np.float32)
    for score, first in (("value", [3, -np.inf, -2, 1]), ("gaussian", [1, 0, 0, 1])):
        xy, scores = decode_simcc(x, y, split_ratio=1.0, score=score, blur_kernel=(3, 3))
        assert xy[0, :, 0].tolist() == [2, 0, 1, 1]
        assert np.isfinite(xy).all()
        assert scores[0].tolist() == first
    _, scores = decode_simcc(x, y, score="softmax")
    assert scores[0, 1] == 0


LINE = np.ones((1, 2, 8), np.float32)


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        pytest.param(np.zeros((1, 2, 3, 4), np.float32), LINE, {}, "N,K,W", id="four axes"),
        pytest.param(np.zeros((1, 2, 8)), LINE, {}, "got float64", id="float64"),
        pytest.param(LINE, LINE[:, :1], {}, "same N and K", id="joints differ"),
        pytest.param(LINE[..., :0], LINE, {}, "simcc_x must be", id="no columns"),
        pytest.param(LINE, LINE[..., :0], {}, "simcc_y must be", id="no rows"),
        pytest.param(LINE, LINE, {"score": "best"}, "'best'", id="score"),
        pytest.param(LINE, LINE, {"split_ratio": 0.0}, "option", id="split ratio"),
        pytest.param(LINE, LINE, {"score": "softmax", "beta": (1.0, np.inf)}, "option", id="beta"),
        pytest.param(LINE, LINE, {"score": "gaussian", "sigma": (-1.0, 1.0)}, "option", id="sigma"),
        pytest.param(LINE, LINE, {"blur_kernel": (4, 3)}, "odd", id="even kernel"),
        pytest.param(LINE, np.full_like(LINE, np.nan), {}, r"only NaN .*\[0, 0\]", id="NaN"),
        pytest.param(LINE.astype(np.int8), LINE, {}, "without one", id="no scale"),
    ],
)
def test_refuses(x: Any, y: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode_simcc(x, y, **options)
