# SPDX-License-Identifier: Apache-2.0
"""Finding and embedding contracts; other tools read what edgepose writes, and it what they do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import external_data_helper, helper

from edgepose.errors import ModelError, SpecError
from edgepose.spec import (
    SPEC_KEY,
    Spec,
    TrainingSpec,
    beside,
    read_spec,
    read_spec_file,
    write_spec,
)


def _session(path: Path) -> Any:
    onnxruntime.disable_telemetry_events()
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def test_the_onnx_package_reads_what_was_written(onnx_file: Path, spec: Spec) -> None:
    before = onnx.load(onnx_file)
    write_spec(onnx_file, spec, onnx_file)
    after = onnx.load(onnx_file)
    entries = {entry.key: entry.value for entry in after.metadata_props}
    assert Spec.from_json(entries.pop(SPEC_KEY)) == spec
    assert entries == {"author": "someone", "stride": "32"}
    assert after.graph.SerializeToString(deterministic=True) == before.graph.SerializeToString(
        deterministic=True
    )
    assert read_spec(onnx_file) == spec


def test_onnxruntime_reads_what_was_written_and_computes_the_same(
    onnx_file: Path, spec: Spec, tmp_path: Path
) -> None:
    out = tmp_path / "with.onnx"
    write_spec(onnx_file, spec, out)
    plain, with_contract = _session(onnx_file), _session(out)
    found = with_contract.get_modelmeta().custom_metadata_map
    assert Spec.from_json(found[SPEC_KEY]) == spec
    assert found["author"] == "someone"
    picture = np.random.default_rng(0).random((2, 3, 64, 48), np.float32)
    ours, theirs = (model.run(None, {"image": picture})[0] for model in (with_contract, plain))
    np.testing.assert_array_equal(ours, theirs)


def test_reads_what_the_onnx_package_wrote(
    onnx_model: Callable[..., Any], spec: Spec, tmp_path: Path
) -> None:
    path = tmp_path / "m.onnx"
    onnx.save(onnx_model(**{"a": "b", SPEC_KEY: spec.to_json(indent=2)}), path)
    assert read_spec(path) == spec
    model = onnx.load(path)
    helper.set_model_props(model, {SPEC_KEY: json.dumps(replace(spec, name="x").to_dict())})
    onnx.save(model, path)
    assert read_spec(path).name == "x"


def test_external_weights_stay_where_they_are(
    onnx_model: Callable[..., Any], spec: Spec, tmp_path: Path
) -> None:
    model = onnx_model()
    external_data_helper.convert_model_to_external_data(
        model, location="weights.bin", size_threshold=0
    )
    path, out = tmp_path / "m.onnx", tmp_path / "out.onnx"
    onnx.save(model, path)
    weights = (tmp_path / "weights.bin").read_bytes()
    write_spec(path, spec, out)
    assert (tmp_path / "weights.bin").read_bytes() == weights
    assert len(out.read_bytes()) < 4096
    assert read_spec(out) == spec
    picture = np.ones((1, 3, 64, 48), np.float32)
    ours, theirs = (_session(file).run(None, {"image": picture})[0] for file in (out, path))
    np.testing.assert_array_equal(ours, theirs)


def test_which_contract_counts(onnx_file: Path, spec: Spec, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read_spec(onnx_file)
    assert "carries no edgepose.spec and there is no model.spec.json" in str(caught.value)
    beside(onnx_file).write_text(replace(spec, name="beside").to_json(), encoding="utf-8")
    assert read_spec(onnx_file).name == "beside"
    write_spec(onnx_file, replace(spec, name="inside"), onnx_file)
    assert read_spec(onnx_file).name == "inside"
    other = tmp_path / "other.json"
    other.write_text(replace(spec, name="given").to_json(), encoding="utf-8")
    assert read_spec(onnx_file, other).name == "given"
    assert read_spec(str(onnx_file), str(other)).name == "given"


def test_a_broken_embedded_contract_is_not_passed_over(onnx_file: Path, spec: Spec) -> None:
    beside(onnx_file).write_text(spec.to_json(), encoding="utf-8")
    model = onnx.load(onnx_file)
    helper.set_model_props(model, {SPEC_KEY: "{}"})
    onnx.save(model, onnx_file)
    with pytest.raises(SpecError) as caught:
        read_spec(onnx_file)
    assert str(caught.value).startswith(f"{onnx_file} (edgepose.spec): edgepose_spec is missing")


def test_other_formats_have_the_contract_beside(spec: Spec, tmp_path: Path) -> None:
    model = tmp_path / "net.v2.xml"
    model.write_text("<net/>")
    assert beside(model) == tmp_path / "net.v2.spec.json"
    beside(model).write_text(spec.to_json(), encoding="utf-8")
    assert read_spec(model) == spec


@pytest.mark.parametrize(
    "name",
    ["", "absent.onnx", "a\0b.onnx", "a" * 5000 + ".onnx"],
    ids=["empty", "absent", "zero byte", "long"],
)
def test_a_model_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no such model file$"):
        read_spec(tmp_path / name)
    with pytest.raises(ModelError, match=r"no such model file$"):
        read_spec("")


def test_a_model_whose_companion_cannot_have_a_name(onnx_file: Path) -> None:
    model = onnx_file.rename(onnx_file.with_name("m" * 250 + ".onnx"[:5]))
    with pytest.raises(SpecError, match=r"carries no edgepose\.spec"):
        read_spec(model)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "no such contract file", id="absent"),
        pytest.param(b"", "a contract must be JSON: ", id="empty"),
        pytest.param(b"\xef\xbb\xbf{}", "a contract must be JSON: Unexpected UTF-8 BOM", id="bom"),
        pytest.param(b"\xff", "a contract must be UTF-8 text", id="not text"),
        pytest.param(b"[]", "edgepose.spec must be an object; got a list", id="list"),
        pytest.param(b" " * (1 << 21), "a contract must be at most 1048576 bytes", id="long"),
    ],
)
def test_a_contract_file_that_is_not_one(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_spec_file(path)
    assert str(caught.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize("name", ["", "a\0b", "a" * 5000], ids=["folder", "zero byte", "long"])
def test_a_contract_file_that_cannot_be(name: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"no such contract file|cannot read"):
        read_spec_file(tmp_path / name)


def test_refuses_to_write_what_no_reader_takes(onnx_file: Path, spec: Spec) -> None:
    training = TrainingSpec(tuple(f"{i:05}" + "x" * 9_000 for i in range(120)), "d")
    before = onnx_file.read_bytes()
    with pytest.raises(SpecError, match=r"^a contract must be at most 1048576 bytes; got 108"):
        write_spec(onnx_file, replace(spec, training=training), onnx_file)
    assert onnx_file.read_bytes() == before


def test_third_party_models(shared_dir: Path, tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "examples/contracts"
    for name in ("ultralight_simplepose", "yolox_nano"):
        model = shared_dir / f"data/models/{name}.onnx"
        if not model.is_file():
            pytest.skip(f"no model at {model}")
        wanted = read_spec_file(examples / f"{name}.spec.json")
        copied = tmp_path / model.name
        shutil.copyfile(model, copied)
        shutil.copyfile(examples / f"{name}.spec.json", beside(copied))
        assert read_spec(copied) == wanted
        write_spec(copied, wanted, copied)
        beside(copied).unlink()
        assert read_spec(copied) == wanted
        found = _session(copied).get_modelmeta().custom_metadata_map
        assert Spec.from_json(found[SPEC_KEY]) == wanted
