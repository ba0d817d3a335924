# SPDX-License-Identifier: Apache-2.0
"""A larger network whose maps a smaller one learns (knowledge distillation).

Hinton et al., "Distilling the Knowledge in a Neural Network" (2015); for keypoints Zhang et al.,
"Fast Human Pose Estimation" (CVPR 2019), who mix both targets as here.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from edgepose.errors import InputError, ModelError
from edgepose.nets.normalize import Normalized
from edgepose.nets.registry import build_pose
from edgepose.train.checkpoint import load_weights, read_weights
from edgepose.train.config import TrainConfig


class Teacher:
    """A trained network in evaluation mode. It moves to the device of the first batch."""

    def __init__(self, net: nn.Module) -> None:
        self.net: Any = Normalized(net.eval().requires_grad_(requires_grad=False))

    @classmethod
    def of(cls, config: TrainConfig) -> Teacher:
        """The teacher of a configuration.

        Raises:
            ModelError: Its weights are absent, damaged or of an unknown network.
            InputError: It finds other keypoints, was trained to another objective, or comes from
                a checkpoint whose pictures were prepared otherwise.
        """
        path = config.folder / config.teacher
        model, recipe = read_weights(path)
        if recipe.contract:
            raise InputError(f"teacher {path} must be trained by edgepose; got imported weights")
        for name in ("keypoint_names", "objective"):
            ours, theirs = getattr(config, name), getattr(recipe, name)
            if ours != theirs:
                raise InputError(f"teacher {path}: {name} must be {ours!r}; got {theirs!r}")
        try:
            net = build_pose(recipe.arch, len(recipe.keypoint_names))
        except InputError as error:
            raise ModelError(f"{path}: recipe.arch: {error}") from error
        load_weights(net, model, path)
        return cls(net)

    def loss(self, picture: Tensor, maps: Tensor, objective: str) -> Tensor:
        """How far maps are from the teacher's, which also knows unlabelled keypoints.

        Args:
            picture: uint8 [N, H, W, 3].
            maps: [N, K, h, w] of the student.
            objective: `cross_entropy`: divergence of the student's softmax over cells from the
                teacher's; `mse`: squared difference, over the teacher's own sum of squares.
        """
        if next(self.net.parameters()).device != picture.device:
            self.net = self.net.to(picture.device)
        with torch.no_grad():
            target = self.net(picture)
        return imitation(maps, target, objective)


def imitation(maps: Tensor, target: Tensor, objective: str) -> Tensor:
    """Mean distance of maps [N, K, h, w] from those of a teacher, see `Teacher.loss`."""
    with torch.autocast(maps.device.type, enabled=False):
        ours, theirs = maps.float().flatten(2), target.float().flatten(2)
        if objective == "mse":
            scale = theirs.square().sum().clamp_min(1e-6)
            return (ours - theirs).square().sum() / scale
        divergence = functional.kl_div(
            ours.log_softmax(2), theirs.log_softmax(2), reduction="none", log_target=True
        )
        return divergence.sum(2).mean()
