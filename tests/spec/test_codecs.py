# SPDX-License-Identifier: Apache-2.0
"""The contract's `codec`."""

from __future__ import annotations

from typing import Any

import pytest
from reference.contract import DOCUMENTS

from edgepose.errors import SpecError
from edgepose.spec import (
    CentersCodec,
    HeatmapCodec,
    PafCodec,
    SimccCodec,
    Spec,
    TagsCodec,
    YoloxCodec,
)
from edgepose.spec.codecs import CODECS, MAX_CLASSES

BOXES = {"score_threshold": 0.3, "nms_iou": 0.5, "max_boxes": 9}
HEATMAP = {"stride": 4, "warp": "udp", "subpixel": "udp", "blur_kernel": 11}
CENTERS = {"stride": 8, **BOXES}
SIMCC = {key: item for key, item in DOCUMENTS["simcc"]()["codec"].items() if key != "type"}
PAF = {key: item for key, item in DOCUMENTS["paf"]()["codec"].items() if key != "type"}
TAGS = {key: item for key, item in DOCUMENTS["tags"]()["codec"].items() if key != "type"}
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
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"shifts": [0.25]},
            "codec.shifts belongs to subpixel 'mspn'; got subpixel 'udp'",
            id="shifts of udp",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "mspn"},
            "codec.shifts is missing; subpixel 'mspn' needs it",
            id="no shifts",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "mspn", "shifts": []},
            "codec.shifts must be a list of 1..4 items",
            id="0 shifts",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "mspn", "shifts": [0.2, 1.5]},
            "codec.shifts[1] must be a number 0..1",
            id="far shift",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "mspn", "shifts": [0], "blur_kernel": None},
            "codec.blur_kernel is missing; subpixel 'mspn' needs",
            id="mspn unblurred",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "megvii", "blur_kernel": None},
            "codec.blur_kernel is missing; subpixel 'megvii' nee",
            id="megvii unblurred",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "integral", "debias": False},
            "codec.beta is missing; subpixel 'integral' needs it",
            id="no beta",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "integral", "beta": 1},
            "codec.debias is missing; subpixel 'integral' needs",
            id="no debias",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "integral", "beta": 1e-60, "debias": False},
            "codec.beta must be no nearer to 0 than 1.17549e-38",
            id="tiny beta",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "mspn", "shifts": [0.25, 1e-39]},
            "codec.shifts[1] must be no nearer to 0",
            id="tiny shift",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"score": "gaussian", "beta": None, "sigma": [1e-60, 1]},
            "codec.sigma[0] must be no nearer to 0",
            id="tiny sigma",
        ),
        pytest.param(
            PafCodec, PAF, {"min_fraction": 1e-60}, "codec.min_fraction must be no", id="tiny part"
        ),
        pytest.param(
            TagsCodec, TAGS, {"tag_threshold": 1e-60}, "codec.tag_threshold must be", id="tiny tag"
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "integral", "beta": 0, "debias": False},
            "codec.beta must be a number above 0",
            id="beta",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"subpixel": "integral", "beta": 1, "debias": 0},
            "codec.debias must be true or false; got 0",
            id="debias",
        ),
        pytest.param(
            HeatmapCodec,
            HEATMAP,
            {"debias": True},
            "codec.debias belongs to subpixel 'integral'; got",
            id="debias of udp",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"split_ratio": 0},
            "codec.split_ratio must be a number above 0",
            id="ratio",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"warp": "udp"},
            "codec.warp must be one of 'half_pixel', 'legacy'; got",
            id="simcc udp",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"subpixel": "udp"},
            "codec.subpixel must be one of 'none', 'dark'; got",
            id="simcc sub",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"score": ""},
            "codec.score must be one of 'value', 'softmax', 'gau",
            id="score word",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"joined_score": "mean"},
            "codec.joined_score must be one of 'smaller', 'larg",
            id="join",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"blur_kernel": None},
            "codec.blur_kernel is missing; subpixel 'dark' needs",
            id="simcc blur",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"blur_kernel": [9]},
            "codec.blur_kernel must be a list of 2 items; got 1",
            id="one blur",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"blur_kernel": [9, 8]},
            "codec.blur_kernel[1] must be odd; got 8",
            id="even blur",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"sigma": None},
            "codec.sigma is missing; score 'gaussian' needs it",
            id="no sigma",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"score": "value"},
            "codec.sigma belongs to score 'gaussian'; got score 'val",
            id="value sigma",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"score": "softmax", "sigma": None},
            "codec.beta is missing; score 'softmax' needs it",
            id="no sharp",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"beta": [1, 1]},
            "codec.beta belongs to score 'softmax'; got score 'gaus",
            id="beta there",
        ),
        pytest.param(
            SimccCodec,
            SIMCC,
            {"sigma": [1, -1]},
            "codec.sigma[1] must be a number 0..",
            id="negative sigma",
        ),
        pytest.param(
            PafCodec, PAF, {"stride": 0}, "codec.stride must be a whole number", id="paf stride"
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"preset": "best"},
            "codec.preset must be one of 'openpose', 'light",
            id="preset",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"upscale": 17},
            "codec.upscale must be a whole number 1..16",
            id="upscale",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"peak_threshold": -1},
            "codec.peak_threshold must be a number 0..",
            id="peak",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"min_fraction": 1.5},
            "codec.min_fraction must be a number 0..1",
            id="fraction",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"matching": "best"},
            "codec.matching must be one of 'greedy', 'opt",
            id="match",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"min_joints": 0},
            "codec.min_joints must be a whole number 1..256",
            id="joints",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"min_joint_score": True},
            "codec.min_joint_score must be a number",
            id="joint score",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"max_people": 1001},
            "codec.max_people must be a whole number 1..1000",
            id="people",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"limbs": []},
            "codec.limbs must be a list of 1..1024 items; got 0",
            id="no limbs",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"limbs": [[0, 1, 2]]},
            "codec.limbs[0] must be a list of 4 items; got 3",
            id="limb of 3",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"limbs": [[1, 1, 2, 3]]},
            "codec.limbs[0] must join two different keypoints",
            id="limb to itself",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"limbs": [[0, 1, 2, 10_000]]},
            "codec.limbs[0] must be a whole number 0..9999",
            id="channel",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"redundant": [2]},
            "codec.redundant[0] must be a whole number 0..1; got 2",
            id="redundant",
        ),
        pytest.param(
            PafCodec,
            PAF,
            {"uncounted": [0, 0]},
            "codec.uncounted must differ; got 0 twice",
            id="uncounted",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"stride": True},
            "codec.stride must be a whole number",
            id="tags stride",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"tag_dimensions": 0},
            "codec.tag_dimensions must be a whole number 1..64",
            id="no tag",
        ),
        pytest.param(
            TagsCodec, TAGS, {"nms_kernel": 4}, "codec.nms_kernel must be odd; got 4", id="nms"
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"peak_threshold": "a"},
            "codec.peak_threshold must be a number",
            id="tags peak",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"tag_threshold": -0.5},
            "codec.tag_threshold must be a number 0..",
            id="distance",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"max_people": 0},
            "codec.max_people must be a whole number 1..1000",
            id="nobody",
        ),
        pytest.param(
            TagsCodec, TAGS, {"person_threshold": -1}, "codec.person_threshold must be", id="person"
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"adjust": 1},
            "codec.adjust must be true or false; got 1",
            id="number as switch",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"adjust": False},
            "codec.refine needs adjust; got refine true",
            id="refine alone",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"joint_order": [0, 0]},
            "codec.joint_order must differ; got 0 twice",
            id="order",
        ),
        pytest.param(
            TagsCodec,
            TAGS,
            {"joint_order": [-1]},
            "codec.joint_order[0] must be a whole number",
            id="order below 0",
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
        pytest.param(YoloxCodec, YOLOX, {"nms_iou": 1e-60}, "codec.nms_iou must be no", id="tiny"),
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
        pytest.param("simcc", "simcc_x", (None, 3, 96), id="bins of x"),
        pytest.param("simcc", "simcc_y", (None, 3, 128), id="bins of y"),
        pytest.param("paf", "heatmap", (None, range(3, 10_001), 8, 6), id="parts"),
        pytest.param("paf", "paf", (None, range(8, 10_001), 8, 6), id="fields"),
        pytest.param("tags", "heatmap", (None, 3, 16, 12), id="parts to tag"),
        pytest.param("tags", "tags", (None, 6, 16, 12), id="tags of two dimensions"),
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
            "simcc",
            "codec",
            {"split_ratio": 1.3},
            "input.width times codec.split_ratio must be a whole number of bins; got 48 * 1.3",
            id="bins",
        ),
        pytest.param(
            "paf", "input", {"width": 44}, "input.width must be a multiple of stride 8", id="paf"
        ),
        pytest.param(
            "tags", "input", {"width": 42}, "input.width must be a multiple of stride 4", id="tags"
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
