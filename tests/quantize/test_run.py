# SPDX-License-Identifier: Apache-2.0
"""The whole way: calibration, guard, contract, report, and every way to go wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from edgepose.quantize import Options, quantize_model
from edgepose.quantize.calibration import load_crops
from edgepose.quantize.page import html_page
from edgepose.quantize.processor import Processor, suited, this_processor
from edgepose.quantize.report import json_report, verdict
from small_networks import photo, write_collapsing, write_labels, write_photos

from edgepose.errors import (
    AccuracyError,
    AnnotationError,
    EdgePoseError,
    ImageError,
    InputError,
    ModelError,
    SpecError,
)
from edgepose.pose import Pose
from edgepose.spec import read_spec

QUICK = Options(crops=12, runs=2, max_drop=2)


@pytest.mark.parametrize("labelled", [False, True], ids=["agreement", "labels"])
def test_quantizes(residual: Path, photos: Path, tmp_path: Path, labelled: bool) -> None:
    target = tmp_path / "int8.onnx"
    held_out = write_photos(tmp_path / "held_out", 10, first=100)
    labels = write_labels(tmp_path / "labels.json", held_out)
    before = residual.read_bytes()
    said: list[str] = []
    done = quantize_model(
        residual,
        photos,
        target,
        QUICK,
        validate=labels if labelled else None,
        validate_images=held_out if labelled else None,
        say=said.append,
    )
    assert residual.read_bytes() == before
    assert done.float_score.value - done.score.value <= 2
    assert done.judge.metric == ("AP" if labelled else "agreement (OKS)")
    assert any("agreement with float" in line for line in said)
    spec = read_spec(target)
    assert spec == done.spec
    assert spec.name == "tiny-pose-int8"
    record = spec.quantization
    assert record is not None
    assert record.calibration_crops == 12
    assert record.float_layers == ()
    assert record.metric.startswith(done.judge.metric)
    with Pose(target, detector=None) as pose:
        result = pose(photo(200))
    with Pose(residual, detector=None) as pose:
        expected = pose(photo(200))
    assert np.abs(result.keypoints.xy - expected.keypoints.xy).max() <= 4
    report = json.loads(json_report(done))
    assert report["verdict"] == verdict(done)
    assert report["runtimes"]["onnxruntime"] == []
    assert len(report["latency_ms"]["quantized"]["samples"]) == 2
    assert len(report["tensors"]) > 5
    page = html_page(done)
    assert page.count("<svg") == page.count("</svg>") > 3
    assert page.count("data:image/jpeg;base64,") == len(report["worst"]) > 0
    assert not re.search(r"(src|href)=\"(?!data:)", page)  # needs nothing else
    assert ("PCK@0.1 by keypoint" in page) == labelled


def test_collapsing_model_is_rescued(photos: Path, tmp_path: Path) -> None:
    model = write_collapsing(tmp_path / "model.onnx")
    done = quantize_model(model, photos, tmp_path / "int8.onnx", QUICK)
    assert [layer.operator for layer in done.guarded.kept] == ["Concat"]
    assert done.guarded.kept[0].readers == ("maps",)
    assert "dB" in done.guarded.kept[0].reason
    assert done.guarded.steps[0].drop > 5
    assert done.guarded.steps[-1].drop <= 2
    assert read_spec(tmp_path / "int8.onnx").quantization.float_layers == (  # type: ignore[union-attr]
        *done.guarded.kept[0].names,
    )
    page = html_page(done)
    assert done.guarded.kept[0].name in page


def test_refused_with_the_frontier(
    residual: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edgepose.quantize import run
    from edgepose.quantize.judge import Score

    class Strict:
        metric, data = "strictness", "nothing"
        calls = 0

        def score(self, graph: Any) -> Score:
            self.calls += 1
            return Score(100.0 if self.calls == 1 else 50.0)

    monkeypatch.setattr(run, "_judge", lambda *_: Strict())
    with pytest.raises(AccuracyError) as caught:
        quantize_model(residual, photos, tmp_path / "int8.onnx", QUICK)
    text = str(caught.value)
    assert "more than 2 points of strictness" in text
    assert "7 in float: 50.00 (+50.00 lost)" in text
    assert "nothing was written" in text
    assert not (tmp_path / "int8.onnx").exists()


def _broken(folder: Path, count: int) -> Path:
    for number in range(count):
        (folder / f"broken{number}.png").write_bytes(b"no picture")
    return folder


def test_broken_pictures_are_passed_over(residual: Path, photos: Path) -> None:
    crops = load_crops(read_spec(residual), _broken(photos, 2), count=14)
    assert len(crops) == 12
    assert len(crops.skipped) == 2
    assert all("broken" in line for line in crops.skipped)


def _labels(folder: Path, names: tuple[str, ...] = ("red", "green", "blue"), **change: Any) -> Path:
    path = write_labels(folder / "labels.json", write_photos(folder / "some", 9), names)
    content = json.loads(path.read_text(encoding="utf-8"))
    for key, value in change.items():
        content[key] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda folder: folder / "none", InputError, "no such folder or annotations file"),
        (lambda folder: _made(folder / "empty"), InputError, "has no picture"),
        (
            lambda folder: write_photos(folder / "one", 1),
            InputError,
            "at least 8 crops are needed; 1 pictures give 1",
        ),
        (
            lambda folder: _broken(_made(folder / "broken"), 9),
            ImageError,
            "9 of 9 pictures cannot be read",
        ),
        (lambda folder: _labels(folder, ("a", "b", "c")), InputError, "no keypoint name is shared"),
        (lambda folder: _labels(folder, annotations=[]), InputError, "no picture has a person"),
        (lambda folder: _labels(folder, images=[]), AnnotationError, "images is empty"),
        (lambda folder: _text(folder / "x.json"), AnnotationError, "x.json"),
        (lambda folder: _labels(folder), ImageError, "9 of 9 pictures cannot be read"),
    ],
    ids=["absent", "empty", "one", "broken", "names", "nobody", "images", "no json", "elsewhere"],
)
def test_hostile_calibration(
    residual: Path, tmp_path: Path, make: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        quantize_model(residual, make(tmp_path), tmp_path / "int8.onnx", QUICK)
    assert not (tmp_path / "int8.onnx").exists()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _text(path: Path) -> Path:
    path.write_text("{", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"method": "best"}, "method must be one of auto, minmax"),
        ({"activations": "int4"}, "activations must be one of auto, uint8"),
        ({"backend": "tvm"}, "backend must be one of onnxruntime, openvino"),
        ({"weight_bits": 4}, "weight_bits must be 7 or 8"),
        ({"max_drop": float("nan")}, "max_drop must be 0..100"),
        ({"max_drop": -1}, "max_drop must be 0..100"),
    ],
    ids=["method", "activations", "backend", "bits", "nan", "negative"],
)
def test_options(values: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Options(**values)


@pytest.mark.parametrize(
    ("model", "output", "kind", "message"),
    [
        ("hrnet", "a.onnx", InputError, "model must be a file or one of"),
        ("none.onnx", "a.onnx", ModelError, "no such model file"),
        (None, "none/a.onnx", InputError, "its folder does not exist"),
        (None, ".", InputError, "it is a folder"),
        (None, "a.xml", InputError, r"the output must end in \.onnx"),
    ],
    ids=["name", "file", "folder", "is folder", "suffix"],
)
def test_refuses(
    residual: Path,
    photos: Path,
    tmp_path: Path,
    model: Any,
    output: str,
    kind: type[EdgePoseError],
    message: str,
) -> None:
    with pytest.raises(kind, match=message):
        quantize_model(model or residual, photos, tmp_path / output, QUICK)


def test_needs_a_contract(photos: Path, tmp_path: Path) -> None:
    from tiny_models import write_pose

    bare = write_pose(tmp_path / "bare.onnx", {})
    with pytest.raises(SpecError, match=r"carries no edgepose\.spec"):
        quantize_model(bare, photos, None, QUICK)


def test_twice_is_refused(residual: Path, photos: Path, tmp_path: Path) -> None:
    target = tmp_path / "int8.onnx"
    quantize_model(residual, photos, target, QUICK)
    with pytest.raises(ModelError, match="expected a float network"):
        quantize_model(target, photos, tmp_path / "again.onnx", QUICK)


def test_same_folder_same_crops_and_cache(residual: Path, photos: Path, tmp_path: Path) -> None:
    spec, cache = read_spec(residual), tmp_path / "cache"
    first = load_crops(spec, photos, count=10, cache=cache)
    assert len(list(cache.iterdir())) == 1
    kept = load_crops(spec, photos, count=10, cache=cache)
    fresh = load_crops(spec, photos, count=10)
    for other in (kept, fresh):
        assert other.digest == first.digest
        assert other.names == first.names
        assert (other.inputs == first.inputs).all()
    (photos / first.names[0]).write_bytes((photos / first.names[1]).read_bytes())
    assert load_crops(spec, photos, count=10).digest != first.digest


@pytest.mark.parametrize(
    ("machine", "vnni", "kind", "limit"),
    [
        ("x86_64", True, "uint8", 127),
        ("AMD64", False, "uint8", 63),
        ("aarch64", False, "int8", 127),
    ],
)
def test_processor_decides(machine: str, vnni: bool, kind: str, limit: int) -> None:
    numbers = suited(Processor("some", machine, vnni))
    assert (numbers.activations, numbers.weight_limit) == (kind, limit)
    assert suited(Processor("some", machine, vnni), "symmetric", 8).weight_limit == 127


@pytest.mark.parametrize(
    ("text", "vnni"),
    [
        ("", False),
        ("model name : A\nflags : sse2 avx512_vnni\n", True),
        ("model name : A\nflags : sse2 avx2\n", False),
    ],
    ids=["empty", "vnni", "no vnni"],
)
def test_processor_is_read(tmp_path: Path, text: str, vnni: bool) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text(text, encoding="utf-8")
    assert this_processor(listing).vnni == vnni
    assert this_processor(tmp_path / "none").vnni is False
    assert str(this_processor(listing))
