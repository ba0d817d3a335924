# SPDX-License-Identifier: Apache-2.0
"""ONNX models to OpenVINO IR."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import (
    paf_document,
    pose_document,
    write_centers,
    write_joined_paf,
    write_paf,
    write_pose,
    write_simcc,
    write_tags,
    write_yolox,
)

from edgepose.backends import open_session
from edgepose.convert import openvino as module
from edgepose.convert.openvino import to_ir
from edgepose.errors import InputError, ModelError, SpecError
from edgepose.models import resolve
from edgepose.spec import Spec, beside, read_spec, validate_model

pytestmark = pytest.mark.skipif(
    find_spec("openvino") is None, reason="needs edgepose[openvino]"
)  # importing it here would start its telemetry

MODELS: dict[str, Any] = {
    "heatmap": write_pose,
    "simcc": write_simcc,
    "paf": write_paf,
    "tags": write_tags,
    "centers": write_centers,
    "yolox": write_yolox,
}


def write_channels_last(path: Path) -> Path:
    document = paf_document(limbs=[[0, 1, 3, 4], [1, 2, 3, 4]])
    document["input"]["layout"] = "NHWC"
    document["outputs"] = {"heatmap": "maps", "paf": "maps"}
    return write_joined_paf(path, document)


MODELS["channels-last"] = write_channels_last


@pytest.mark.parametrize("kind", MODELS)
def test_every_codec(tmp_path: Path, kind: str) -> None:
    model = MODELS[kind](tmp_path / "model.onnx")
    before = model.read_bytes()
    done = to_ir(model, tmp_path / "ir.xml")
    assert done.path == tmp_path / "ir.xml"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ir.bin", "ir.xml", "model.onnx"]
    assert done.bytes == sum((tmp_path / name).stat().st_size for name in ("ir.bin", "ir.xml"))
    assert read_spec(done.path) == done.spec == read_spec(model)
    assert done.path.read_text(encoding="utf-8").count("<edgepose.spec ") == 1
    assert max(done.difference.values()) < 1e-4
    assert (done.rounding, done.own_difference) == (None, None)
    session = open_session(done.path, backend="openvino", threads=1)
    validate_model(done.spec, session.inputs, session.outputs)
    session.close()
    assert model.read_bytes() == before


def test_the_batch_axis_stays_free(tmp_path: Path) -> None:
    done = to_ir(write_pose(tmp_path / "model.onnx"), tmp_path / "ir.xml")
    session = open_session(done.path, backend="openvino", threads=1)
    for count in (1, 2, 5):
        outputs = session.run({"x": np.zeros((count, 3, 48, 32), np.float32)}, ["maps"])
        assert len(outputs["maps"]) == count
    session.close()


@pytest.mark.parametrize("where", ["beside", "given", "instead"])
def test_a_contract_from_elsewhere_goes_in(tmp_path: Path, where: str) -> None:
    document = {**pose_document(), "name": "größe <&\"' 1"}
    spec = Spec.from_dict(document)
    model = write_pose(tmp_path / "model.onnx", None if where == "instead" else {})
    if where == "beside":
        beside(model).write_text(spec.to_json(), encoding="utf-8")
    done = to_ir(model, tmp_path / "ir.xml", None if where == "beside" else spec)
    assert read_spec(done.path) == spec


def test_weights_as_they_are_or_float16(tmp_path: Path) -> None:
    model = resolve("det-n")  # stores large weights as float16
    kept = to_ir(model, tmp_path / "kept.xml")
    assert (tmp_path / "kept.bin").stat().st_size < 1.05 * model.stat().st_size
    half = to_ir(model, tmp_path / "half.xml", weights="float16")
    assert half.difference == kept.difference
    assert half.rounding is not None
    assert max(half.difference.values()) < 1e-5 < max(half.rounding.values()) < 1e-2


def test_a_quantized_model_is_held_against_itself(tmp_path: Path) -> None:
    done = to_ir(resolve("det-n-int8"), tmp_path / "ir.xml")
    assert done.own_difference is not None
    assert max(done.own_difference.values()) < 1e-4
    assert done.difference.keys() == done.own_difference.keys()
    assert done.bytes < 3e6


def test_a_model_that_differs_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = write_pose(tmp_path / "model.onnx")
    monkeypatch.setattr(module, "LARGEST_DIFFERENCE", -1.0)
    with pytest.raises(ModelError, match="differs from ONNX Runtime by"):
        to_ir(model, tmp_path / "ir.xml")
    assert list(tmp_path.iterdir()) == [model]


def test_refuses(tmp_path: Path) -> None:
    model, output = write_pose(tmp_path / "model.onnx"), tmp_path / "ir.xml"
    with pytest.raises(InputError, match="can be kept or become float16; got 'int4'"):
        to_ir(model, output, weights="int4")
    with pytest.raises(InputError, match=r"is NAME\.xml and NAME\.bin; got ir\.onnx"):
        to_ir(model, tmp_path / "ir.onnx")
    with pytest.raises(InputError, match="its folder does not exist"):
        to_ir(model, tmp_path / "none" / "ir.xml")
    with pytest.raises(ModelError, match="no such model file"):
        to_ir(tmp_path / "none.onnx", output)
    with pytest.raises(SpecError, match=r"carries no edgepose\.spec"):
        to_ir(write_pose(tmp_path / "bare.onnx", {}), output)
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(model.read_bytes()[:300])
    with pytest.raises(ModelError):
        to_ir(damaged, output, read_spec(model))
    assert not output.exists()
