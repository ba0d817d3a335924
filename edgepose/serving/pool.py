# SPDX-License-Identifier: Apache-2.0
"""Many cameras, one set of networks: bounded queues, taken in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread
from time import perf_counter
from types import TracebackType
from typing import Any

from edgepose.backends.checks import choice, whole
from edgepose.errors import BackendError
from edgepose.serving.stream import Job, Stream

POLICIES = ("drop_oldest", "block")


class PosePool:
    """Threads that share one pipeline between streams of pictures.

    Streams are taken in turn, one picture each, so that a fast camera cannot starve a slow one.
    A stream has at most one picture under way: its results come in its own order. No more than
    streams x `depth` + `workers` pictures are held.

    Args:
        pose: `edgepose.Pose`, or anything that may be called from several threads. Give `Pose`
            threads=1 where `workers` are as many as there are cores.
        workers: Pictures worked on at the same time.
        depth: Pictures of one stream that may wait.
        policy: What a full stream does: "drop_oldest" throws the picture that waits longest away,
            for what is live; "block" lets `submit` wait, for what must not be lost.

    Raises:
        InputError: A bad argument.

    Example:
        >>> with PosePool(Pose(threads=1), workers=2) as pool:  # doctest: +SKIP
        ...     door = pool.stream("door")
        ...     result = door.submit(frame).result()
    """

    def __init__(
        self,
        pose: Callable[[Any], Any],
        *,
        workers: int = 1,
        depth: int = 1,
        policy: str = "drop_oldest",
    ) -> None:
        whole("workers", workers)
        whole("depth", depth)
        choice("policy", policy, POLICIES)
        self._pose = pose
        self._depth = depth
        self._policy = policy
        self._changed = Condition()
        self._ready: deque[Stream] = deque()  # streams whose turn will come, each at most once
        self._streams: list[Stream] = []
        self._is_closed = False
        self._threads = [
            Thread(target=self._work, name=f"edgepose-pool-{index}", daemon=True)
            for index in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def stream(self, name: str) -> Stream:
        """Adds a camera.

        Raises:
            BackendError: The pool is closed.
        """
        with self._changed:
            self._check_open()
            made = Stream(name, self._submit)
            self._streams.append(made)
            return made

    @property
    def streams(self) -> tuple[Stream, ...]:
        """All cameras, in the order they were added."""
        with self._changed:
            return tuple(self._streams)

    def close(self, *, drain: bool = False) -> None:
        """Ends the threads; closing twice is harmless. The pipeline stays open.

        Args:
            drain: Work on what waits first; else it is cancelled. What is under way is finished
                in both cases.
        """
        with self._changed:
            self._is_closed = True
            if not drain:
                self._ready.clear()
                for stream in self._streams:
                    while stream.waiting:
                        stream.waiting.popleft().future.cancel()
                        stream.dropped += 1
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> PosePool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(drain=error is None)

    def _submit(self, stream: Stream, picture: Any, timeout: float | None) -> Future[Any]:
        job = Job(picture, Future())
        with self._changed:
            self._check_open()
            if self._policy == "block":
                has_room = self._changed.wait_for(
                    lambda: self._is_closed or len(stream.waiting) < self._depth, timeout
                )
                self._check_open()
                if not has_room:
                    raise BackendError(f"stream {stream.name!r} had no room in {timeout:g} s")
            elif len(stream.waiting) >= self._depth:
                stream.waiting.popleft().future.cancel()
                stream.dropped += 1
            stream.submitted += 1
            stream.waiting.append(job)
            if not stream.is_busy and len(stream.waiting) == 1 and stream not in self._ready:
                self._ready.append(stream)
            self._changed.notify_all()
        return job.future

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._may_go_on)
                if not self._ready:
                    return
                stream = self._ready.popleft()
                job = stream.waiting.popleft()
                stream.is_busy = True
                self._changed.notify_all()  # there is room
            self._do(stream, job)

    def _may_go_on(self) -> bool:
        """Something to do, or nothing any more."""
        idle = not any(stream.is_busy for stream in self._streams)
        return bool(self._ready) or (self._is_closed and idle)

    def _do(self, stream: Stream, job: Job) -> None:
        job.begun = perf_counter()
        result, failure = None, None
        wanted = job.future.set_running_or_notify_cancel()  # the caller may have cancelled it
        if wanted:
            try:
                result = self._pose(job.picture)
            except BaseException as error:
                failure = error
        end = perf_counter()
        with self._changed:
            stream.is_busy = False
            if wanted:
                stream.done += 1
                stream.failed += failure is not None
                stream.times.append((end - job.submitted, job.begun - job.submitted))
            else:
                stream.dropped += 1
            if stream.waiting:
                self._ready.append(stream)
            self._changed.notify_all()
        if failure is not None:
            job.future.set_exception(failure)
        elif wanted:
            job.future.set_result(result)

    def _check_open(self) -> None:
        if self._is_closed:
            raise BackendError("the pool is closed")
