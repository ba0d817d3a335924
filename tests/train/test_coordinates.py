# SPDX-License-Identifier: Apache-2.0
"""Training by coordinates: losses, and tiny networks that learn and are exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")
pytest.importorskip("onnx", reason="needs edgepose[train]")

from edgepose.backends.registry import open_session  # noqa: E402
from edgepose.errors import InputError  # noqa: E402
from edgepose.nets.normalize import Normalized  # noqa: E402
from edgepose.pipelines.keypoint_codecs import keypoints_on_input  # noqa: E402
from edgepose.spec import read_spec, validate_model  # noqa: E402
from edgepose.train import coordinates, simcc_losses  # noqa: E402
from edgepose.train.checkpoint import read_weights, write_weights  # noqa: E402
from edgepose.train.config import Phase, TrainConfig  # noqa: E402
from edgepose.train.contract import ExportOptions, contract  # noqa: E402
from edgepose.train.engine import fit  # noqa: E402
from edgepose.train.export import export  # noqa: E402
from edgepose.train.heatmap_losses import coarse_to_fine, integral_l1  # noqa: E402
from edgepose.train.pose_task import PoseTask, _tensors  # noqa: E402
from edgepose.train.qat_config import Qat  # noqa: E402
from edgepose.train.recipe import Recipe  # noqa: E402

SIGMA = {"simcc": 3.0, "integral": 1.5}
STEPS = {"simcc": 60, "integral": 100}
# Input px between what was taught and what the exported model finds: mean, largest.
REACHED = {"simcc": (0.3, 1.0), "integral": (3.0, 10.0)}
BINS: dict[str, Any] = {"input_wh": (40, 32), "split_ratio": 2.0, "sigma": 3.0}


def maps_at(xy: Any, size: tuple[int, int]) -> Any:
    """Logits of very sharp Gaussians at xy [N, K, 2]."""
    y, x = torch.meshgrid(torch.arange(size[1]), torch.arange(size[0]), indexing="ij")
    apart = (x - xy[..., 0, None, None]) ** 2 + (y - xy[..., 1, None, None]) ** 2
    return -apart.float()


def test_integral_loss_is_the_distance_over_the_size() -> None:
    xy = torch.tensor([[[4.0, 6.0], [5.0, 8.0], [9.0, 9.0]]])
    maps, mask = maps_at(xy, (20, 16)), torch.tensor([[1.0, 1.0, 0.0]])
    before = maps.clone()
    assert float(integral_l1(maps, xy, mask, sigma=1)) < 1e-6
    moved = xy + torch.tensor([[[1.0, 0.0], [0.0, 4.0], [7.0, 7.0]]])
    apart = 1 / 20, 4 / 16
    assert float(integral_l1(maps, moved, mask, sigma=1)) == pytest.approx(sum(apart) / 2, abs=1e-6)
    assert float(integral_l1(maps, moved, mask, hardest=1, sigma=1)) == pytest.approx(
        max(apart), abs=1e-6
    )
    assert float(integral_l1(maps[:0], xy[:0], mask[:0], sigma=1)) == 0
    assert float(integral_l1(maps, moved, mask * 0, sigma=1)) == 0
    assert torch.equal(maps, before)


def test_integral_loss_of_a_coarser_map_is_in_its_own_cells() -> None:
    xy = torch.tensor([[[8.5, 6.5]]])
    outputs = [maps_at((xy + 0.5) / 2 - 0.5, (10, 8)), maps_at(xy, (20, 16))]
    loss = coarse_to_fine(outputs, xy, torch.ones(1, 1), sigma=1, objective="integral")
    assert float(loss) < 1e-5


def test_autocast_does_not_round_the_losses() -> None:
    xy, mask = torch.tensor([[[3.3, 5.1]]]), torch.ones(1, 1)
    logits, maps = (torch.randn(1, 1, 80), torch.randn(1, 1, 64)), torch.randn(1, 1, 16, 20)
    exact = (
        integral_l1(maps, xy, mask, sigma=1),
        coordinates.simcc_divergence(logits, xy, mask, **BINS),
    )
    with torch.autocast("cpu", torch.bfloat16):
        assert integral_l1(maps, xy, mask, sigma=1) == exact[0]
        assert coordinates.simcc_divergence(logits, xy, mask, **BINS) == exact[1]


def test_perfect_bins_are_where_the_cells_are() -> None:
    xy = torch.tensor([[[2.0, 3.0], [5.25, 1.5]]])
    labels = simcc_losses.simcc_labels((xy + 0.5) * 4 - 0.5, (40, 32), 2.0, 3.0)
    logits = [label.clamp_min(1e-30).log() for label in labels]
    assert float(coordinates.simcc_divergence(logits, xy, torch.ones(1, 2), **BINS)) < 1e-5
    found = coordinates.places(logits, "simcc", 2.0)
    assert float((found - xy).abs().max()) <= 0.25 / 4 + 1e-6  # half a bin
    assert coordinates.places([item[:0] for item in logits], "simcc", 2.0).shape == (0, 2, 2)


@pytest.mark.parametrize("objective", ["cross_entropy", "mse", "integral"])
def test_places_of_maps(objective: str) -> None:
    xy = torch.tensor([[[4.0, 6.0]]])
    found = coordinates.places(maps_at(xy, (20, 16)), objective, 2.0)
    assert float((found - xy).abs().max()) < 1e-4


@pytest.fixture(params=["simcc", "integral"])
def config(request: pytest.FixtureRequest, pose_config: TrainConfig) -> TrainConfig:
    objective = str(request.param)
    phase = Phase(128, 96, passes=1, learning_rate=3e-3, batch_size=4, sigma=SIGMA[objective])
    return replace(pose_config, objective=objective, phases=(phase,))


def taught(config: TrainConfig, folder: Path) -> tuple[Path, dict[str, Any], list[float]]:
    """Weights after some steps on six people, these people, and the losses."""
    torch.manual_seed(0)
    task, (phase,) = PoseTask(config, folder / "cache"), config.phases
    net = Normalized(task.build()).train()
    batch = _tensors(task.samples.plain(np.arange(1, 7), phase))
    optimizer = torch.optim.AdamW(net.parameters(), lr=phase.learning_rate)
    losses = []
    for _ in range(STEPS[config.objective]):
        optimizer.zero_grad()
        loss: Any = task.loss(net, batch, phase)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().item())
    path = folder / "tiny.pt"
    write_weights(path, net.eval().net, Recipe.of(config, phase, 6))
    with torch.no_grad():
        batch["outputs"] = net(batch["picture"])
        batch["input"] = (batch["picture"].permute(0, 3, 1, 2).float() - net.mean) / net.std
    return path, batch, losses


def test_a_network_learns_and_its_export_finds_what_was_taught(
    config: TrainConfig, tmp_path: Path
) -> None:
    weights, batch, losses = taught(config, tmp_path)
    assert losses[-1] < 0.2 * losses[0]
    done = export(weights, tmp_path / "tiny.onnx")
    assert max(done.difference.values()) < 1e-4
    spec = read_spec(tmp_path / "tiny.onnx")
    assert spec.codec.type == ("simcc" if config.objective == "simcc" else "heatmap")
    session = open_session(tmp_path / "tiny.onnx", threads=1)
    validate_model(spec, session.inputs, session.outputs)
    feed = {"input": np.ascontiguousarray(batch["input"].numpy())}
    xy, score = keypoints_on_input(session.run(feed, list(spec.outputs.values())), spec)
    # What the core reads is what PyTorch says: the same mean place, or within half a bin.
    bare = coordinates.places(batch["outputs"], config.objective, config.split_ratio)
    apart = np.abs(xy - ((bare + 0.5) * 4 - 0.5).numpy())
    assert apart.max() < (0.5 if config.objective == "simcc" else 1e-3)
    true, known = (batch["xy"].numpy() + 0.5) * 4 - 0.5, batch["mask"].numpy() > 0
    distance = np.linalg.norm(xy - true, axis=2)[known]
    mean, most = REACHED[config.objective]
    assert distance.mean() < mean
    assert distance.max() < most
    # Nothing makes an integral map sharp: its score says how sharp it happens to be.
    least = 0.3 if config.objective == "simcc" else -0.01
    assert least < score[known].min() <= score[known].max() < 2


def test_a_run_is_checked_kept_and_resumed(config: TrainConfig, tmp_path: Path) -> None:
    path = fit(config, PoseTask(config, tmp_path / "cache"), tmp_path / "run")
    recipe = read_weights(path)[1]
    assert (recipe.objective, recipe.split_ratio) == (config.objective, 2.0)
    assert Recipe.from_dict(recipe.to_dict()) == recipe
    assert "held_out_pck" in (tmp_path / "run" / "log.jsonl").read_text(encoding="utf-8")
    other = replace(config, split_ratio=1.0)
    if config.objective == "simcc":
        with pytest.raises(InputError, match="was trained with split_ratio"):
            fit(other, PoseTask(other, tmp_path / "cache"), tmp_path / "run")


def test_simcc_starts_from_weights_of_maps(pose_config: TrainConfig, tmp_path: Path) -> None:
    maps = replace(pose_config, phases=pose_config.phases[1:])
    start = fit(maps, PoseTask(maps, tmp_path / "cache"), tmp_path / "maps")
    (maps.folder / "maps.pt").write_bytes(start.read_bytes())
    config = replace(maps, objective="simcc", init="maps.pt", name="bins")
    config.check()
    done = fit(config, PoseTask(config, tmp_path / "cache"), tmp_path / "bins")
    (config.folder / "bins.pt").write_bytes(done.read_bytes())
    again = replace(config, init="bins.pt", name="again")
    assert fit(again, PoseTask(again, tmp_path / "cache"), tmp_path / "again").is_file()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"split_ratio": 0}, "split_ratio must be above 0"),
        ({"split_ratio": 0.3}, "split_ratio must be so that width and height"),
        ({"teacher": "a.pt"}, "teacher must be left out with objective simcc"),
        ({"objective": "integral", "split_ratio": 1}, "split_ratio belongs to objective simcc"),
        ({"objective": "bins"}, "objective must be one of cross_entropy, mse, simcc, integral"),
        ({"qat": Qat()}, "objective must be one of cross_entropy, mse for qat"),
    ],
    ids=["zero", "no-whole-bins", "teacher", "integral", "unknown", "qat"],
)
def test_refuses(pose_config: TrainConfig, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(pose_config, **{"objective": "simcc", **changes}).check()


def test_bins_need_one_size(pose_config: TrainConfig) -> None:
    small = replace(pose_config.phases[0], height=64, width=64, save_as="")
    config = replace(pose_config, objective="simcc", phases=(small, pose_config.phases[1]))
    with pytest.raises(InputError, match="phase must be of one size with objective simcc"):
        config.check()


@pytest.mark.parametrize(
    ("objective", "subpixel"), [("simcc", "udp"), ("integral", "dark"), ("integral", "none")]
)
def test_subpixel_methods(objective: str, subpixel: str) -> None:
    recipe = Recipe("hrnet-tiny", "top_down", ("nose",), 128, 96, 3.0, 1, "x", objective=objective)
    with pytest.raises(InputError, match=f"subpixel must be one of .* for objective {objective}"):
        contract(recipe, ExportOptions(subpixel=subpixel))
    codec: Any = contract(recipe, ExportOptions()).codec
    if objective == "simcc":
        assert (codec.subpixel, codec.blur_kernel, codec.warp) == ("dark", (17, 17), "legacy")
        bare: Any = contract(recipe, ExportOptions(subpixel="none")).codec
        assert bare.blur_kernel is None
    else:
        assert (codec.subpixel, codec.debias) == ("integral", False)
