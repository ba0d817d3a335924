# SPDX-License-Identifier: Apache-2.0
"""Top-down training: batches of crops, the masked map loss, a held-out check."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from edgepose.nets.registry import build_pose, build_simcc
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.coordinates import places, simcc_divergence
from edgepose.train.heatmap_losses import coarse_to_fine
from edgepose.train.person_store import BOX_PADDING, open_person_store
from edgepose.train.pose_samples import STRIDE, PoseArrays, PoseSamples
from edgepose.train.sampling import Sampler
from edgepose.train.teacher import Teacher

HELD_OUT_EVERY = 40
CHECK_BATCH = 64
DRAWS = 7


class PoseTask:
    """What the engine needs to know of top-down training."""

    def __init__(self, config: TrainConfig, cache: Path) -> None:
        self.config = config
        store = open_person_store(config, cache)
        self.samples = PoseSamples(store, config.keypoint_names)
        held_out = store.picture % HELD_OUT_EVERY == 0
        self.held_out = np.flatnonzero(held_out)
        members = [
            (np.flatnonzero(~held_out & (store.source == number)), source.passes_weight)
            for number, source in enumerate(config.sources)
        ]
        self.sampler = Sampler(members, config.seed)
        self.factors: tuple[float, ...] = ()
        self.teacher = Teacher.of(config) if config.teacher else None

    def build(self) -> nn.Module:
        """A network with random weights."""
        config, keypoints = self.config, len(self.config.keypoint_names)
        if config.objective == "simcc":
            hw = config.phases[0].height, config.phases[0].width
            return build_simcc(config.arch, keypoints, hw, config.split_ratio)
        net = build_pose(config.arch, keypoints)
        self.factors = getattr(net, "sigma_factors", ())
        return net

    def samples_per_pass(self) -> int:
        """People in one pass."""
        return self.sampler.samples_per_pass

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Batch `step` of phase `number`; a function of the seed alone."""
        index = self.sampler.batch(phase.batch_size, number, step)
        rng = np.random.default_rng((self.config.seed, number, step, DRAWS))
        return _tensors(self.samples.batch(index, phase, rng))

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:
        """The objective over the labelled maps of every size, and the teacher's share."""
        found = net(batch["picture"])
        if self.config.objective == "simcc":
            return simcc_divergence(
                found,
                batch["xy"],
                batch["mask"],
                input_wh=(phase.width, phase.height),
                split_ratio=self.config.split_ratio,
                sigma=phase.sigma,
                hardest=phase.ohkm,
            )
        outputs = [found] if isinstance(found, Tensor) else list(found)
        own = coarse_to_fine(
            outputs,
            batch["xy"],
            batch["mask"],
            sigma=phase.sigma,
            factors=self.factors if len(outputs) > 1 else (),
            hardest=phase.ohkm,
            objective=self.config.objective,
        )
        if self.teacher is None:
            return own
        share = self.config.distillation
        taught = self.teacher.loss(batch["picture"], outputs[-1], self.config.objective)
        return (1 - share) * own + share * taught

    @torch.no_grad()
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """PCK on held-out training people: within 0.1 of the person's height in the crop."""
        hits, total = 0.0, 0.0
        device = next(net.parameters()).device
        limit = 0.1 * phase.height / STRIDE / BOX_PADDING
        for start in range(0, len(self.held_out), CHECK_BATCH):
            rows = self.held_out[start : start + CHECK_BATCH]
            batch = _tensors(self.samples.plain(rows, phase))
            found = net(batch["picture"].to(device))
            xy = places(found, self.config.objective, self.config.split_ratio).cpu()
            distance = (xy - batch["xy"]).norm(dim=2)
            hits += float(((distance <= limit) * batch["mask"]).sum())
            total += float(batch["mask"].sum())
        return {"held_out_pck": hits / max(total, 1.0)}


def _tensors(arrays: PoseArrays) -> dict[str, Tensor]:
    return {name: torch.from_numpy(array) for name, array in arrays._asdict().items()}
