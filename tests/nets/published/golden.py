# SPDX-License-Identifier: Apache-2.0
"""Golden networks: weights by rule, expected names, outputs and traces."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

MASK = (1 << 64) - 1
# Kind of a value -> offset and factor of the uniform number.
RULES = {
    "bias": (0.0, 0.05),
    "bn_weight": (1.0, 0.2),
    "bn_bias": (0.0, 0.1),
    "bn_mean": (0.0, 0.1),
    "bn_var": (1.0, 0.4),
    "prelu": (0.25, 0.1),
}


def uniform(name: str, count: int) -> NDArray[np.float64]:
    """The rule's numbers in [-1, 1): splitmix64 from the CRC-32 of a name."""
    key = zlib.crc32(name.encode())
    index = np.arange(1, count + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = np.uint64((key << 32) & MASK) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    found: NDArray[np.float64] = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return found


class Golden:
    """One network's record."""

    def __init__(self, folder: Path, name: str) -> None:
        with gzip.open(folder / f"{name}.json.gz") as file:
            self.record: dict[str, Any] = json.load(file)
        with np.load(folder / f"{name}.npz") as arrays:
            self.arrays = {key: arrays[key] for key in arrays.files}

    def state(self) -> dict[str, torch.Tensor]:
        """The weights, in order."""
        gain, salt = self.record["gain"], self.record["salt"]
        state = {}
        for name, shape, kind in self.record["state_dict"]:
            count = int(np.prod(shape, dtype=np.int64))
            if kind == "counter":
                state[name] = torch.zeros(shape, dtype=torch.int64)
                continue
            fan = max(int(np.prod(shape[1:], dtype=np.int64)), 1)
            scales = {**RULES, "weight": (0.0, gain * np.sqrt(3 / fan))}
            value = scales[kind][0] + scales[kind][1] * uniform(salt + name, count)
            state[name] = torch.from_numpy(value.astype(np.float32).reshape(shape))
        return state

    def picture(self) -> torch.Tensor:
        """The input."""
        shape = self.record["input_shape"]
        u = uniform(self.record["salt"] + "input", int(np.prod(shape)))
        return torch.from_numpy((2 * u).astype(np.float32).reshape(shape))
