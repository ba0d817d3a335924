# SPDX-License-Identifier: Apache-2.0
"""Pictures in order, several under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from edgepose.errors import EdgePoseError, InputError
from edgepose.serving import pipelined


@pytest.mark.parametrize("count", [0, 1, 2, 7])
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("ahead", [0, 4])
def test_order(count: int, workers: int, ahead: int) -> None:
    found = pipelined(lambda x: x * x, range(count), workers=workers, ahead=ahead)
    assert list(found) == [x * x for x in range(count)]


def test_two_are_under_way() -> None:
    meeting = threading.Barrier(2, timeout=30)
    assert list(pipelined(lambda x: (meeting.wait(), x)[1], range(6))) == list(range(6))


def test_no_picture_is_read_before_it_is_needed() -> None:
    read: list[int] = []

    def pictures() -> Iterator[int]:
        for index in range(100):
            read.append(index)
            yield index

    found = pipelined(lambda x: x, pictures(), workers=2, ahead=1)
    assert read == []
    assert next(found) == 0
    assert len(read) == 3
    assert next(found) == 1
    assert len(read) == 4


def test_error_comes_in_its_turn() -> None:
    def pose(value: int) -> int:
        if value == 2:
            raise EdgePoseError("bad picture")
        return value

    found = pipelined(pose, range(9))
    assert [next(found), next(found)] == [0, 1]
    with pytest.raises(EdgePoseError, match="bad picture"):
        next(found)
    assert list(found) == []


def test_may_be_left_early() -> None:
    found = pipelined(lambda x: x, range(1000))
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert not any(t.name.startswith("edgepose-pipelined") for t in threading.enumerate())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be a whole number of at least 1"),
        ({"ahead": -1}, "ahead must be a whole number of at least 0"),
    ],
    ids=["workers", "ahead"],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        pipelined(lambda x: x, [], **options)
