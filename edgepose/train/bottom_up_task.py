# SPDX-License-Identifier: Apache-2.0
"""Bottom-up training: scenes of several people, masked maps with fields or tags, a check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from edgepose.errors import InputError
from edgepose.nets.registry import BOTTOM_UP, build_bottom_up
from edgepose.nets.strides import BOTTOM_UP_STRIDES
from edgepose.train import scene_targets
from edgepose.train.bottom_up_codecs import field_count
from edgepose.train.bottom_up_losses import map_squares, pull_push
from edgepose.train.compositor import Compositor, Scene
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.limbs import limbs
from edgepose.train.pixels import write_rgb
from edgepose.train.sampling import Sampler
from edgepose.train.scene_store import open_scene_store

HELD_OUT_EVERY = 40
MOST_PEOPLE = 24  # whose tags are compared
TAG_WEIGHT = 0.3
CHECK_DISTANCE = 0.15  # of a person's size
CHECK_SCORE = 0.1
DRAWS = 13
Arrays = dict[str, NDArray[np.generic]]


class BottomUpTask:
    """What the engine needs to know of bottom-up training, by fields or by tags."""

    def __init__(self, config: TrainConfig, cache: Path) -> None:
        self.config = config
        self.stride = BOTTOM_UP_STRIDES[config.task]
        self.pairs = limbs(config.keypoint_names).pairs
        store = open_scene_store(config, cache)
        complete = np.array([source.boxes_are_complete for source in config.sources], np.bool_)
        self.compositor = Compositor(store, config.keypoint_names, complete)
        held_out = np.arange(len(store)) % HELD_OUT_EVERY == 0
        peopled = np.diff(store.person_start) > 0
        self.held_out = np.flatnonzero(held_out & complete[store.source] & peopled)
        members = [
            (np.flatnonzero(~held_out & (store.source == number)), source.passes_weight)
            for number, source in enumerate(config.sources)
        ]
        self.sampler = Sampler(members, config.seed)

    def build(self) -> nn.Module:
        """A network with random weights.

        Raises:
            InputError: The architecture's stride is not the task's.
        """
        arch, names = self.config.arch, self.config.keypoint_names
        net = build_bottom_up(arch, len(names), field_count(self.config))
        if net.stride != self.stride:
            fitting = [name for name, row in BOTTOM_UP.items() if row.stride == self.stride]
            raise InputError(f"arch must be one of {fitting} for {self.config.task}; got {arch!r}")
        return net

    def samples_per_pass(self) -> int:
        """Pictures in one pass."""
        return self.sampler.samples_per_pass

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Batch `step` of phase `number`; a function of the seed alone."""
        index = self.sampler.batch(phase.batch_size, number, step)
        rng = np.random.default_rng((self.config.seed, number, step, DRAWS))
        rows = [self._sample(picture, phase, rng) for picture in index.tolist()]
        return {name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:  # noqa: ARG002
        """Squares of the heatmaps, and of the fields or pull and push of the tags."""
        return self._loss(net(batch["picture"]), batch)

    def _loss(self, raw: tuple[Tensor, Tensor], batch: dict[str, Tensor]) -> Tensor:
        maps, fields = (tensor.float() for tensor in raw)
        known, weight = batch["known"], batch["weight"]
        loss = map_squares(maps, batch["heatmap"], weight, known)
        if self.config.task == "bottom_up_paf":
            first, second = (list(side) for side in zip(*self.pairs, strict=True))
            both = (known[:, first] * known[:, second]).repeat_interleave(2, dim=1)
            return loss + map_squares(fields, batch["fields"], weight, both)
        pull, push = pull_push(fields, batch["place"], batch["labelled"])
        return loss + TAG_WEIGHT * (pull + push)

    @torch.no_grad()
    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """Loss and peaks on held-out training pictures, before any grouping.

        A labelled keypoint is found if a peak of its map is within 0.15 of its person's size; a
        peak is right if it is so near to a labelled keypoint.
        """
        plain, rng = replace(phase, augment=0.0), np.random.default_rng(0)
        device = next(net.parameters()).device
        found, labelled, right, given, loss = 0, 0, 0, 0, 0.0
        for index in self.held_out.tolist():
            scene = self.compositor.scene(index, plain, rng)
            arrays = self._arrays(scene, plain)
            batch = {name: torch.from_numpy(row[None]).to(device) for name, row in arrays.items()}
            raw = net(batch["picture"])
            loss += float(self._loss(raw, batch))
            guess = _peaks(raw[0].float() * batch["weight"])
            xy = (guess[:, 1:].numpy() + 0.5) * self.stride - 0.5
            for joint in range(len(self.config.keypoint_names)):
                true = scene.people[:, joint]
                rows = true[:, 2] > 0
                own = xy[guess[:, 0].numpy() == joint]
                away = np.linalg.norm(true[rows, None, :2] - own[None], axis=2)
                near = away <= CHECK_DISTANCE * scene.size[rows, None]
                labelled, given = labelled + len(near), given + len(own)
                found, right = found + int(near.any(1).sum()), right + int(near.any(0).sum())
        return {
            "held_out_loss": round(loss / max(len(self.held_out), 1), 4),
            "recall": found / max(labelled, 1),
            "precision": right / max(given, 1),
        }

    def _sample(self, index: int, phase: Phase, rng: np.random.Generator) -> Arrays:
        return self._arrays(self.compositor.scene(index, phase, rng), phase)

    def _arrays(self, scene: Scene, phase: Phase) -> Arrays:
        """What the loss needs of a scene."""
        hw = (phase.height // self.stride, phase.width // self.stride)
        picture = np.empty_like(scene.picture)
        write_rgb(scene.picture, picture)
        cells = scene_targets.to_cells(scene.people, self.stride, hw)
        sample: Arrays = {
            "picture": picture,
            "heatmap": scene_targets.heatmaps(cells, hw, phase.sigma),
            "weight": scene_targets.weights(scene.counts, hw)[None],
            "known": scene.known.astype(np.float32),
        }
        if self.config.task == "bottom_up_paf":
            return {**sample, "fields": scene_targets.fields(cells, hw, self.pairs)}
        place, there = scene_targets.tag_cells(cells, hw, MOST_PEOPLE)
        return {**sample, "place": place, "labelled": there}


def _peaks(maps: Tensor) -> Tensor:
    """Cells of maps [1, K, H, W] that no neighbour is above: rows of map, x, y on the CPU."""
    highest = functional.max_pool2d(maps, 3, 1, 1) == maps
    found = (highest & (maps > CHECK_SCORE))[0].nonzero().cpu()
    return found[:, [0, 2, 1]]
