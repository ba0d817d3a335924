# SPDX-License-Identifier: Apache-2.0
"""Parts of batches, several processes, TensorBoard: the same training, only shared out."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

import edgepose  # noqa: E402
from edgepose.errors import InputError, MissingDependencyError  # noqa: E402
from edgepose.train.board import Board  # noqa: E402
from edgepose.train.checkpoint import read_weights  # noqa: E402
from edgepose.train.config import TrainConfig  # noqa: E402
from edgepose.train.engine import fit  # noqa: E402
from edgepose.train.loader import batches  # noqa: E402
from edgepose.train.pose_task import PoseTask  # noqa: E402
from edgepose.train.processes import Processes  # noqa: E402

RECIPE = """
name = "tiny"
task = "top_down"
arch = "mspn-tiny"
keypoint_names = {names}
precision = "float32"
threads = 1
workers = 0
[[source]]
shards = "people-*.npz"
[[phase]]
height = 128
width = 96
sigma = 1.0
passes = 1
batch_size = 4
learning_rate = 1e-3
"""


@pytest.fixture
def config(pose_config: TrainConfig) -> TrainConfig:
    phase = replace(pose_config.phases[0], passes=1, save_as="")
    return replace(pose_config, arch="mspn-tiny", phases=(phase,), ema_decay=0.9995)


class Numbers:
    """A task whose batches say which they are."""

    def batch(self, phase: Any, number: int, step: int) -> dict[str, Any]:
        return {"row": torch.arange(step * phase.batch_size, (step + 1) * phase.batch_size)}


@pytest.mark.parametrize(("count", "accumulate"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_parts_make_up_the_batch(config: TrainConfig, count: int, accumulate: int) -> None:
    phase = replace(config.phases[0], batch_size=8, accumulate=accumulate)
    task: Any = Numbers()
    found: list[list[int]] = [[], [], []]
    for rank in range(count):
        parts = batches(task, config, phase, 0, 1, 3, Processes(rank, count))
        for index, part in enumerate(parts):
            found[1 + index // accumulate] += part["row"].tolist()
    assert [sorted(rows) for rows in found] == [[], list(range(8, 16)), list(range(16, 24))]


def test_a_batch_falls_into_equal_parts(config: TrainConfig, tmp_path: Path) -> None:
    task: Any = Numbers()
    with pytest.raises(InputError, match="a multiple of accumulate x processes, 3; got 4"):
        fit(config, task, tmp_path, group=Processes(0, 3))
    with pytest.raises(InputError, match="a divisor of batch_size"):
        replace(config.phases[0], accumulate=3).check()


def test_two_processes_train_as_one_in_two_parts(config: TrainConfig, tmp_path: Path) -> None:
    phases = tuple(replace(phase, accumulate=2) for phase in config.phases)
    alone = replace(config, phases=phases)
    one = fit(alone, PoseTask(alone, tmp_path / "cache"), tmp_path / "one")
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(RECIPE.format(names=list(config.keypoint_names)))
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"),
        *("-m", "edgepose.train", str(recipe), "--data", str(config.folder)),
        *("--output", str(tmp_path / "two"), "--cache", str(tmp_path / "cache-two")),
    ]
    root = Path(edgepose.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    ours = read_weights(tmp_path / "two" / "tiny" / "tiny.pt")[0]
    start = PoseTask(config, tmp_path / "cache").build  # for the size of what was learnt
    torch.manual_seed(config.seed)
    before = start().state_dict()
    learnt = apart = 0.0
    for name, tensor in read_weights(one)[0].items():
        if tensor.is_floating_point() and "running" not in name:
            learnt += float((tensor - before[name]).square().sum())
            apart += float((tensor - ours[name]).square().sum())
    assert learnt > 0
    assert apart < 1e-4 * learnt
    rows = (tmp_path / "two" / "tiny" / "log.jsonl").read_text().splitlines()
    assert len(rows) == len((tmp_path / "one" / "log.jsonl").read_text().splitlines())


def test_alone_there_is_nothing_to_share() -> None:
    group = Processes.join()
    net = torch.nn.Linear(1, 1)
    assert (group.rank, group.count, group.is_main) == (0, 1, True)
    assert group.share(net) is net
    with group.main_first(), group.apart(net):
        group.wait()
    group.leave()


def test_tensorboard_gets_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    class Writer:
        def __init__(self, folder: str, purge_step: int) -> None:
            written.append((folder, purge_step))

        def add_scalar(self, name: str, value: float, seen: int) -> None:
            written.append((name, value, seen))

        def flush(self) -> None:
            written.append("flush")

        def close(self) -> None:
            written.append("close")

    fake = SimpleNamespace(SummaryWriter=Writer)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", fake)
    board = Board(tmp_path, 40)
    board.add({"phase": 0, "step": 3, "of": 9, "seen": 44, "loss": 0.5})
    board.close()
    assert written == [(str(tmp_path), 41), ("loss", 0.5, 44), "flush", "close"]


def test_a_missing_tensorboard_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingDependencyError, match="needs the package tensorboard"):
        Board(tmp_path, 0)
