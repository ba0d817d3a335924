# SPDX-License-Identifier: Apache-2.0
"""What an opened model tells about where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """The nodes of a model that one place runs in one precision.

    Attributes:
        place: Execution provider or device, as the runtime names it.
        precision: NumPy's name of the type that the nodes compute in ("float32", "bfloat16",
            "int8"); None where the runtime does not tell without a run.
        nodes: How many.
        time_ms: What they take in one run; None if none was timed.
    """

    place: str
    precision: str | None
    nodes: int
    time_ms: float | None = None


@dataclass(frozen=True, slots=True)
class SessionReport:
    """An opened model: asked for and really there.

    Attributes:
        model: Path of the file.
        backend: Key of `edgepose.backends.BACKENDS`.
        version: Of the runtime.
        wanted: Providers or devices asked for, the preferred first.
        used: Those that run a part of the model.
        shares: The nodes by place and precision, the largest share first.
        threads: Threads of one run; None leaves it to the runtime.
        load_ms: Milliseconds that opening took, the runtime's import left out.
        settings: What was handed to the runtime, as text.
        remarks: What a person should know, a sentence each.
    """

    model: str
    backend: str
    version: str
    wanted: tuple[str, ...]
    used: tuple[str, ...]
    shares: tuple[Share, ...]
    threads: int | None
    load_ms: float
    settings: Mapping[str, str]
    remarks: tuple[str, ...] = ()

    @property
    def nodes(self) -> int:
        """Nodes in all."""
        return sum(share.nodes for share in self.shares)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "model": self.model,
            "backend": self.backend,
            "version": self.version,
            "wanted": list(self.wanted),
            "used": list(self.used),
            "shares": [
                {
                    "place": share.place,
                    "precision": share.precision,
                    "nodes": share.nodes,
                    "time_ms": None if share.time_ms is None else round(share.time_ms, 4),
                }
                for share in self.shares
            ],
            "threads": self.threads,
            "load_ms": round(self.load_ms, 3),
            "settings": dict(self.settings),
            "remarks": list(self.remarks),
        }


def by_place(nodes: list[tuple[str, str | None, float | None]]) -> tuple[Share, ...]:
    """Nodes (place, precision, milliseconds) summed up, most time or most nodes first.

    Example:
        >>> by_place([("CPU", "float32", 1.0), ("CPU", "float32", 0.5)])
        (Share(place='CPU', precision='float32', nodes=2, time_ms=1.5),)
    """
    counts: dict[tuple[str, str | None], int] = {}
    times: dict[tuple[str, str | None], float | None] = {}
    for place, precision, time_ms in nodes:
        key = place, precision
        counts[key] = counts.get(key, 0) + 1
        before = times.get(key)
        times[key] = before if time_ms is None else (before or 0.0) + time_ms
    shares = [Share(*key, count, times[key]) for key, count in counts.items()]
    return tuple(sorted(shares, key=lambda share: (-(share.time_ms or 0.0), -share.nodes)))
