# SPDX-License-Identifier: Apache-2.0
"""Where the time of a call goes."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Adds up milliseconds by stage; each stage lasts from the end of the one before.

    Example:
        >>> watch = Stopwatch()
        >>> watch.lap("load")
        >>> list(watch.stages)
        ['load']
    """

    __slots__ = ("_last", "_start", "stages")

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Ends a stage."""
        now = perf_counter()
        self.stages[stage] = self.stages.get(stage, 0.0) + 1e3 * (now - self._last)
        self._last = now

    @property
    def total(self) -> float:
        """Milliseconds since the start."""
        return 1e3 * (perf_counter() - self._start)
