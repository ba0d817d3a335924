# SPDX-License-Identifier: Apache-2.0
"""The training loop: seeded, resumed to the same weights, damaged files refused."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.errors import InputError, ModelError  # noqa: E402
from edgepose.train import engine  # noqa: E402
from edgepose.train.checkpoint import read_weights  # noqa: E402
from edgepose.train.config import TrainConfig  # noqa: E402
from edgepose.train.detector_task import DetectorTask, decode_boxes  # noqa: E402
from edgepose.train.engine import fit  # noqa: E402
from edgepose.train.pose_task import PoseTask  # noqa: E402


class Stop(Exception):
    """The power goes out."""


def _task(config: TrainConfig, cache: Path) -> Any:
    kind = PoseTask if config.task == "top_down" else DetectorTask
    return kind(config, cache)


def _same(a: Path, b: Path) -> bool:
    one, two = read_weights(a)[0], read_weights(b)[0]
    return one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in one)


@pytest.fixture(params=["top_down", "detector"])
def config(
    request: pytest.FixtureRequest, pose_config: TrainConfig, detector_config: TrainConfig
) -> TrainConfig:
    return pose_config if request.param == "top_down" else detector_config


def test_a_run_is_seeded(config: TrainConfig, tmp_path: Path) -> None:
    task = _task(config, tmp_path / "cache")
    one = fit(config, task, tmp_path / "one")
    two = fit(config, _task(config, tmp_path / "cache"), tmp_path / "two")
    assert one == tmp_path / "one" / f"{config.name}.pt"
    assert _same(one, two)
    changed = replace(config, seed=2)
    three = fit(changed, _task(changed, tmp_path / "cache"), tmp_path / "three")
    assert not _same(one, three)


@pytest.mark.parametrize("stop_at", [2, 5, 7])
def test_a_resumed_run_gives_the_same_weights(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    whole = fit(config, _task(config, tmp_path / "cache"), tmp_path / "whole")
    task = _task(config, tmp_path / "cache")
    config = replace(config, checkpoint_seconds=0.0)
    original, calls = task.loss, []

    def loss(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > stop_at:
            raise Stop
        return original(*arguments)

    monkeypatch.setattr(task, "loss", loss)
    try:
        fit(config, task, tmp_path / "parts")
    except Stop:
        assert len(calls) == stop_at + 1
    resumed = fit(config, _task(config, tmp_path / "cache"), tmp_path / "parts")
    assert _same(whole, resumed)
    if config.task == "top_down":
        assert _same(tmp_path / "whole" / "small.pt", tmp_path / "parts" / "small.pt")


def test_workers_do_not_change_the_weights(config: TrainConfig, tmp_path: Path) -> None:
    one = fit(config, _task(config, tmp_path / "cache"), tmp_path / "one")
    more = replace(config, workers=2)
    assert _same(one, fit(more, _task(more, tmp_path / "cache"), tmp_path / "two"))


def test_a_finished_run_has_nothing_left_to_do(config: TrainConfig, tmp_path: Path) -> None:
    path = fit(config, _task(config, tmp_path / "cache"), tmp_path)
    written = path.stat().st_mtime_ns
    assert fit(config, _task(config, tmp_path / "cache"), tmp_path) == path
    assert path.stat().st_mtime_ns == written


def test_fresh_drops_the_checkpoint(pose_config: TrainConfig, tmp_path: Path) -> None:
    task = _task(pose_config, tmp_path / "cache")
    fit(pose_config, task, tmp_path)
    rows = (tmp_path / "log.jsonl").read_text()
    fit(pose_config, task, tmp_path, fresh=True)
    again = (tmp_path / "log.jsonl").read_text()
    assert len(again.splitlines()) == len(rows.splitlines())


def test_the_log_and_the_recipe(pose_config: TrainConfig, tmp_path: Path) -> None:
    path = fit(pose_config, _task(pose_config, tmp_path / "cache"), tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows if "loss" in row] == [6, 3]
    assert all(0 <= row["held_out_pck"] <= 1 for row in rows if "loss" not in row)
    recipe = read_weights(path)[1]
    assert recipe.to_dict() == {
        "arch": "hrnet-tiny",
        "task": "top_down",
        "keypoint_names": list(pose_config.keypoint_names),
        "height": 128,
        "width": 96,
        "sigma": 1.5,
        "samples_seen": 36,
        "name": "tiny",
        "data": ["people"],
    }
    assert read_weights(tmp_path / "small.pt")[1].name == "small"


def test_init_starts_from_weights(pose_config: TrainConfig, tmp_path: Path) -> None:
    path = fit(pose_config, _task(pose_config, tmp_path / "cache"), tmp_path / "one")
    (pose_config.folder / "start.pt").write_bytes(path.read_bytes())
    config = replace(pose_config, init="start.pt")
    run = engine._Run.start(config, _task(config, tmp_path / "cache"), tmp_path / "two")
    model = read_weights(path)[0]
    assert all(torch.equal(model[key], item) for key, item in run.net.net.state_dict().items())
    broken = replace(config, init="none.pt")
    task = _task(broken, tmp_path / "cache")
    with pytest.raises(ModelError, match="no such file"):
        fit(broken, task, tmp_path / "two")


def test_the_average_moves_towards_the_network() -> None:
    slow, fast = torch.nn.BatchNorm2d(2), torch.nn.BatchNorm2d(2)
    torch.nn.init.constant_(fast.weight, 3.0)
    fast.running_mean += 4
    engine._update_average(slow, fast, 0.75)
    assert slow.weight.tolist() == [1.5, 1.5]
    assert slow.running_mean.tolist() == [1, 1]


def test_a_loss_that_is_not_finite_ends_the_run(
    pose_config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = _task(pose_config, tmp_path / "cache")
    original = task.loss
    monkeypatch.setattr(task, "loss", lambda *row: original(*row) * float("nan"))
    with pytest.raises(ModelError, match="loss is not finite near step"):
        fit(replace(pose_config, checkpoint_seconds=0.0), task, tmp_path / "run")
    assert not (tmp_path / "run" / "last.pt").exists()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda path: path.write_bytes(b""), "damaged", id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:5000]), "damaged", id="cut"),
        pytest.param(lambda path: path.write_text("x" * 99), "damaged", id="text"),
        pytest.param(lambda path: torch.save([1], path), "a dictionary", id="list"),
        pytest.param(lambda path: torch.save({"net": {}}, path), "damaged", id="other-keys"),
        pytest.param(
            lambda path: torch.save(
                {"net": {}, "state": dict.fromkeys(("phase", "step", "seen", "updates"), 0)}, path
            ),
            "another network",
            id="no-weights",
        ),
    ],
)
def test_a_damaged_checkpoint_is_refused(
    pose_config: TrainConfig, tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    task = _task(pose_config, tmp_path / "cache")
    fit(pose_config, task, tmp_path)
    damage(tmp_path / "last.pt")
    with pytest.raises(ModelError, match=message):
        fit(pose_config, task, tmp_path)


def test_a_checkpoint_of_another_network_is_refused(
    pose_config: TrainConfig, tmp_path: Path
) -> None:
    fit(pose_config, _task(pose_config, tmp_path / "cache"), tmp_path)
    other = replace(pose_config, keypoint_names=pose_config.keypoint_names[::-1])
    with pytest.raises(InputError, match="was trained with keypoint_names"):
        fit(other, _task(other, tmp_path / "cache"), tmp_path)


def test_another_schedule_is_warned_of(
    pose_config: TrainConfig, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    task = _task(pose_config, tmp_path / "cache")
    fit(pose_config, task, tmp_path)
    with caplog.at_level(logging.WARNING, "edgepose.train"):
        fit(replace(pose_config, weight_decay=0.5, threads=2), task, tmp_path)
    assert caplog.messages == ["resuming with other values of weight_decay"]


def test_a_checkpoint_without_configuration_resumes(
    pose_config: TrainConfig, tmp_path: Path
) -> None:
    task = _task(pose_config, tmp_path / "cache")
    path = fit(pose_config, task, tmp_path)
    document = torch.load(tmp_path / "last.pt", weights_only=True)
    del document["config"]
    torch.save(document, tmp_path / "last.pt")
    assert fit(pose_config, task, tmp_path) == path


def test_decode_boxes_reads_the_runtimes_codec() -> None:
    log_size, offset = torch.zeros(1, 2, 2, 3), torch.zeros(1, 2, 2, 3)
    offset[0, :, 1, 2] = torch.tensor([0.25, -0.5])
    boxes = decode_boxes(log_size, offset)
    assert boxes[0, :, 0, 0].tolist() == [3.5 - 32, 3.5 - 32, 3.5 + 32, 3.5 + 32]
    assert boxes[0, :2, 1, 2].tolist() == [19.5 + 2 - 32, 11.5 - 4 - 32]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_trains(config: TrainConfig, tmp_path: Path) -> None:
    config = replace(config, precision="bfloat16", workers=1)
    path = fit(config, _task(config, tmp_path / "cache"), tmp_path)
    assert all(torch.isfinite(value).all() for value in read_weights(path)[0].values())
