# SPDX-License-Identifier: Apache-2.0
"""Shared parts of the immutable types."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.types.frozen import finite, image_size, keypoint_names, read_only


@pytest.mark.parametrize(
    ("values", "shape", "message"),
    [
        pytest.param([], (1,), "x must have shape (1); got (0,)", id="empty"),
        pytest.param(None, (1,), "x must be numbers; got NoneType", id="none"),
        pytest.param("1.5", (), "x must be numbers; got str", id="string"),
        pytest.param(["1", "2"], (2,), "x must be numbers; got list", id="strings"),
        pytest.param([True], (1,), "x must be numbers; got list", id="booleans"),
        pytest.param([1j], (1,), "x must be numbers; got list", id="complex"),
        pytest.param([[1], [1, 2]], (2, 2), "x must be numbers; got list", id="ragged"),
        pytest.param([10**400], (1,), "x must be numbers; got list", id="no float"),
        pytest.param([1, 2], (None, 2), "x must have shape (any, 2); got (2,)", id="rank"),
        pytest.param([math.nan], (1,), "x must be finite; got NaN or infinity", id="nan"),
        pytest.param([math.inf], (1,), "x must be finite; got NaN or infinity", id="inf"),
        pytest.param(np.array([1e300]), (1,), "x must be finite; got NaN", id="beyond float32"),
    ],
)
def test_read_only_refuses(values: Any, shape: tuple[int | None, ...], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_only(values, shape, "x")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        pytest.param([], (0,), id="empty list"),
        pytest.param(np.zeros((0, 4), np.uint8), (None, 4), id="empty array"),
        pytest.param([[1, 2.5]], (None, 2), id="list"),
        pytest.param(np.arange(8.0)[::2], (4,), id="strided"),
        pytest.param(np.asfortranarray(np.ones((2, 3), np.float16)), (2, 3), id="columns first"),
    ],
)
def test_read_only_copies(values: Any, shape: tuple[int | None, ...]) -> None:
    found = read_only(values, shape, "x")
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, np.asarray(values, np.float32))
    with pytest.raises(ValueError, match="read-only"):
        found[...] = 0
    if isinstance(values, np.ndarray):
        assert values.flags.writeable
        assert not np.shares_memory(values, found)


@pytest.mark.parametrize("value", ["x", None, [], 10**400, math.nan, math.inf], ids=repr)
def test_finite_refuses(value: Any) -> None:
    with pytest.raises(InputError, match=r"^x must be (a number|finite); got "):
        finite(value, "x")
    assert type(finite(np.float32(1), "x")) is float


@pytest.mark.parametrize(
    "value",
    [(), (1,), (1, 2, 3), (0, 1), (1, -1), (1.5, 2), ("1", "2"), "12", None, 5, (math.nan, 1)],
    ids=repr,
)
def test_image_size_refuses(value: Any) -> None:
    with pytest.raises(InputError, match=r"^image_wh must be two positive whole numbers; got "):
        image_size(value)


def test_image_size_takes_whole_numbers_of_any_type() -> None:
    size: Any = np.array([3, 4])
    assert image_size(size) == image_size((3.0, 4.0)) == (3, 4)  # type: ignore[arg-type]
    assert all(type(side) is int for side in image_size(size))


@pytest.mark.parametrize("value", [(), None, 3, "nose", b"nose", ("a", ""), ("a", 1)], ids=repr)
def test_keypoint_names_refuses(value: Any) -> None:
    with pytest.raises(InputError, match=r"^names must be one or more non-empty strings; got "):
        keypoint_names(value)
    assert keypoint_names(["a", "b"]) == ("a", "b")
