# SPDX-License-Identifier: Apache-2.0
"""`edgepose train`, `export` and `pack-data`."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from edgepose.cli.export import export
from edgepose.cli.import_checkpoint import import_checkpoint
from edgepose.cli.pack_data import pack_data
from edgepose.cli.train import train
from edgepose.errors import AnnotationError, EdgePoseError, InputError, MissingDependencyError
from edgepose.train.shards import read_shards

RECIPE = """
name = "tiny"
task = "top_down"
arch = "hrnet-tiny"
keypoint_names = ["nose", "tail"]
min_keypoints = 1
threads = 1
workers = 0
[[source]]
shards = "a-*.npz"
[[phase]]
height = 128
width = 96
passes = 1
batch_size = 4
learning_rate = 1e-3
"""


def run(command: Any, *arguments: object) -> str:
    """Output of a command; its errors pass."""
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [str(item) for item in arguments])
    if isinstance(result.exception, EdgePoseError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A folder with people.json and images."""
    (tmp_path / "images").mkdir()
    document: dict[str, Any] = {
        "images": [],
        "annotations": [],
        "categories": [{"id": 1, "name": "person", "keypoints": ["tail", "nose"]}],
    }
    for number in range(1, 5):
        picture = np.full((40, 30, 3), 60 * number, np.uint8)
        cv2.imwrite(str(tmp_path / "images" / f"{number}.png"), picture)
        document["images"].append(
            {"id": number, "file_name": f"{number}.png", "width": 30, "height": 40}
        )
        document["annotations"].append(
            {
                "id": number,
                "image_id": number,
                "category_id": 1,
                "bbox": [5, 5, 20, 30],
                "keypoints": [10, 10, 2, 15, 20, 2],
            }
        )
    (tmp_path / "people.json").write_text(json.dumps(document))
    return tmp_path


def pack(folder: Path) -> str:
    return run(
        pack_data, "--annotations", folder / "people.json", "--images", folder / "images",
        "--output", folder / "shards", "--prefix", "a",
    )  # fmt: skip


def test_pack_data(people: Path) -> None:
    output = pack(people)
    assert "4 pictures, 4 people" in output
    found = list(read_shards([people / "shards" / "a-000.npz"]))
    assert [record.file_name for record, _ in found] == [f"{n}.png" for n in range(1, 5)]
    assert found[0][0].persons[0]["box"] == [5, 5, 25, 35]


def test_pack_background(people: Path) -> None:
    run(
        pack_data, "--background", people / "images", "--output", people / "out", "--prefix", "b"
    )  # fmt: skip
    assert len(list(read_shards([people / "out" / "b-000.npz"]))) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param([], "one of --annotations and --background", id="none"),
        pytest.param(["--annotations", "x", "--background", "y"], "one of", id="both"),
        pytest.param(["--annotations", "x"], "needs --images", id="no-images"),
        pytest.param(["--annotations", "x", "--images", "none"], "must be a folder", id="images"),
        pytest.param(["--background", "none"], "expected a folder", id="background"),
        pytest.param(["--background", "x", "--images", "y"], "belong to --annotations", id="mixed"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(pack_data, "--output", tmp_path / "out", "--prefix", "a", *options)


def test_a_prefix_is_a_plain_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plain name"):
        run(pack_data, "--output", tmp_path, "--prefix", "a/b", "--background", tmp_path)


def test_missing_annotations(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError):
        run(
            pack_data, "--output", tmp_path, "--prefix", "a", "--images", tmp_path,
            "--annotations", tmp_path / "none.json",
        )  # fmt: skip


def test_from_pictures_to_a_model(people: Path) -> None:
    pytest.importorskip("torch", reason="needs edgepose[train]")
    pytest.importorskip("onnx", reason="needs edgepose[train]")
    from edgepose.spec import read_spec

    pack(people)
    (people / "recipe.toml").write_text(RECIPE)
    options = ["--data", people / "shards", "--output", people / "runs"]
    output = run(train, people / "recipe.toml", *options)
    weights = people / "runs" / "tiny" / "tiny.pt"
    assert output.splitlines()[-1] == str(weights)
    assert (people / "runs" / "cache").is_dir()
    run(train, people / "recipe.toml", *options, "--fresh")
    model = people / "tiny.onnx"
    output = run(
        export, weights, "--output", model, "--subpixel", "quadratic", "--name", "mine",
        "--trained-on", "one", "--trained-on", "two", "--weights", "float16",
    )  # fmt: skip
    assert "mine, 96x128" in output
    assert "of the range" in output
    spec = read_spec(model)
    assert (spec.name, spec.training.data) == ("mine", ("one", "two"))
    assert spec.codec.subpixel == "quadratic"  # type: ignore[union-attr]


def test_from_weights_to_an_int8_model(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="needs edgepose[train]")
    pytest.importorskip("onnx", reason="needs edgepose[train]")
    if find_spec("edgepose.quantize") is None:
        pytest.skip("edgepose is not installed: pip install -e .")
    from edgepose.spec import read_spec
    from edgepose.train import pose_task

    monkeypatch.setattr(pose_task, "HELD_OUT_EVERY", 2)
    pack(people)
    (people / "recipe.toml").write_text(f"{RECIPE}[qat]\nsteps = 2\nbatch_size = 4\ncrops = 8\n")
    options = ["--data", people / "shards", "--output", people / "runs"]
    run(train, people / "recipe.toml", *options)
    weights = people / "runs" / "tiny" / "tiny.pt"
    more = ["--qat", weights, "--max-drop", 100]
    output = run(train, people / "recipe.toml", *options, *more)
    model = people / "runs" / "tiny-qat" / "tiny-int8.onnx"
    assert "fine-tuned" in output
    assert output.splitlines()[-1] == str(model)
    record = read_spec(model).quantization
    assert record is not None
    assert record.method == "qat"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--validate", "a.json"], "belong to --qat", id="no-weights"),
        pytest.param(
            ["--qat", "a.pt", "--validate-images", "b"], "belongs to --validate", id="no-labels"
        ),
    ],
)
def test_labels_belong_to_fine_tuning(options: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        run(train, tmp_path / "recipe.toml", "--data", tmp_path, *options)


def test_data_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--data must be a folder"):
        run(train, tmp_path / "recipe.toml", "--data", tmp_path / "none")


@pytest.mark.parametrize("command", [train, export])
def test_a_missing_pytorch_is_named(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(sys.modules):
        if name.startswith(("edgepose.train", "edgepose.nets")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    option = ["--data", tmp_path] if command is train else ["--output", tmp_path / "a.onnx"]
    with pytest.raises(MissingDependencyError, match=r"torch; .*edgepose\[train\]"):
        run(command, tmp_path / "file", *option)


def test_import_checkpoint_reports_how_it_fits(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs edgepose[train]")
    from edgepose.nets.published.registry import architecture

    arch = "hrnet-w18-small-v1"
    state = {f"backbone.{k}": v for k, v in architecture(arch).build(2).state_dict().items()}
    torch.save({**state, "loss.weight": torch.ones(1)}, tmp_path / "a.pth")
    options: list[object] = [tmp_path / "a.pth", "--arch", arch, "--output", tmp_path / "a.pt"]
    options += ["--input-size", "64x96", "--keypoints", "nose,tail"]
    output = run(import_checkpoint, *options)
    assert f"{arch}, {len(state)} tensors, named as in mmpose" in output
    assert "missing: 0 (none)" in output
    assert "left out: 1 (loss.weight)" in output
    assert "64x96" in run(export, tmp_path / "a.pt", "--output", tmp_path / "a.onnx")


@pytest.mark.parametrize("size", ["96", "96x", "axb", "1x2x3"])
def test_import_checkpoint_refuses_a_size(tmp_path: Path, size: str) -> None:
    pytest.importorskip("torch", reason="needs edgepose[train]")
    with pytest.raises(InputError, match="--input-size must be WIDTHxHEIGHT"):
        run(
            import_checkpoint,
            *(tmp_path / "a.pth", "--arch", "hrnet-w32", "--output", tmp_path / "a.pt"),
            *("--input-size", size),
        )
