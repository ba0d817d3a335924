# SPDX-License-Identifier: Apache-2.0
"""A contract against the network that it is said to describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from reference.contract import DOCUMENTS

from edgepose.errors import SpecError
from edgepose.spec import Spec, expected_shape, validate_model, validate_output


@dataclass(frozen=True)
class Port:
    name: str
    shape: tuple[int | None, ...] | None
    dtype: str = "float32"


IMAGE = Port("image", (None, 3, 64, 48))
MAPS = Port("heatmaps", (None, 3, 16, 12))
FIT = "must be float32 [N, 3, 16, 12] by the contract; the model declares"


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        pytest.param([], [MAPS], "have the one input 'image'; it has none", id="no input"),
        pytest.param([IMAGE] * 2, [MAPS], "it has 'image', 'image'", id="two inputs"),
        pytest.param([Port("x", None)], [MAPS], "it has 'x'", id="another input"),
        pytest.param(
            [Port("image", (1, 3, 48, 64))],
            [MAPS],
            "input: 'image' must be float32 [N, 3, 64, 48] by the contract; "
            "the model declares float32 [1, 3, 48, 64]",
            id="sides swapped",
        ),
        pytest.param([Port("image", (1, 64, 48, 3))], [MAPS], "declares float32 [1, 64", id="NHWC"),
        pytest.param(
            [Port("image", None, "uint8")], [MAPS], "declares uint8 of any shape", id="dtype"
        ),
        pytest.param(
            [IMAGE], [], "model must have the output 'heatmaps'; it has none", id="no out"
        ),
        pytest.param([IMAGE], [Port("a", None)], "'heatmaps'; it has 'a'", id="another output"),
        pytest.param(
            [IMAGE],
            [Port("heatmaps", (1, 17, 16, 12))],
            f"outputs.heatmap: 'heatmaps' {FIT} float32 [1, 17, 16, 12]",
            id="another number of keypoints",
        ),
        pytest.param([IMAGE], [Port("heatmaps", (1, 3))], f"{FIT} float32 [1, 3]", id="rank"),
        pytest.param(
            [IMAGE], [Port("heatmaps", MAPS.shape, "float16")], f"{FIT} float16", id="float16"
        ),
    ],
)
def test_a_contract_that_lies(
    inputs: Sequence[Port], outputs: Sequence[Port], message: str
) -> None:
    spec = Spec.from_dict(DOCUMENTS["top_down"]())
    with pytest.raises(SpecError) as caught:
        validate_model(spec, inputs, outputs)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        pytest.param([IMAGE], [MAPS], id="free batch"),
        pytest.param(
            [Port("image", (1, 3, 64, 48))], [MAPS, Port("aux", (5,))], id="further output"
        ),
        pytest.param([Port("image", (None,) * 4)], [Port("heatmaps", (None,) * 4)], id="free axes"),
        pytest.param([Port("image", None)], [Port("heatmaps", None)], id="unknown shapes"),
    ],
)
def test_a_contract_that_holds(inputs: Sequence[Port], outputs: Sequence[Port]) -> None:
    validate_model(Spec.from_dict(DOCUMENTS["top_down"]()), inputs, outputs)


@pytest.mark.parametrize(
    ("shape", "good"),
    [
        pytest.param((1, 60, 8), True, id="as many classes as the index needs"),
        pytest.param((1, 60, 85), True, id="coco"),
        pytest.param((1, 60, 7), False, id="class beyond the outputs"),
        pytest.param((1, 61, 85), False, id="other cells"),
        pytest.param((1, 60, 10_006), False, id="too many classes"),
    ],
)
def test_yolox(shape: tuple[int, ...], good: bool) -> None:
    spec = Spec.from_dict(DOCUMENTS["yolox"]())
    outputs = [Port("output", shape)]
    if good:
        validate_model(spec, [IMAGE], outputs)
    else:
        with pytest.raises(SpecError, match=r"must be float32 \[N, 60, 8\.\.10005\] by the contr"):
            validate_model(spec, [IMAGE], outputs)


@pytest.mark.parametrize(
    ("name", "role", "shape", "wanted"),
    [
        pytest.param("top_down", "heatmap", (1, 16, 12, 3), "[N, 16, 12, 3]", id="heatmaps"),
        pytest.param("paf", "paf", (1, 8, 6, 8), "[N, 8, 6, 8..10000]", id="fields"),
        pytest.param("simcc", "simcc_x", (1, 3, 96), "[N, 3, 96]", id="vectors have no layout"),
    ],
)
def test_channels_last(name: str, role: str, shape: tuple[int, ...], wanted: str) -> None:
    document = DOCUMENTS[name]()
    document["input"]["layout"] = "NHWC"
    spec = Spec.from_dict(document)
    validate_output(spec, role, np.zeros(shape, np.float32))
    with pytest.raises(SpecError) as caught:
        validate_output(spec, role, np.zeros(shape[::-1], np.float32))
    assert f"must be float32 {wanted} by the contract" in str(caught.value)
    image = Port("image", (1, 64, 48, 3))
    with pytest.raises(SpecError, match=r"must be float32 \[N, 64, 48, 3\] by the contract"):
        validate_model(spec, [IMAGE], [])
    with pytest.raises(SpecError, match=r"^outputs\."):
        validate_model(spec, [image], [])


@pytest.mark.parametrize(
    ("array", "batch", "message"),
    [
        pytest.param(np.zeros((0, 3, 16, 12), np.float32), 1, "gives float32 [0, 3", id="empty"),
        pytest.param(np.zeros((1, 3, 16, 12)), None, "the model gives float64", id="float64"),
        pytest.param(np.zeros((1, 3, 12, 16), np.float32), 1, "[1, 3, 12, 16]", id="transposed"),
        pytest.param(np.zeros((1, 3, 16, 12), np.float32), 2, "[2, 3, 16, 12] by", id="batch"),
        pytest.param(np.float32(0), None, "the model gives float32 []", id="scalar"),
    ],
)
def test_an_output_that_is_not_as_said(array: Any, batch: int | None, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        validate_output(Spec.from_dict(DOCUMENTS["top_down"]()), "heatmap", array, batch)
    assert message in str(caught.value)
    assert str(caught.value).startswith("outputs.heatmap: 'heatmaps' must be float32 [")


def test_an_output_that_is_as_said(spec: Spec) -> None:
    validate_output(spec, "heatmap", np.zeros((5, 3, 16, 12), np.float32))
    validate_output(spec, "heatmap", np.zeros((5, 3, 16, 12), np.float32), 5)
    validate_output(spec, "heatmap", np.zeros((0, 3, 16, 12), np.float32), 0)


def test_an_unknown_role(spec: Spec) -> None:
    assert expected_shape(spec, "heatmap") == (None, 3, 16, 12)
    with pytest.raises(SpecError, match=r"^role must be one of heatmap; got 'size'$"):
        expected_shape(spec, "size")
    with pytest.raises(SpecError, match=r"^role must be one of heatmap; got 'size'$"):
        validate_output(replace(spec, name="x"), "size", np.zeros(1, np.float32))
