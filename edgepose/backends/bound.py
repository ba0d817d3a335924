# SPDX-License-Identifier: Apache-2.0
"""Asynchronous runs for runtimes that only know blocking ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future

from edgepose.errors import BackendError


class ThreadedBound:
    """A blocking run that a thread of an executor can do; see `edgepose.backends.base.Bound`.

    Args:
        run: Runs the model once on arrays of its own.
        executor: Gives the executor; asked at the first `submit`.
    """

    def __init__(self, run: Callable[[], None], executor: Callable[[], Executor]) -> None:
        self._run = run
        self._executor = executor
        self._under_way: Future[None] | None = None

    def __call__(self) -> None:
        """Runs the model once."""
        if self._under_way is not None:
            raise BackendError("a run is under way; wait() for it first")
        self._run()

    def submit(self) -> None:
        """Starts a run and returns at once."""
        if self._under_way is not None:
            raise BackendError("a run is under way; wait() for it first")
        self._under_way = self._executor().submit(self._run)

    def wait(self) -> None:
        """Waits for the run that `submit` started."""
        started, self._under_way = self._under_way, None
        if started is None:
            raise BackendError("no run is under way; submit() one first")
        started.result()
