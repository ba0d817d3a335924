# SPDX-License-Identifier: Apache-2.0
"""Any training task, done by a network that rounds, beside the float network it came from."""

from __future__ import annotations

from typing import Any, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.nets.normalize import Normalized
from edgepose.train.config import Phase
from edgepose.train.engine import Task
from edgepose.train.teacher import imitation

# Number of the phase that calibration draws its samples from; training is phase 0.
CALIBRATION_PHASE = 1
Floats = NDArray[np.float32]


class _Network(Protocol):
    def __call__(self, picture: Tensor) -> Any: ...


class _Listener:
    """Passes pictures on to a network and keeps what it gave."""

    def __init__(self, net: _Network) -> None:
        self.net = net
        self.outputs: tuple[Tensor, ...] = ()

    def __call__(self, picture: Tensor) -> Any:
        found = self.net(picture)
        self.outputs = (found,) if isinstance(found, Tensor) else tuple(found)
        return found


class _Recorder(nn.Module):
    """Keeps the first pictures that a network is shown."""

    def __init__(self, net: Normalized, count: int) -> None:
        super().__init__()
        self.net, self.count = net, count
        self.pictures: list[Tensor] = []

    def forward(self, picture: Tensor) -> Any:
        """Runs the network."""
        if sum(map(len, self.pictures)) < self.count:
            self.pictures.append(picture)
        return self.net(picture)


class QatTask:
    """What the engine needs to know to fine-tune.

    Args:
        inner: The task that the weights were trained on.
        net: The network that rounds.
        reference: The float network, batch norms folded.
        samples: Over all updates.
        share: Share of the loss that is the distance to the float network.
        objective: As `edgepose.train.teacher.imitation` takes it.
    """

    def __init__(
        self,
        inner: Task,
        net: nn.Module,
        reference: nn.Module,
        *,
        samples: int,
        share: float,
        objective: str,
    ) -> None:
        self.inner, self.net, self.share, self.objective = inner, net, share, objective
        self.samples = samples
        fixed = reference.eval().requires_grad_(requires_grad=False)
        self.reference: Any = Normalized(fixed)

    def build(self) -> nn.Module:
        """The network that rounds, as it stands."""
        return self.net

    def samples_per_pass(self) -> int:
        """All samples: there is one pass."""
        return self.samples

    def batch(self, phase: Phase, number: int, step: int) -> dict[str, Tensor]:
        """Batch `step` of phase `number`."""
        return self.inner.batch(phase, number, step)

    def loss(self, net: nn.Module, batch: dict[str, Tensor], phase: Phase) -> Tensor:
        """The task's loss and the distance of all outputs to the float network's."""
        listener = _Listener(net)
        own = self.inner.loss(cast(nn.Module, listener), batch, phase)
        if self.share == 0:
            return own
        picture = batch["picture"]
        self.reference = self.reference.to(picture.device)
        with torch.no_grad():
            found = self.reference(picture)
        targets = (found,) if isinstance(found, Tensor) else tuple(found)
        pairs = zip(listener.outputs, targets, strict=True)
        apart = sum(imitation(ours, theirs, self.objective) for ours, theirs in pairs)
        return (1 - self.share) * own + self.share * cast(Tensor, apart)

    def check(self, net: nn.Module, phase: Phase) -> dict[str, float]:
        """The task's numbers on held-out samples."""
        return self.inner.check(net, phase)

    def calibration(self, phase: Phase, count: int) -> Floats:
        """Inputs [count, 3, H, W] of training samples, not augmented if the phase says so."""
        pictures = [
            self.inner.batch(phase, CALIBRATION_PHASE, step)["picture"]
            for step in range(-(-count // phase.batch_size))
        ]
        return self._inputs(pictures, count)

    def held_out(self, phase: Phase, count: int) -> tuple[Floats, dict[str, float]]:
        """Inputs of held-out samples, and the float network's numbers on all of them."""
        recorder = _Recorder(self.reference, count)
        numbers = self.inner.check(recorder, phase)
        return self._inputs(recorder.pictures, count), numbers

    def _inputs(self, pictures: list[Tensor], count: int) -> Floats:
        """Pictures [N, H, W, 3] as the exported network takes them."""
        if not pictures:
            shape = (0, 3, 0, 0)
            return np.zeros(shape, np.float32)
        chosen = torch.cat(pictures)[:count].permute(0, 3, 1, 2).float()
        mean, std = self.reference.mean.cpu(), self.reference.std.cpu()
        return cast(Floats, ((chosen.cpu() - mean) / std).contiguous().numpy())
