# SPDX-License-Identifier: Apache-2.0
"""Aggregation of stages, scales and mirrored passes against the stored outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.group import ScaleOutputs, aggregate_outputs, resize_maps, scaled_input, to_image

CHANNELS = [0, 5, 6]


@pytest.mark.parametrize(
    ("case", "scales", "tag_scale"),
    [pytest.param("single", ["1"], 0, id="one"), pytest.param("multi", ["2", "1", "0.5"], 1)],
)
def test_equals_the_golden_maps(
    golden_dir: Path, case: str, scales: list[str], tag_scale: int
) -> None:
    stored = np.load(golden_dir / "ae_aggregate.npz")

    def maps(scale: str, suffix: str) -> list[Any]:
        names = [f"{case}_scale{scale}_out{stage}{suffix}" for stage in (0, 1)]
        return [stored[name].astype(np.float32) for name in names]

    width, height = stored["project_wh"].tolist()
    heat, tags = aggregate_outputs(
        [ScaleOutputs(maps(scale, ""), maps(scale, "_flipped_image")) for scale in scales],
        keypoints=17,
        out_hw=(height, width),
        flip_indices=stored["flip_index"].tolist(),
        tag_scale=tag_scale,
    )
    np.testing.assert_allclose(heat[CHANNELS], stored[f"{case}_heatmaps_ch0_5_6"], atol=1e-5)
    np.testing.assert_allclose(tags[CHANNELS], stored[f"{case}_tags_ch0_5_6"], atol=1e-5)


def test_input_sizes_equal_the_golden_table(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "ae_aggregate.npz")
    for row in stored["resize_table_w_h_input_scale_minscale_wr_hr_cx_cy_sx_sy"]:
        found = scaled_input((int(row[0]), int(row[1])), int(row[2]), row[3], row[4])
        assert (*found.size_wh, *found.center_xy) == tuple(row[5:9].astype(int).tolist())
        np.testing.assert_allclose(found.scale_wh, row[9:], rtol=1e-9)


def test_places_in_the_picture_equal_the_golden_ones(golden_dir: Path) -> None:
    stored = np.load(golden_dir / "ae_aggregate.npz")
    numbers = stored["final_preds_center_scale_size"]
    size = (int(numbers[4]), int(numbers[5]))
    found = to_image(stored["final_preds_in"][..., :2], numbers[:2], numbers[2:4], size)
    np.testing.assert_allclose(found, stored["final_preds_out"][..., :2], atol=1e-3)


def test_resize_follows_the_definition() -> None:
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(2, 5, 7)).astype(np.float32)
    for out_hw in ((5, 7), (1, 1), (13, 4), (10, 14)):
        rows = np.clip((np.arange(out_hw[0]) + 0.5) * 5 / out_hw[0] - 0.5, 0, 4)
        columns = np.clip((np.arange(out_hw[1]) + 0.5) * 7 / out_hw[1] - 0.5, 0, 6)
        down = np.stack([np.interp(rows, np.arange(5), m) for m in maps.transpose(0, 2, 1)[0]])
        wanted = np.stack([np.interp(columns, np.arange(7), line) for line in down.T])
        np.testing.assert_allclose(resize_maps(maps, out_hw)[0], wanted, atol=1e-5)
    assert resize_maps(np.zeros((0, 5, 7), np.float32), (2, 2)).shape == (0, 2, 2)


def test_a_shared_tag_map_is_mirrored_but_not_swapped() -> None:
    stage = np.zeros((3, 1, 2), np.float32)
    stage[2, 0] = [1, 2]
    scales = [ScaleOutputs([stage], [stage])]
    _, tags = aggregate_outputs(scales, keypoints=2, flip_indices=[1, 0])
    assert tags.tolist() == [[[[1.0, 2.0], [2.0, 1.0]]]]


STAGE = np.zeros((4, 2, 2), np.float32)


@pytest.mark.parametrize(
    ("scales", "changes", "message"),
    [
        pytest.param([], {}, "at least one", id="no scales"),
        pytest.param([ScaleOutputs([STAGE])], {"tag_scale": 1}, "tag_scale", id="tag scale"),
        pytest.param([ScaleOutputs([STAGE], [STAGE])], {}, "flip_indices", id="no flip indices"),
        pytest.param([ScaleOutputs([STAGE[:2]])], {}, "tags", id="no tags"),
        pytest.param([ScaleOutputs([STAGE[:1]])], {}, "stages must be", id="channels"),
        pytest.param([ScaleOutputs([STAGE])], {"out_hw": (0, 2)}, "out_hw", id="size"),
    ],
)
def test_refuses_bad_outputs(
    scales: list[ScaleOutputs], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        aggregate_outputs(scales, keypoints=2, **changes)


def test_refuses_stages_of_nothing() -> None:
    scales = [ScaleOutputs([STAGE], [])]
    with pytest.raises(InputError, match="at least one output"):
        aggregate_outputs(scales, keypoints=2, flip_indices=[1, 0])


def test_refuses_bad_sizes_and_points() -> None:
    for bad in ({"image_wh": (0, 5)}, {"scale": 0.0}, {"min_scale": np.nan}):
        arguments: dict[str, Any] = {"image_wh": (9, 9), "input_size": 512, **bad}
        with pytest.raises(InputError, match="positive"):
            scaled_input(**arguments)
    with pytest.raises(InputError, match="xy"):
        to_image([1.0, 2.0, 3.0], (0, 0), (1, 1), (4, 4))
    with pytest.raises(InputError, match="map_wh"):
        to_image([1.0, 2.0], (0, 0), (1, 1), (0, 4))
