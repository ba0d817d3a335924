# SPDX-License-Identifier: Apache-2.0
"""Pictures one after the other, the next already under way while one is read or decoded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from edgepose.backends.checks import whole

Picture = TypeVar("Picture")
Answer = TypeVar("Answer")


def pipelined(
    pose: Callable[[Picture], Answer],
    pictures: Iterable[Picture],
    *,
    workers: int = 2,
    ahead: int = 1,
) -> Iterator[Answer]:
    """Results in the order of the pictures.

    While one picture is in the network, another is read, cut or decoded: the core and the runtimes
    let other threads run. Give `Pose` threads=1 where `workers` are as many as there are cores.

    Args:
        pose: `edgepose.Pose`, or anything that may be called from several threads.
        pictures: Whatever `pose` takes; read as far ahead as needed and no further.
        workers: Pictures under way at the same time.
        ahead: Pictures more that may wait or be done and not yet asked for; bounds the memory.

    Yields:
        What `pose` gives for each picture.

    Raises:
        InputError: `workers` below 1 or `ahead` below 0.
        EdgePoseError: What `pose` raises for a picture, when its turn comes; the rest is dropped.

    Example:
        >>> for result in pipelined(pose, frames):  # doctest: +SKIP
        ...     print(len(result))
    """
    whole("workers", workers)
    whole("ahead", ahead, 0)
    return _run(pose, pictures, workers, workers + ahead)


def _run(
    pose: Callable[[Picture], Answer], pictures: Iterable[Picture], workers: int, window: int
) -> Iterator[Answer]:
    under_way: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(workers, "edgepose-pipelined") as executor:
        try:
            for picture in pictures:
                under_way.append(executor.submit(pose, picture))
                if len(under_way) >= window:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
