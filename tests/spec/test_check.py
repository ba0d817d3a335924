# SPDX-License-Identifier: Apache-2.0
"""Checks of single fields: what passes, and what the message says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from edgepose.errors import SpecError
from edgepose.spec import check

TEXT = "must be a string of 1..10000 characters; got "


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param("", TEXT + "''", id="empty"),
        pytest.param(None, TEXT + "null", id="null"),
        pytest.param(b"a", TEXT + "b'a'", id="bytes"),
        pytest.param(["a"], TEXT + "a list", id="list"),
        pytest.param(True, TEXT + "true", id="boolean"),
        pytest.param("x" * 10_001, TEXT + "'xxx", id="long"),
        pytest.param("\ud800", r"must be valid Unicode; got '\ud800'", id="half a pair"),
        pytest.param("a\0b", r"must be without zero characters; got 'a\x00b'", id="zero"),
    ],
)
def test_text_refuses(value: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        check.text("name", value)
    assert str(caught.value).startswith(f"name {message}")
    assert len(str(caught.value)) < 140


@pytest.mark.parametrize("value", ["a", " ", "膝", "x" * 10_000], ids=["a", "blank", "cjk", "max"])
def test_text_passes(value: str) -> None:
    assert check.text("name", value) == value


@pytest.mark.parametrize(
    "value", ["", "c", None, 0, ["a"], {}], ids=["empty", "other", "null", "number", "list", "map"]
)
def test_choice_refuses(value: Any) -> None:
    with pytest.raises(SpecError, match=r"^task must be one of 'a', 'b'; got "):
        check.choice("task", value, ("a", "b"))
    assert check.choice("task", "b", ("a", "b")) == "b"


@pytest.mark.parametrize(
    ("value", "got"),
    [
        pytest.param(0, "0", id="below"),
        pytest.param(10, "10", id="above"),
        pytest.param(True, "true", id="boolean"),
        pytest.param(2.0, "2.0", id="fraction"),
        pytest.param("2", "'2'", id="string"),
        pytest.param(None, "null", id="null"),
        pytest.param(10**5000, "a number of 16610 bits", id="unprintable"),
        pytest.param({}, "an object", id="object"),
    ],
)
def test_integer_refuses(value: Any, got: str) -> None:
    with pytest.raises(SpecError) as caught:
        check.integer("input.width", value, 1, 9)
    assert str(caught.value) == f"input.width must be a whole number 1..9; got {got}"


def test_integer_takes_both_ends() -> None:
    assert [check.integer("n", value, 1, 9) for value in (1, 9)] == [1, 9]


@pytest.mark.parametrize(
    "value",
    [-0.1, 1.1, math.nan, math.inf, -math.inf, True, "0.5", None, [0.5], 10**400],
    ids=["low", "high", "nan", "inf", "-inf", "bool", "text", "null", "list", "huge"],
)
def test_number_refuses(value: Any) -> None:
    with pytest.raises(SpecError, match=r"^x must be a number 0\.\.1; got "):
        check.number("x", value, 0, 1)


@pytest.mark.parametrize("value", [1e-60, 1.1754943e-38, -1e-45, 5e-324])
def test_number_refuses_what_float32_does_not_hold(value: float) -> None:
    with pytest.raises(SpecError) as caught:
        check.number("x", value, -1, 1, above=True)
    wanted = "no nearer to 0 than 1.17549e-38, the least of float32"
    assert str(caught.value) == f"x must be {wanted}; got {value!r}"


def test_number_takes_the_least_of_float32() -> None:
    assert np.finfo(np.float32).tiny == check.LEAST_SIZE
    for value in (check.LEAST_SIZE, -check.LEAST_SIZE):
        assert check.number("x", value, -1, 1) == np.float32(value) == value


def test_number_is_a_float_and_knows_no_negative_zero() -> None:
    assert type(check.number("x", 1, 0, 1)) is float
    assert math.copysign(1, check.number("x", -0.0, 0, 1)) == 1
    with pytest.raises(SpecError, match=r"^x must be a number above 0 and at most 1; got 0$"):
        check.number("x", 0, 0, 1, above=True)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param([], "a list of 2..3 items; got 0 items", id="empty"),
        pytest.param([1] * 4, "a list of 2..3 items; got 4 items", id="long"),
        pytest.param("ab", "a list of 2..3 items; got 'ab'", id="string"),
        pytest.param({1: 2, 3: 4}, "a list of 2..3 items; got an object", id="object"),
    ],
)
def test_items_refuses(value: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        check.items("x", value, 2, 3)
    assert str(caught.value) == f"x must be {message}"


def test_numbers_names_the_item() -> None:
    given = [1, 2.5]
    assert check.numbers("x", given, (2, 2), 0, 3) == (1.0, 2.5)
    assert given == [1, 2.5]
    with pytest.raises(SpecError, match=r"^x\[1\] must be a number 0\.\.2; got 2\.5$"):
        check.numbers("x", given, (2, 2), 0, 2)
    with pytest.raises(SpecError, match=r"^x must be a list of 3 items; got 2 items$"):
        check.numbers("x", given, (3, 3), 0, 2)


def test_different() -> None:
    assert check.different("x", ()) == ()
    assert check.different("x", ("a", "b")) == ("a", "b")
    with pytest.raises(SpecError, match=r"^x must differ; got 'a' twice$"):
        check.different("x", ("a", "b", "a"))


def test_shown_is_short() -> None:
    assert check.shown("x" * 10_000) == "'" + "x" * 56 + "..."
    assert check.shown([1] * 1000) == "a list"
    assert check.shown(()) == "a list"
    assert check.shown(False) == "false"
