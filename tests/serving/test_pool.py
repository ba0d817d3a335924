# SPDX-License-Identifier: Apache-2.0
"""Many streams, one pipeline."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import BLUE, GREEN, RED, picture, write_pose

from edgepose.errors import BackendError, EdgePoseError, InputError
from edgepose.pose import Pose
from edgepose.serving import PosePool, StreamStatistics

WAIT = 30  # seconds until a test that hangs fails


class Gate:
    """A pipeline that keeps what it was given and waits until it may go on."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.entered = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.under_way = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, picture: Any) -> Any:
        with self._lock:
            self.seen.append(picture)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        self.entered.release()
        assert self.go.acquire(timeout=WAIT)
        with self._lock:
            self.under_way -= 1
        return picture

    def open(self, count: int = 1000) -> None:
        self.go.release(count)


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_no_stream_and_no_picture(gate: Gate) -> None:
    with PosePool(gate) as pool:
        assert list(pool.streams) == []
        stream = pool.stream("idle")
    assert pool.streams == (stream,)
    found = stream.statistics()
    assert (found.submitted, found.done, found.failed, found.dropped) == (0, 0, 0, 0)
    assert np.isnan([*found.latency_ms, found.waiting_ms]).all()
    assert gate.seen == []


def test_streams_are_taken_in_turn(gate: Gate) -> None:
    pool = PosePool(gate, workers=1, depth=4)
    fast, slow, last = (pool.stream(name) for name in ("fast", "slow", "last"))
    fast.submit("fast 0")
    assert gate.entered.acquire(timeout=WAIT)
    futures = [fast.submit(f"fast {index}") for index in range(1, 5)]
    futures += [
        stream.submit(f"{stream.name} {index}") for index in (0, 1) for stream in (slow, last)
    ]
    gate.open()
    for future in futures:
        future.result(WAIT)
    pool.close()
    turns = ["fast 0", "slow 0", "last 0", "fast 1", "slow 1", "last 1", "fast 2", "fast 3"]
    assert gate.seen == [*turns, "fast 4"]


def test_full_stream_drops_its_oldest(gate: Gate) -> None:
    with PosePool(gate, depth=2) as pool:
        stream = pool.stream("a")
        first = stream.submit(0)
        assert gate.entered.acquire(timeout=WAIT)
        later = [stream.submit(index) for index in range(1, 6)]
        assert [future.cancelled() for future in later] == [True, True, True, False, False]
        gate.open()
        assert [future.result(WAIT) for future in (first, *later[3:])] == [0, 4, 5]
    assert gate.seen == [0, 4, 5]
    found = stream.statistics()
    assert (found.submitted, found.done, found.failed, found.dropped) == (6, 3, 0, 3)
    assert 0 <= found.waiting_ms <= found.latency_ms[0] <= found.latency_ms[1]
    assert found.latency_ms[1] <= found.latency_ms[2]


def test_full_stream_blocks(gate: Gate) -> None:
    with PosePool(gate, depth=1, policy="block") as pool:
        stream, other = pool.stream("a"), pool.stream("b")
        futures = [stream.submit(0)]
        assert gate.entered.acquire(timeout=WAIT)
        futures.append(stream.submit(1))
        with pytest.raises(BackendError, match=r"stream 'a' had no room in 0\.01 s"):
            stream.submit(2, timeout=0.01)
        futures.append(other.submit("b"))  # another stream has room of its own
        thread = threading.Thread(target=lambda: futures.append(stream.submit(3)))
        thread.start()
        gate.open()
        thread.join(WAIT)
        assert [future.result(WAIT) for future in futures] == [0, 1, "b", 3]
    assert stream.statistics().dropped == 0


def test_one_stream_keeps_its_order(gate: Gate) -> None:
    gate.open()
    with PosePool(gate, workers=4, depth=8, policy="block") as pool:
        streams = [pool.stream(str(index)) for index in range(3)]
        for count in range(50):
            for index, stream in enumerate(streams):
                stream.submit((index, count))
    order = defaultdict(list)
    for index, count in gate.seen:
        order[index].append(count)
    assert all(counts == list(range(50)) for counts in order.values())
    assert gate.most <= 3  # a picture of each stream at most


def test_workers_work_at_the_same_time(gate: Gate) -> None:
    with PosePool(gate, workers=2) as pool:
        for name in "abc":
            pool.stream(name).submit(name)
        assert gate.entered.acquire(timeout=WAIT)
        assert gate.entered.acquire(timeout=WAIT)
        gate.open()
    assert gate.most == 2
    assert sorted(gate.seen) == ["a", "b", "c"]


def test_errors_reach_their_own_future() -> None:
    def pose(value: int) -> int:
        if value % 2:
            raise EdgePoseError(f"odd {value}")
        return value

    with PosePool(pose, depth=4) as pool:
        stream = pool.stream("a")
        futures = [stream.submit(value) for value in range(4)]
        assert [futures[index].result(WAIT) for index in (0, 2)] == [0, 2]
        for index in (1, 3):
            with pytest.raises(EdgePoseError, match=f"odd {index}"):
                futures[index].result(WAIT)
    assert (stream.statistics().done, stream.statistics().failed) == (4, 2)


def test_picture_that_its_owner_cancels(gate: Gate) -> None:
    with PosePool(gate, depth=2) as pool:
        stream = pool.stream("a")
        stream.submit(0)
        assert gate.entered.acquire(timeout=WAIT)
        assert stream.submit(1).cancel()
        kept = stream.submit(2)
        gate.open()
        assert kept.result(WAIT) == 2
    assert gate.seen == [0, 2]
    assert stream.statistics().dropped == 1


@pytest.mark.parametrize("drain", [False, True], ids=["cancel", "drain"])
def test_close(gate: Gate, drain: bool) -> None:
    pool = PosePool(gate, depth=3)
    stream = pool.stream("a")
    futures = [stream.submit(index) for index in range(3)]
    assert gate.entered.acquire(timeout=WAIT)
    closing = threading.Thread(target=lambda: pool.close(drain=drain))
    closing.start()
    while True:  # until close() has the pool
        try:
            pool.stream("late")
        except BackendError:
            break
    gate.open()
    closing.join(WAIT)
    assert futures[0].result(WAIT) == 0
    assert [future.cancelled() for future in futures[1:]] == [not drain] * 2
    pool.close()
    for call in (lambda: stream.submit(9), lambda: pool.stream("b")):
        with pytest.raises(BackendError, match="the pool is closed"):
            call()


def test_close_wakes_who_waits(gate: Gate) -> None:
    pool = PosePool(gate, policy="block")
    stream = pool.stream("a")
    stream.submit(0)
    assert gate.entered.acquire(timeout=WAIT)
    stream.submit(1)
    errors: list[BackendError] = []

    def late() -> None:
        try:
            stream.submit(2)
        except BackendError as error:
            errors.append(error)

    thread = threading.Thread(target=late)
    thread.start()
    gate.open()
    pool.close()
    thread.join(WAIT)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be a whole number of at least 1; got 0"),
        ({"depth": 0}, "depth must be a whole number of at least 1; got 0"),
        ({"policy": "newest"}, "policy must be one of drop_oldest, block; got 'newest'"),
    ],
    ids=["workers", "depth", "policy"],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        PosePool(lambda picture: picture, **options)
    assert message in str(caught.value)


def test_sixteen_cameras_share_a_model(tmp_path: Path) -> None:
    dots: Callable[[int], Any] = lambda shift: picture(  # noqa: E731
        (32, 48), [(8 + shift, 4, RED), (16, 20, GREEN), (24, 40, BLUE)]
    )
    with Pose(write_pose(tmp_path / "p.onnx"), None, threads=1) as pose:
        images = [dots(4 * (index % 4)) for index in range(16)]
        alone = [pose(image).keypoints.xy for image in images]
        with PosePool(pose, workers=2, depth=2, policy="block") as pool:
            streams = [pool.stream(f"camera {index}") for index in range(16)]
            futures = [
                (index, stream.submit(images[index]))
                for _ in range(5)
                for index, stream in enumerate(streams)
            ]
            for index, future in futures:
                np.testing.assert_array_equal(future.result(WAIT).keypoints.xy, alone[index])
    for stream in streams:
        found = stream.statistics()
        assert isinstance(found, StreamStatistics)
        assert (found.done, found.dropped) == (5, 0)
