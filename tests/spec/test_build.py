# SPDX-License-Identifier: Apache-2.0
"""Objects to dataclasses and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from edgepose.errors import SpecError
from edgepose.spec.build import build, keys, mapping, plain


@dataclass(frozen=True)
class Part:
    need: int
    pairs: tuple[tuple[int, int], ...]
    extra: float | None = None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param({}, "part.need is missing", id="empty"),
        pytest.param({"need": 1}, "part.pairs is missing", id="missing"),
        pytest.param([], "part must be an object; got a list", id="list"),
        pytest.param(None, "part must be an object; got null", id="null"),
        pytest.param({1: 2}, "part must have strings as keys; got 1", id="key"),
        pytest.param({"need": None, "pairs": []}, "part.need must not be null", id="null need"),
        pytest.param(
            {"need": 1, "pairs": [], "extra": None},
            "part.extra must not be null; leave it out",
            id="null extra",
        ),
        pytest.param(
            {"need": 1, "pairs": [], "Need": 2},
            "part.Need is unknown; known here: need, pairs, extra",
            id="unknown",
        ),
        pytest.param(
            {"need": 1, "pairs": [], "self": 2},
            "part.self is unknown; known here: need, pairs, extra",
            id="a word of Python",
        ),
    ],
)
def test_build_refuses(value: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        build(Part, "part", value)
    assert str(caught.value) == message


def test_build_and_plain_are_inverse() -> None:
    whole = Part(1, ((1, 2), (3, 4)), 0.5)
    assert plain(whole) == {"need": 1, "pairs": [[1, 2], [3, 4]], "extra": 0.5}
    assert plain(Part(1, ())) == {"need": 1, "pairs": []}
    assert build(Part, "part", {"need": 1, "pairs": ((1, 2),), "extra": 2}).extra == 2


def test_keys_at_the_root_have_no_dot() -> None:
    with pytest.raises(SpecError, match=r"^name is missing$"):
        keys("", {}, ("name",), ())
    assert mapping("x", {"a": 1}) == {"a": 1}
