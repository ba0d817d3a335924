# SPDX-License-Identifier: Apache-2.0
"""The contracts of trained bottom-up networks."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from edgepose.errors import InputError
from edgepose.spec import PafCodec, Spec, TagsCodec, expected_shape
from edgepose.train.bottom_up_codecs import field_count, joint_order
from edgepose.train.contract import ExportOptions, contract
from edgepose.train.recipe import Recipe

COCO = tuple(json.loads(files("edgepose.train").joinpath("coco17.json").read_text())["sigmas"])
PAF = Recipe("paf-s", "bottom_up_paf", COCO, 288, 384, 1.0, 7, "paf", ("coco",))
AE = replace(PAF, arch="ae-s", task="bottom_up_ae", sigma=1.5, name="ae")


def test_paf() -> None:
    spec = contract(PAF, ExportOptions())
    assert Spec.from_json(spec.to_json()) == spec
    assert isinstance(spec.codec, PafCodec)
    assert (spec.task, spec.input.resize, spec.input.anchor) == ("bottom_up", "letterbox", "center")
    assert [limb[2:] for limb in spec.codec.limbs] == [(2 * i, 2 * i + 1) for i in range(19)]
    assert len(spec.codec.redundant) == 3
    assert field_count(PAF) == 38
    assert expected_shape(spec, "heatmap")[2:] == (36, 48)
    assert "squares of maps and fields, Gaussian of sigma 1 cells" in spec.training.description


def test_ae() -> None:
    spec = contract(AE, ExportOptions())
    assert Spec.from_json(spec.to_json()) == spec
    assert isinstance(spec.codec, TagsCodec)
    assert field_count(AE) == 17
    assert expected_shape(spec, "tags") == (None, 17, 72, 96)
    # Head and trunk before the limbs, as COCO's order of associative embedding has it.
    assert spec.codec.joint_order == (0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16)


def test_names_of_others() -> None:
    assert joint_order(()) == ()
    assert joint_order(("tail", "left_wrist", "head")) == (1, 0, 2)
    with pytest.raises(InputError, match="that a limb joins"):
        contract(replace(PAF, keypoint_names=("tail", "nose")), ExportOptions())
