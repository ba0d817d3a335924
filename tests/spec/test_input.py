# SPDX-License-Identifier: Apache-2.0
"""The contract's `input`."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from reference.contract import centers_document, top_down_document

from edgepose.errors import SpecError
from edgepose.spec import InputSpec
from edgepose.spec.build import build

CROP = top_down_document()["input"]
LETTERBOX = centers_document()["input"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"name": ""}, "input.name must be a string", id="name"),
        pytest.param({"width": 0}, "input.width must be a whole number 1..4096; got 0", id="width"),
        pytest.param({"height": 4097}, "input.height must be a whole number 1..4096", id="height"),
        pytest.param({"layout": "HWC"}, "input.layout must be one of 'NCHW', 'NHWC'", id="layout"),
        pytest.param({"dtype": "uint8"}, "input.dtype must be one of 'float32'; got", id="dtype"),
        pytest.param({"color": "RGB"}, "input.color must be one of 'rgb', 'bgr'; got", id="color"),
        pytest.param({"mean": []}, "input.mean must be a list of 3 items; got 0", id="no mean"),
        pytest.param({"mean": [0, 0, 256]}, "input.mean[2] must be a number 0..255", id="mean"),
        pytest.param({"std": [1, 0, 1]}, "input.std[1] must be a number above 0", id="zero std"),
        pytest.param({"std": [1, 1, 1e-60]}, "input.std[2] must be no nearer to 0", id="tiny std"),
        pytest.param({"std": [1.1e-38] * 3}, "input.std[0] must be no nearer", id="denormal std"),
        pytest.param({"mean": [0, 1e-39, 0]}, "input.mean[1] must be no nearer", id="tiny mean"),
        pytest.param({"mean": [3.5e38, 0, 0]}, "input.mean[0] must be a number 0..255", id="inf"),
        pytest.param({"pad_value": 1e-45}, "input.pad_value must be no nearer", id="tiny pad"),
        pytest.param({"box_padding": 1e-300}, "input.box_padding must be no", id="tiny padding"),
        pytest.param({"std": 1}, "input.std must be a list of 3 items; got 1", id="one std"),
        pytest.param({"resize": "pad"}, "input.resize must be one of 'crop', ", id="resize"),
        pytest.param({"pad_value": -1}, "input.pad_value must be a number 0..255", id="pad"),
        pytest.param({"shrink": ""}, "input.shrink must be one of 'bilinear', 'area'", id="shrink"),
        pytest.param({"box_padding": 0}, "input.box_padding must be a number above 0", id="box"),
        pytest.param(
            {"anchor": "center"}, "input.anchor belongs to resize 'letterbox'", id="anchor of crop"
        ),
        pytest.param(
            {"resize": "letterbox"}, "input.anchor is missing; resize 'letterbox'", id="no anchor"
        ),
        pytest.param(
            {"resize": "stretch"}, "input.box_padding belongs to resize 'crop'", id="stretched box"
        ),
    ],
)
def test_refuses(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        build(InputSpec, "input", {**CROP, **change})
    assert str(caught.value).startswith(message)


def test_refuses_a_crop_without_padding_and_an_unknown_anchor() -> None:
    given = {key: item for key, item in CROP.items() if key != "box_padding"}
    with pytest.raises(SpecError, match=r"^input\.box_padding is missing; resize 'crop' needs it"):
        build(InputSpec, "input", given)
    with pytest.raises(SpecError, match=r"^input\.anchor must be one of 'center', 'top_left'"):
        build(InputSpec, "input", {**LETTERBOX, "anchor": "bottom"})


def test_is_immutable_and_can_be_pickled() -> None:
    mean = [1, 2, 3]
    part = build(InputSpec, "input", {**CROP, "mean": mean})
    mean[0] = 9
    assert part.mean == (1.0, 2.0, 3.0)
    assert part.wh == (48, 64)
    assert pickle.loads(pickle.dumps(part)) == part
    assert hash(replace(part)) == hash(part)
    with pytest.raises(FrozenInstanceError):
        part.width = 3  # type: ignore[misc]
    with pytest.raises(SpecError, match=r"input\.color"):
        replace(part, color="grey")


@pytest.mark.parametrize(
    ("layout", "shape"),
    [
        pytest.param("NCHW", (None, 3, 64, 48), id="channels first"),
        pytest.param("NHWC", (None, 64, 48, 3), id="channels last"),
    ],
)
def test_shape(layout: str, shape: tuple[int | None, ...]) -> None:
    assert build(InputSpec, "input", {**CROP, "layout": layout}).shape == shape
