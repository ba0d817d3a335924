# SPDX-License-Identifier: Apache-2.0
"""The published networks by name, from `architectures.json`; imported when they are built."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from torch import nn

from edgepose.errors import InputError


@dataclass(frozen=True)
class Architecture:
    """One published network.

    Attributes:
        name: In the registry.
        network: Module and class below this package.
        options: Arguments of the class besides the number of keypoints.
        keypoints: Of the released checkpoints.
        convention: How its authors prepared pictures and read maps, see `conventions.json`.
        output: Name of the heatmaps that count, of a network that looks at one person; empty for
            one that looks at a whole picture.
    """

    name: str
    network: str
    options: dict[str, Any]
    keypoints: int
    convention: str
    output: str = ""

    def build(self, keypoints: int | None = None) -> nn.Module:
        """The network with random weights."""
        module, kind = self.network.split(".")
        build = getattr(import_module(f"{__package__}.{module}"), kind)
        net: nn.Module = build(self.keypoints if keypoints is None else keypoints, **self.options)
        return net


@cache
def architectures() -> MappingProxyType[str, Architecture]:
    """Every published network by name."""
    rows = read_json("architectures.json")
    return MappingProxyType({name: Architecture(name, **row) for name, row in rows.items()})


def architecture(name: str) -> Architecture:
    """The published network `name`.

    Raises:
        InputError: The name is unknown.
    """
    known = architectures()
    if name not in known:
        raise InputError(f"expected a published architecture of {sorted(known)}; got {name!r}")
    return known[name]


def read_json(name: str) -> Any:
    """One of the tables beside this file."""
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
