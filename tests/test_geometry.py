# SPDX-License-Identifier: Apache-2.0
"""Matrices between frames: golden parity, properties and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgepose import _core
from edgepose.errors import InputError
from edgepose.geometry import (
    WARPS,
    apply_matrix,
    cells_to_input,
    crop_matrix,
    letterbox_matrix,
    stretch_matrix,
)


@pytest.fixture(scope="module")
def affine(golden_dir: Path) -> Mapping[str, Any]:
    return dict(np.load(golden_dir / "affine.npz"))


def _matrices(affine: Mapping[str, Any], warp: str, turn: float, stride: int = 1) -> Any:
    xywh = affine["box"]
    xyxy = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
    return np.concatenate(
        [
            crop_matrix(
                xyxy[i : i + 1],
                tuple((affine["input_wh"][i] // stride).tolist()),
                padding=1.25,
                warp=warp,
                rotation_deg=turn * affine["rot"][i],
            )
            for i in range(len(xyxy))
        ]
    )


def _inverse(matrices: Any) -> Any:
    square = np.concatenate([matrices, np.tile([[[0, 0, 1]]], (len(matrices), 1, 1))], axis=1)
    return np.linalg.inv(square)[:, :2]


def _relative(found: Any, wanted: Any) -> float:
    scale = np.abs(wanted).max(axis=(1, 2), keepdims=True)
    return float((np.abs(found - wanted) / scale).max())


@pytest.mark.parametrize(
    ("name", "warp", "turn", "stride"),
    [
        pytest.param("hr", "legacy", 1, 1, id="hrnet"),
        pytest.param("hr_hm", "legacy", 1, 4, id="hrnet heatmap"),
        pytest.param("mm", "legacy", 1, 1, id="mmpose"),
    ],
)
def test_legacy_matrices_equal_the_reference(
    affine: Mapping[str, Any], name: str, warp: str, turn: float, stride: int
) -> None:
    family, _, suffix = name.partition("_")
    suffix = f"_{suffix}" if suffix else ""
    found = _matrices(affine, warp, turn, stride)
    assert _relative(found, affine[f"{family}_inv{suffix}"]) < 1e-5
    assert _relative(_inverse(found), affine[f"{family}_fwd{suffix}"]) < 1e-5


def test_udp_matrices_equal_the_reference(affine: Mapping[str, Any]) -> None:
    # The reference turns the other way round than HRNet does.
    found = _matrices(affine, "udp", -1)
    assert _relative(_inverse(found), affine["udp_fwd"].astype(np.float64)) < 1e-5


def test_points_equal_the_reference(affine: Mapping[str, Any]) -> None:
    for warp, turn, name in (("legacy", 1, "hr_pts_input"), ("udp", -1, "udp_pts_input")):
        found = apply_matrix(_inverse(_matrices(affine, warp, turn)), affine["pts_image"])
        assert np.abs(found - affine[name]).max() < 1e-3


@pytest.mark.parametrize(
    ("warp", "name"), [("legacy", "hr_pts_image"), ("udp", "udprepo_pts_image")]
)
def test_cells_to_picture_equal_the_reference(
    affine: Mapping[str, Any], warp: str, name: str
) -> None:
    matrices = _matrices(affine, warp, 0)
    for i, matrix in enumerate(matrices):
        width, height = affine["input_wh"][i].tolist()
        in_input = cells_to_input(
            affine["pts_hm"][i],
            stride=4,
            warp=warp,
            input_wh=(width, height),
            map_wh=(width // 4, height // 4),
        )
        found = apply_matrix(matrix[None], in_input[None])[0]
        assert np.abs(found - affine[name][i]).max() < 1e-3


def test_no_boxes_give_no_matrices() -> None:
    empty = np.zeros((0, 4))
    assert crop_matrix(empty, (192, 256), padding=1.25, warp="udp").shape == (0, 2, 3)
    assert apply_matrix(np.zeros((0, 2, 3)), np.zeros((0, 17, 2))).shape == (0, 17, 2)


def test_half_pixel_brings_outer_edges_together() -> None:
    matrix = crop_matrix([[10, 20, 34, 52]], (192, 256), padding=1.0, warp="half_pixel")
    corners = apply_matrix(matrix, [[[-0.5, -0.5], [191.5, 255.5]]])
    np.testing.assert_allclose(corners[0], [[10, 20], [34, 52]])


def test_udp_brings_outermost_centres_together() -> None:
    matrix = crop_matrix([[10, 20, 34, 52]], (192, 256), padding=1.0, warp="udp")
    corners = apply_matrix(matrix, [[[0, 0], [191, 255]]])
    np.testing.assert_allclose(corners[0], [[10, 20], [34, 52]])


def test_crops_without_rotation_hold_exact_zeros() -> None:
    for warp in WARPS:
        matrix = crop_matrix([[1.1, 2.2, 33.3, 44.4]], (192, 256), padding=1.25, warp=warp)[0]
        assert matrix[0, 1] == 0.0
        assert matrix[1, 0] == 0.0


@given(
    x=st.floats(-1e4, 1e4),
    y=st.floats(-1e4, 1e4),
    width=st.floats(0.5, 5e3),
    height=st.floats(0.5, 5e3),
    rotation=st.floats(-180, 180),
    warp=st.sampled_from(WARPS),
)
def test_the_box_lies_inside_its_crop(
    x: float, y: float, width: float, height: float, rotation: float, warp: str
) -> None:
    matrix = crop_matrix([[x, y, x + width, y + height]], (192, 256), padding=1.25, warp=warp)
    inverse = _inverse(matrix)
    corners = apply_matrix(inverse, [[[x, y], [x + width, y + height]]])[0]
    assert (corners > -0.5).all()
    assert (corners < [192, 256]).all()
    turned = crop_matrix(
        [[x, y, x + width, y + height]], (192, 256), padding=1.25, warp=warp, rotation_deg=rotation
    )
    center = apply_matrix(_inverse(turned), [[[x + width / 2, y + height / 2]]])[0, 0]
    middle = {"half_pixel": (95.5, 127.5), "udp": (95.5, 127.5), "legacy": (96, 128)}[warp]
    np.testing.assert_allclose(center, middle, atol=1e-3)


def test_letterbox_keeps_the_aspect() -> None:
    matrix = letterbox_matrix((640, 480), (320, 320), anchor="top_left")
    np.testing.assert_allclose(
        apply_matrix(matrix, [[[-0.5, -0.5], [319.5, 239.5]]])[0], [[-0.5, -0.5], [639.5, 479.5]]
    )
    matrix = letterbox_matrix((100, 400), (320, 320), anchor="center")
    np.testing.assert_allclose(
        apply_matrix(matrix, [[[119.5, -0.5], [199.5, 319.5]]])[0], [[-0.5, -0.5], [99.5, 399.5]]
    )


def test_stretch_fills_the_input() -> None:
    matrix = stretch_matrix((640, 120), (320, 240))
    np.testing.assert_allclose(
        apply_matrix(matrix, [[[-0.5, -0.5], [319.5, 239.5]]])[0], [[-0.5, -0.5], [639.5, 119.5]]
    )


def test_a_map_of_one_cell_is_the_middle_for_udp() -> None:
    found = cells_to_input(np.zeros((3, 2)), stride=4, warp="udp", input_wh=(5, 9), map_wh=(1, 2))
    np.testing.assert_array_equal(found, [[2, 0]] * 3)


def test_half_pixel_cells_are_the_middle_of_their_pixels() -> None:
    found = cells_to_input(
        [[0, 0], [47, 63]], stride=4, warp="half_pixel", input_wh=(192, 256), map_wh=(48, 64)
    )
    np.testing.assert_array_equal(found, [[1.5, 1.5], [189.5, 253.5]])


@pytest.mark.parametrize("warp", WARPS)
@pytest.mark.parametrize(("upscale", "offset"), [(1.0, 0.0), (1.0, 0.5), (4.0, 0.5), (8.0, 0.0)])
def test_places_of_a_grouping_are_made_cells(warp: str, upscale: float, offset: float) -> None:
    grid: dict[str, Any] = {"stride": 4, "warp": warp, "input_wh": (64, 48), "map_wh": (16, 12)}
    cells = np.random.default_rng(0).uniform(-1, 16, (3, 5, 2))
    places = (cells + 0.5) * upscale - 0.5 + offset
    before = places.copy()
    found = cells_to_input(places, **grid, upscale=upscale, offset=offset)
    np.testing.assert_array_equal(places, before)
    np.testing.assert_allclose(found, cells_to_input(cells, **grid), atol=1e-12)


def test_no_places_give_no_pixels() -> None:
    grid: dict[str, Any] = {"stride": 4, "warp": "udp", "input_wh": (64, 48), "map_wh": (16, 12)}
    assert cells_to_input(np.zeros((0, 17, 2)), **grid).shape == (0, 17, 2)
    assert cells_to_input([3, 1], **grid).shape == (2,)


BOX = [[0.0, 0.0, 10.0, 10.0]]


@pytest.mark.parametrize(
    ("boxes", "changes", "message"),
    [
        pytest.param([0, 0, 1, 1], {}, r"\[N,4\]", id="one flat box"),
        pytest.param([[0, 0, 0, 5]], {}, "x2 > x1", id="no width"),
        pytest.param([[0, 9, 5, 5]], {}, "x2 > x1", id="upside down"),
        pytest.param([[0, 0, np.nan, 5]], {}, "finite", id="NaN"),
        pytest.param([[0, 0, np.inf, 5]], {}, "finite", id="infinite"),
        pytest.param(BOX, {"padding": 0.0}, "padding", id="no padding factor"),
        pytest.param(BOX, {"padding": np.nan}, "padding", id="NaN padding"),
        pytest.param(BOX, {"rotation_deg": np.inf}, "rotation_deg", id="infinite rotation"),
        pytest.param(BOX, {"warp": "bent"}, "half_pixel, udp, legacy", id="unknown warp"),
        pytest.param(BOX, {"input_wh": (0, 5)}, "input_wh", id="no input"),
        pytest.param(BOX, {"input_wh": (1, 5), "warp": "udp"}, "2x2", id="udp needs two"),
    ],
)
def test_bad_crops_are_refused(boxes: Any, changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"input_wh": (192, 256), "padding": 1.25, "warp": "half_pixel"}
    with pytest.raises(InputError, match=message):
        crop_matrix(boxes, **{**arguments, **changes})


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="anchor"):
        letterbox_matrix((4, 4), (4, 4), anchor="left")
    with pytest.raises(InputError, match="image_wh"):
        letterbox_matrix((0, 4), (4, 4), anchor="center")
    with pytest.raises(InputError, match="image_wh"):
        stretch_matrix((4, -1), (4, 4))
    with pytest.raises(InputError, match="warp"):
        cells_to_input([[0, 0]], stride=4, warp="x", input_wh=(4, 4), map_wh=(1, 1))
    with pytest.raises(InputError, match="stride"):
        cells_to_input([[0, 0]], stride=0, warp="udp", input_wh=(4, 4), map_wh=(1, 1))
    grid: dict[str, Any] = {"stride": 4, "warp": "udp", "input_wh": (4, 4), "map_wh": (1, 1)}
    for name, bad in (("upscale", 0.0), ("upscale", np.nan), ("offset", np.inf)):
        with pytest.raises(InputError, match=f"^{name} must be"):
            cells_to_input([[0, 0]], **{**grid, name: bad})
    with pytest.raises(InputError, match="map_wh"):
        cells_to_input([[0, 0]], **{**grid, "map_wh": (0, 1)})
    with pytest.raises(InputError, match="warp must be half_pixel, udp or legacy; got 'x'"):
        _core.cells_to_input(np.zeros((1, 2)), 4, "x", (4, 4), (1, 1))
    with pytest.raises(InputError, match="xy_cell"):
        cells_to_input([[0, 0, 0]], stride=4, warp="udp", input_wh=(4, 4), map_wh=(1, 1))
    with pytest.raises(InputError, match="matrix"):
        apply_matrix(np.zeros((2, 3)), [[[0, 0]]])
    with pytest.raises(InputError, match="points"):
        apply_matrix(np.zeros((2, 2, 3)), np.zeros((3, 1, 2)))
