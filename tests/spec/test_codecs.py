# SPDX-License-Identifier: Apache-2.0
"""The contract's `codec`."""

from __future__ import annotations

from typing import Any

import pytest
from reference.contract import DOCUMENTS

from edgepose.errors import SpecError
from edgepose.spec import CentersCodec, HeatmapCodec, Spec, YoloxCodec
from edgepose.spec.codecs import CODECS, MAX_CLASSES

BOXES = {"score_threshold": 0.3, "nms_iou": 0.5, "max_boxes": 9}
HEATMAP = {"stride": 4, "warp": "udp", "subpixel": "udp", "blur_kernel": 11}
CENTERS = {"stride": 8, **BOXES}
YOLOX = {"strides": (8, 16), "class_index": 0, **BOXES}


@pytest.mark.parametrize(
    ("codec", "given", "change", "message"),
    [
        pytest.param(HeatmapCodec, HEATMAP, {"stride": 0}, "codec.stride must be", id="stride"),
        pytest.param(HeatmapCodec, HEATMAP, {"stride": 129}, "codec.stride must be", id="129"),
        pytest.param(HeatmapCodec, HEATMAP, {"warp": "dark"}, "codec.warp must be", id="warp"),
        pytest.param(HeatmapCodec, HEATMAP, {"subpixel": ""}, "codec.subpixel must be", id="sub"),
        pytest.param(
            HeatmapCodec, HEATMAP, {"blur_kernel": 10}, "codec.blur_kernel must be odd", id="even"
        ),
        pytest.param(
            HeatmapCodec, HEATMAP, {"blur_kernel": 65}, "codec.blur_kernel must be a w", id="wide"
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"blur_kernel": None},
            "codec.blur_kernel is missing; subpixel 'udp' needs it",
            id="no blur",
        ),
        pytest.param(CentersCodec, CENTERS, {"stride": 4.0}, "codec.stride must be", id="float"),
        pytest.param(
            CentersCodec, CENTERS, {"score_threshold": 1.5}, "codec.score_threshold", id="score"
        ),
        pytest.param(CentersCodec, CENTERS, {"nms_iou": -1}, "codec.nms_iou must be", id="iou"),
        pytest.param(CentersCodec, CENTERS, {"max_boxes": 0}, "codec.max_boxes must be", id="max"),
        pytest.param(YoloxCodec, YOLOX, {"strides": ()}, "codec.strides must be a list", id="none"),
        pytest.param(YoloxCodec, YOLOX, {"strides": 8}, "codec.strides must be a list", id="one"),
        pytest.param(YoloxCodec, YOLOX, {"strides": (8, 0)}, "codec.strides[1] must be", id="zero"),
        pytest.param(YoloxCodec, YOLOX, {"strides": (8, 8)}, "codec.strides must differ", id="eq"),
        pytest.param(YoloxCodec, YOLOX, {"class_index": -1}, "codec.class_index must be", id="cls"),
        pytest.param(YoloxCodec, YOLOX, {"nms_iou": "a"}, "codec.nms_iou must be", id="text"),
    ],
)
def test_refuses(codec: Any, given: dict[str, Any], change: dict[str, Any], message: str) -> None:
    codec(**given)
    with pytest.raises(SpecError) as caught:
        codec(**{**given, **change})
    assert str(caught.value).startswith(message)


def test_every_type_has_a_class_and_a_contract() -> None:
    assert {Spec.from_dict(make()).codec.type for make in DOCUMENTS.values()} == set(CODECS)
    assert all(CODECS[kind].type == kind for kind in CODECS)


@pytest.mark.parametrize(
    ("name", "role", "shape"),
    [
        pytest.param("top_down", "heatmap", (None, 3, 16, 12), id="heatmap"),
        pytest.param("centers", "heatmap", (None, 1, 8, 6), id="centres"),
        pytest.param("centers", "size", (None, 2, 8, 6), id="sizes"),
        pytest.param("centers", "offset", (None, 2, 8, 6), id="offsets"),
        pytest.param(
            "yolox", "predictions", (None, 8 * 6 + 4 * 3, range(8, 6 + MAX_CLASSES)), id="yolox"
        ),
    ],
)
def test_shapes(name: str, role: str, shape: tuple[Any, ...]) -> None:
    spec = Spec.from_dict(DOCUMENTS[name]())
    assert role in spec.codec.roles
    assert spec.codec.shape(role, spec.input, spec.keypoints) == shape


@pytest.mark.parametrize(
    ("name", "section", "change", "message"),
    [
        pytest.param(
            "top_down", "input", {"width": 50}, "input.width must be a multiple of stride 4", id="w"
        ),
        pytest.param(
            "centers",
            "input",
            {"height": 60},
            "input.height must be a multiple of stride 8",
            id="h",
        ),
        pytest.param(
            "yolox", "input", {"width": 40}, "input.width must be a multiple of stride 16", id="2nd"
        ),
        pytest.param(
            "top_down",
            "input",
            {"width": 1},
            "codec.warp 'udp' needs an input of at least 2x2; got 1x64",
            id="udp",
        ),
    ],
)
def test_an_input_that_does_not_suit(
    name: str, section: str, change: dict[str, Any], message: str
) -> None:
    document = DOCUMENTS[name]()
    document[section].update(change)
    if "udp" in message:
        document["codec"].update(stride=1, warp="udp")
    with pytest.raises(SpecError) as caught:
        Spec.from_dict(document)
    assert str(caught.value).startswith(message)
