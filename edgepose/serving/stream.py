# SPDX-License-Identifier: Apache-2.0
"""One camera of a pool: its waiting pictures and its numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

# Latencies that the percentiles are of.
KEPT = 1000


@dataclass(frozen=True, slots=True)
class StreamStatistics:
    """Numbers of one stream since it began.

    Attributes:
        submitted: Pictures handed in.
        done: Results given, failures among them.
        failed: Pictures that raised an error.
        dropped: Pictures thrown away because newer ones came.
        latency_ms: Median, 90th percentile and largest of the last 1000 pictures' milliseconds
            from `submit` to the result; NaN before the first.
        waiting_ms: Median of the part of it before the work began.
    """

    submitted: int
    done: int
    failed: int
    dropped: int
    latency_ms: tuple[float, float, float]
    waiting_ms: float


@dataclass(slots=True)
class Job:
    """A picture on its way."""

    picture: Any
    future: Future[Any]
    submitted: float = field(default_factory=perf_counter)
    begun: float = 0.0


class Stream:
    """A camera; made by `PosePool.stream`. Its pictures are worked on one at a time, in order.

    Attributes:
        name: As given.
    """

    def __init__(self, name: str, submit: Callable[[Stream, Any, float | None], Future[Any]]):
        self.name = name
        self.waiting: deque[Job] = deque()  # the pool's lock guards this and all below
        self.is_busy = False
        self.submitted = self.done = self.failed = self.dropped = 0
        self.times: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._submit = submit

    def submit(self, picture: Any, timeout: float | None = None) -> Future[Any]:
        """Hands a picture in.

        Args:
            picture: Whatever the pool's pipeline takes. It must not change until the result is
                there.
            timeout: Seconds that policy "block" waits for room; None waits as long as it takes.

        Returns:
            Gives the result, or what the pipeline raised; it is cancelled if the picture is
            dropped.

        Raises:
            BackendError: The pool is closed, or there was no room in time.
        """
        return self._submit(self, picture, timeout)

    def statistics(self) -> StreamStatistics:
        """Numbers so far."""
        times = np.array(self.times, np.float64).reshape(-1, 2) * 1e3
        if len(times) == 0:
            latency, waiting = (np.nan, np.nan, np.nan), np.nan
        else:
            low, high = np.percentile(times[:, 0], [50, 90])
            latency = float(low), float(high), float(times[:, 0].max())
            waiting = float(np.median(times[:, 1]))
        return StreamStatistics(
            self.submitted, self.done, self.failed, self.dropped, latency, waiting
        )
