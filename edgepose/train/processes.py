# SPDX-License-Identifier: Apache-2.0
"""Several training processes that share each batch, one for each GPU, started by torchrun.

    torchrun --nproc-per-node 4 -m edgepose.train CONFIG.toml --data shards

Process r of n takes every n-th part of a batch; gradients are averaged (DistributedDataParallel).
Only the first process writes files, checks held-out samples and logs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class Processes:
    """The processes of a run.

    Attributes:
        rank: Number of this one.
        count: How many there are.
        local: Number of this one on its machine, that of its GPU.
    """

    rank: int = 0
    count: int = 1
    local: int = 0

    @classmethod
    def join(cls) -> Processes:
        """Meets the other processes if torchrun started this one, else stays alone."""
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if count < 2:
            return cls()
        if not distributed.is_initialized():
            distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        return cls(distributed.get_rank(), count, int(os.environ.get("LOCAL_RANK", "0")))

    @property
    def is_main(self) -> bool:
        """Whether this one writes files."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """Its GPU, else the CPU."""
        return (
            torch.device("cuda", self.local) if torch.cuda.is_available() else torch.device("cpu")
        )

    def wait(self) -> None:
        """Waits until all are here."""
        if self.count > 1:
            distributed.barrier()

    @contextmanager
    def main_first(self) -> Iterator[None]:
        """The first process does the body before the others, who then find its files."""
        if not self.is_main:
            self.wait()
        yield
        if self.is_main:
            self.wait()

    def share(self, net: nn.Module) -> nn.Module:
        """The network whose gradients are averaged over the processes."""
        if self.count == 1:
            return net
        devices = [self.local] if torch.cuda.is_available() else None
        return DistributedDataParallel(net, device_ids=devices)

    @staticmethod
    def apart(net: nn.Module) -> AbstractContextManager[None]:
        """Within it, gradients add up without being averaged yet."""
        return net.no_sync() if isinstance(net, DistributedDataParallel) else nullcontext()

    def leave(self) -> None:
        """Parts from the other processes."""
        if self.count > 1 and distributed.is_initialized():
            distributed.destroy_process_group()
