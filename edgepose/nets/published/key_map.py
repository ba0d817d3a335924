# SPDX-License-Identifier: Apache-2.0
"""Brings the names of a checkpoint to those of a published network; the rules are data.

`key_maps.json` holds, for each convention, one list of rewriting rules [pattern, replacement]
for each source of checkpoints. The list under which most tensors fit is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from edgepose.nets.published.registry import read_json

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Match:
    """How a checkpoint fits a network.

    Attributes:
        source: Which list of rules fitted.
        state: Tensors of the network that the checkpoint has, under the network's names.
        missing: Names that the network needs and the checkpoint lacks.
        unexpected: Names of the checkpoint that the network does not know.
        mismatched: Name, shape in the network, shape in the checkpoint.
    """

    source: str
    state: Mapping[str, Tensor]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    mismatched: tuple[tuple[str, Shape, Shape], ...]

    @property
    def complete(self) -> bool:
        """Whether every tensor of the network was found with its shape."""
        return not self.missing and not self.mismatched


def unwrap(document: Any) -> dict[str, Tensor]:
    """The tensors of a loaded file: the file itself, or what lies under a usual key of it.

    Raises:
        ValueError: There are none.
    """
    nested = read_json("key_maps.json")["nested"]
    while isinstance(document, Mapping):
        found = {str(name): item for name, item in document.items() if isinstance(item, Tensor)}
        inner = next((name for name in nested if isinstance(document.get(name), Mapping)), None)
        if found or inner is None:
            if found:
                return found
            break
        document = document[inner]
    raise ValueError(f"expected tensors by name, or one of {', '.join(nested)} with them")


def match(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor], convention: str) -> Match:
    """The best fit of the tensors `found` to those `wanted`.

    Args:
        wanted: A network's state.
        found: A checkpoint's tensors.
        convention: Whose rules to try.

    Returns:
        The fit with the most tensors; of equal ones the first.
    """
    rules = read_json("key_maps.json")
    sources = rules["conventions"].get(convention, {"official": []})
    fits = [
        _fit(wanted, found, source, [*rules["always"], *own], rules["may_be_missing"])
        for source, own in sources.items()
    ]
    return max(fits, key=lambda fit: len(fit.state))


def _fit(
    wanted: Mapping[str, Tensor],
    found: Mapping[str, Tensor],
    source: str,
    rules: list[list[str]],
    may_be_missing: list[str],
) -> Match:
    state, unexpected, mismatched = {}, [], []
    for name, tensor in found.items():
        ours = name
        for pattern, replacement in rules:
            ours = re.sub(pattern, replacement, ours)
        if ours not in wanted or ours in state:
            unexpected.append(name)
        elif wanted[ours].shape != tensor.shape:
            mismatched.append((ours, tuple(wanted[ours].shape), tuple(tensor.shape)))
        else:
            state[ours] = tensor
    wrong = {name for name, _, _ in mismatched}
    missing = [
        name
        for name in wanted
        if name not in state
        and name not in wrong
        and not any(re.search(pattern, name) for pattern in may_be_missing)
    ]
    return Match(source, state, tuple(missing), tuple(unexpected), tuple(mismatched))
