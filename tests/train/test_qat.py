# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning from weights to an INT8 model: seeded, resumed, held to the float model, refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
onnx = pytest.importorskip("onnx", reason="needs edgepose[train]")
if find_spec("edgepose.quantize") is None:
    pytest.skip("edgepose is not installed: pip install -e .", allow_module_level=True)

from edgepose.errors import AccuracyError, InputError, ModelError  # noqa: E402
from edgepose.nets.registry import build_detector, build_pose  # noqa: E402
from edgepose.pose import Pose  # noqa: E402
from edgepose.spec import read_spec  # noqa: E402
from edgepose.train import detector_task, pose_task, qat_start  # noqa: E402
from edgepose.train import qat as module  # noqa: E402
from edgepose.train.checkpoint import read_weights, write_weights  # noqa: E402
from edgepose.train.config_file import read_config  # noqa: E402
from edgepose.train.qat import Guard, fine_tune  # noqa: E402
from edgepose.train.qat_task import QatTask  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402
from edgepose.train.run import train  # noqa: E402

NAMES = ["nose", "left_hip", "right_hip", "left_ankle", "right_ankle"]
HEAD = """
name = "net"
task = "{task}"
arch = "{arch}"
keypoint_names = {names}
threads = 1
workers = 0
seed = {seed}
[[source]]
shards = "people-*.npz"
[[phase]]
height = 128
width = 96
passes = 1
batch_size = 6
learning_rate = 1e-3
[qat]
steps = {steps}
batch_size = 4
crops = 8
activations = "uint8"
weight_bits = 8
"""
LOOSE = Guard(max_drop=100)


def recipe_file(folder: Path, more: str = "", **changes: Any) -> Path:
    values = {"task": "top_down", "arch": "hrnet-tiny", "names": NAMES, "seed": 1, "steps": 3}
    path = folder / "recipe.toml"
    path.write_text(HEAD.format(**{**values, **changes}).replace("'", '"') + more)
    return path


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A network with random weights whose maps are so sharp that all of its keypoints are sure."""
    torch.manual_seed(1)
    net: Any = build_pose("hrnet-tiny", len(NAMES))
    with torch.no_grad():
        net.head.weight *= 60
    recipe = Recipe("hrnet-tiny", "top_down", tuple(NAMES), 128, 96, 1.5, 0, "net", ("people",))
    write_weights(tmp_path / "net.pt", net, recipe)
    return tmp_path / "net.pt"


@pytest.fixture(autouse=True)
def some_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the few pictures: one in forty would be none."""
    monkeypatch.setattr(pose_task, "HELD_OUT_EVERY", 3)
    monkeypatch.setattr(detector_task, "HELD_OUT_EVERY", 3)


def tune(
    folder: Path, weights: Path, data: Path, name: str, *, more: str = "", **changes: Any
) -> Any:
    keys = ("fresh", "guard")
    options = {key: changes.pop(key) for key in keys if key in changes}
    path = recipe_file(folder, more, **changes)
    options = {"guard": LOOSE, **options}
    return fine_tune(path, weights, data, folder / name, folder / "cache", **options)


def test_a_model_with_a_record(weights: Path, data: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(weights.read_bytes()).digest()
    done = tune(tmp_path, weights, data, "runs")
    assert hashlib.sha256(weights.read_bytes()).digest() == digest
    assert done.path == tmp_path / "runs" / "net-qat" / "net-int8.onnx"
    spec = read_spec(done.path)
    assert spec == done.spec
    record: Any = spec.quantization
    assert (spec.name, record.method, record.float_layers) == ("net-int8", "qat", ())
    assert (record.activations, record.weight_bits, record.per_channel) == ("uint8", 8, True)
    assert record.calibration_crops == 8
    assert record.metric == "agreement (OKS) on 4 held-out training samples"
    assert record.float_accuracy == done.float_value == 100
    assert record.accuracy == pytest.approx(done.value, abs=1e-3)
    assert 0 < done.value <= 100
    assert done.objections["onnxruntime"] == ()
    kinds = {node.op_type for node in onnx.load(str(done.path)).graph.node}
    assert {"QuantizeLinear", "DequantizeLinear"} < kinds
    with Pose(done.path, detector=None) as pose:
        assert pose.spec.name == "net-int8"
    rows = [json.loads(line) for line in (done.path.parent / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows if "loss" in row] == [3]


def test_a_run_is_seeded_and_resumes(
    weights: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tune(tmp_path, weights, data, "one")
    assert tune(tmp_path, weights, data, "two").path.read_bytes() == whole.path.read_bytes()
    other = tune(tmp_path, weights, data, "three", seed=2)
    assert other.path.read_bytes() != whole.path.read_bytes()
    original, calls = QatTask.loss, []

    def loss(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt  # the power goes out
        return original(*arguments)

    more = "checkpoint_seconds = 0.0\n"
    recipe_file(tmp_path)
    text = recipe_file(tmp_path).read_text().replace("seed", f"{more}seed")
    (tmp_path / "often.toml").write_text(text)
    parts = tmp_path / "often.toml", weights, data, tmp_path / "four", tmp_path / "cache"
    with monkeypatch.context() as patch:
        patch.setattr(QatTask, "loss", loss)
        with pytest.raises(KeyboardInterrupt):
            fine_tune(*parts, guard=LOOSE)
    assert (tmp_path / "four" / "net-qat" / "last.pt").is_file()
    assert fine_tune(*parts, guard=LOOSE).path.read_bytes() == whole.path.read_bytes()


def test_another_form_does_not_resume(weights: Path, data: Path, tmp_path: Path) -> None:
    tune(tmp_path, weights, data, "runs")
    with pytest.raises(InputError, match="was trained with qat"):
        tune(tmp_path, weights, data, "runs", steps=4)
    tune(tmp_path, weights, data, "runs", steps=4, fresh=True)


def test_what_loses_too_much_is_refused(
    weights: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = module.quantized

    def broken(net: Any, numbers: Any) -> Any:
        with torch.no_grad():
            net.high.mul_(0.01)
        return original(net, numbers)

    monkeypatch.setattr(module, "quantized", broken)
    with pytest.raises(AccuracyError, match=r"INT8 loses .* after 3 steps .*no model was written"):
        tune(tmp_path, weights, data, "runs", guard=Guard(max_drop=0.5))
    assert sorted(path.name for path in (tmp_path / "runs" / "net-qat").iterdir()) == [
        "last.pt",
        "log.jsonl",
        "net-qat.pt",
    ]


def test_labels_judge_it(weights: Path, data: Path, tmp_path: Path, labels: Path) -> None:
    guard = Guard(max_drop=100, validate=labels, images=data / "images")
    done = tune(tmp_path, weights, data, "runs", guard=guard)
    assert done.metric == "AP"
    assert done.spec.quantization is not None
    assert done.spec.quantization.metric == "AP on labels.json: 3 pictures"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Three of the drawn people."""
    images = [{"id": n, "file_name": f"{n}.png", "width": 120, "height": 100} for n in range(1, 4)]
    people = [
        {
            "id": n,
            "image_id": n,
            "category_id": 1,
            "bbox": [30, 10, 60, 80],
            "area": 2000.0,
            "keypoints": [60.0, 20.0 + n, 2] * len(NAMES),
        }
        for n in range(1, 4)
    ]
    category = {"id": 1, "name": "person", "keypoints": NAMES}
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"images": images, "annotations": people, "categories": [category]}))
    return path


def test_a_detector(data: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = build_detector("det-tiny")
    with torch.no_grad():  # scores over all of 0..1, as after training
        net.head_heatmap.weight *= 30
    recipe = Recipe("det-tiny", "detector", (), 64, 64, 1.5, 0, "net", ("people",))
    write_weights(tmp_path / "net.pt", net, recipe)
    done = tune(
        tmp_path, tmp_path / "net.pt", data, "runs", task="detector", arch="det-tiny", names=[]
    )
    assert done.metric == "agreement (box overlap)"
    assert read_spec(done.path).task == "detector"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"arch": "hrnet-xs"}, "arch must be the recipe's, 'hrnet-xs'", id="arch"),
        pytest.param({"names": NAMES[::-1]}, "keypoint_names must be the recipe's", id="keypoints"),
        pytest.param({"steps": 0}, "qat.steps must be at least 1", id="steps"),
        pytest.param({"more": "learning_rate = 0"}, "qat.learning_rate must be above 0", id="rate"),
        pytest.param({"more": "method = 'none'"}, "qat.method must be one of", id="method"),
        pytest.param({"more": "distillation = 2"}, "qat.distillation must be", id="distillation"),
        pytest.param({"more": "observer = 1"}, "unknown field qat.observer", id="unknown"),
        pytest.param({"more": "start = 'x'"}, "qat.start must be left out", id="start"),
    ],
)
def test_a_wrong_recipe_is_refused(
    changes: dict[str, Any], message: str, weights: Path, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        tune(tmp_path, weights, data, "runs", **changes)
    assert not (tmp_path / "runs").exists()


def test_wrong_weights_are_refused(weights: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        tune(tmp_path, tmp_path / "none.pt", data, "runs")
    model, recipe = read_weights(weights)
    (tmp_path / "other.pt").touch()
    with pytest.raises(ModelError, match="damaged"):
        tune(tmp_path, tmp_path / "other.pt", data, "runs")
    torch.save({"model": {}, "recipe": recipe.to_dict()}, tmp_path / "other.pt")
    with pytest.raises(ModelError, match="weights of another network"):
        tune(tmp_path, tmp_path / "other.pt", data, "runs")
    model["head.bias"][0] = float("nan")
    torch.save({"model": model, "recipe": recipe.to_dict()}, tmp_path / "other.pt")
    with pytest.raises(ModelError, match="finite"):
        tune(tmp_path, tmp_path / "other.pt", data, "runs")


def test_imported_weights_are_refused(
    weights: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(read_weights(weights)[1], contract="{}")
    net = torch.nn.Identity()
    monkeypatch.setattr(qat_start, "folded_network", lambda _path: (net, net, recipe))
    with pytest.raises(InputError, match="imported weights"):
        tune(tmp_path, weights, data, "runs")


def test_nobody_held_out_is_told_before_the_work(
    weights: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pose_task, "HELD_OUT_EVERY", 1000)
    with pytest.raises(InputError, match="no training sample is held out"):
        tune(tmp_path, weights, data, "runs")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("value", [-1, 101, float("nan")])
def test_the_guard_takes_points(value: float) -> None:
    with pytest.raises(InputError, match="max_drop must be"):
        Guard(max_drop=value)


def test_the_table_alone_changes_nothing(data: Path, tmp_path: Path) -> None:
    recipe = recipe_file(tmp_path)
    assert read_config(recipe, data).qat is not None
    path = train(recipe, data, tmp_path / "runs", tmp_path / "cache")
    saved = torch.load(path.with_name("last.pt"), weights_only=True)["config"]
    assert saved["qat"] is None
