# SPDX-License-Identifier: Apache-2.0
"""Bottom-up training from shards to a model that `Pose` runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
pytest.importorskip("onnx", reason="needs edgepose[train]")

from edgepose import Pose  # noqa: E402
from edgepose.errors import InputError, ModelError  # noqa: E402
from edgepose.nets.registry import build_bottom_up, build_pose  # noqa: E402
from edgepose.train.bottom_up_task import BottomUpTask  # noqa: E402
from edgepose.train.checkpoint import load_shared_weights, write_weights  # noqa: E402
from edgepose.train.config import Phase, TrainConfig  # noqa: E402
from edgepose.train.engine import fit  # noqa: E402
from edgepose.train.export import export  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402

ARCHS = {"bottom_up_paf": "paf-tiny", "bottom_up_ae": "ae-tiny"}


@pytest.fixture(params=ARCHS)
def config(request: pytest.FixtureRequest, pose_config: TrainConfig) -> TrainConfig:
    """The stick people of the other tests, whole pictures of 128x96."""
    phase = Phase(96, 128, passes=2, learning_rate=2e-3, batch_size=4, sigma=1.0)
    arch = ARCHS[request.param]
    return replace(pose_config, task=request.param, arch=arch, phases=(phase,), min_keypoints=2)


def test_a_batch_is_a_function_of_its_step(config: TrainConfig, tmp_path: Path) -> None:
    task = BottomUpTask(config, tmp_path)
    first, again = (task.batch(config.phases[0], 0, 1) for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["picture"], task.batch(config.phases[0], 0, 2)["picture"])
    size = (96 // task.stride, 128 // task.stride)
    assert first["picture"].shape == (4, 96, 128, 3)
    assert first["heatmap"].shape == (4, 5, *size)
    assert first["weight"].shape == (4, 1, *size)
    wanted = {"fields"} if config.task == "bottom_up_paf" else {"place", "labelled"}
    assert set(first) == {"picture", "heatmap", "weight", "known", *wanted}


def test_it_learns_and_is_exported(config: TrainConfig, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = replace(config, phases=(replace(config.phases[0], passes=8, augment=0.2),))
    task = BottomUpTask(config, tmp_path / "cache")
    weights = fit(config, task, tmp_path / "run")
    rows = [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]
    losses = [row["loss"] for row in rows if "loss" in row]
    checks = [row for row in rows if "recall" in row]
    assert checks
    assert all(0 <= row[name] <= 1 for row in checks for name in ("recall", "precision"))
    assert losses[-1] < 1.3
    done = export(weights, tmp_path / "model.onnx")
    assert max(done.difference.values()) < 1e-4
    with Pose(tmp_path / "model.onnx", threads=1) as pose:
        assert pose.spec.task == "bottom_up"
        result = pose(np.zeros((60, 90, 3), np.uint8))
    assert result.skeleton.names == config.keypoint_names


def test_gradients_reach_both_heads(config: TrainConfig, tmp_path: Path) -> None:
    task = BottomUpTask(config, tmp_path)
    net: Any = task.build()
    batch = task.batch(config.phases[0], 0, 0)
    picture = batch.pop("picture").permute(0, 3, 1, 2).float() / 255
    loss: Any = task.loss(net, {"picture": picture, **batch}, config.phases[0])
    loss.backward()
    for head in (net.head_heatmap, net.head_fields):
        assert float(head.weight.grad.abs().max()) > 0


def test_an_architecture_of_another_stride_is_refused(config: TrainConfig, tmp_path: Path) -> None:
    other = next(arch for arch in ARCHS.values() if arch != config.arch)
    task = BottomUpTask(replace(config, arch=other), tmp_path)
    with pytest.raises(InputError, match=f"arch must be one of .* for {config.task}; got"):
        task.build()


def test_it_starts_from_a_top_down_network(
    config: TrainConfig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pose = build_pose("hrnet-tiny", 5)
    recipe = Recipe("hrnet-tiny", "top_down", config.keypoint_names, 128, 96, 1.5, 1, "start")
    file = config.folder / "start.pt"
    write_weights(file, pose, recipe)
    task = BottomUpTask(config, tmp_path / "cache")
    short = replace(config, init=file.name, phases=(replace(config.phases[0], passes=0.3),))
    with caplog.at_level("INFO", "edgepose.train"):
        fit(short, task, tmp_path / "run")
    file.unlink()
    assert "tensors taken over; started at random: " in caplog.text
    assert "head_fields.weight" in caplog.text


def test_what_fits_is_taken_over() -> None:
    pose, net = build_pose("hrnet-tiny", 5), build_bottom_up("paf-tiny", 5, 2)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    said = load_shared_weights(net, pose.state_dict(), Path("start.pt"))
    after, given = net.state_dict(), pose.state_dict()
    shared = [name for name in after if name in given]
    assert said.startswith(f"{len(shared)} of {len(after)} tensors taken over; started at random: ")
    assert said.endswith("not used: backbone.stages, head.bias, head.weight")
    assert all(torch.equal(after[name], given[name]) for name in shared)
    assert all(torch.equal(after[name], before[name]) for name in after if name not in given)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param({}, id="empty"),
        pytest.param({"x": torch.zeros(1)}, id="other names"),
        pytest.param({"head_heatmap.weight": torch.zeros(1)}, id="other shapes"),
        pytest.param({"head_heatmap.weight": 3}, id="no tensor"),
    ],
)
def test_weights_of_which_nothing_fits_are_refused(model: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"start\.pt: no weight fits the network"):
        load_shared_weights(build_bottom_up("paf-tiny", 5, 2), model, Path("start.pt"))
