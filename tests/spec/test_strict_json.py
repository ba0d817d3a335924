# SPDX-License-Identifier: Apache-2.0
"""The bounded JSON reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgepose.errors import SpecError
from edgepose.spec.strict_json import MAX_BYTES, MAX_DEPTH, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "must be JSON: Expecting value", id="empty"),
        pytest.param(b"", "must be JSON: Expecting value", id="empty bytes"),
        pytest.param(None, "must be JSON text; got NoneType", id="no text"),
        pytest.param("{", "must be JSON: ", id="cut"),
        pytest.param("{'a': 1}", "must be JSON: ", id="python"),
        pytest.param('{"a": 1,}', "must be JSON: ", id="comma"),
        pytest.param('{"a": 1} x', "must be JSON: Extra data", id="more"),
        pytest.param("// c\n{}", "must be JSON: ", id="comment"),
        pytest.param(b"\xef\xbb\xbf{}", "must be JSON: Unexpected UTF-8 BOM", id="byte order mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "must be UTF-8 text; got ", id="utf-16"),
        pytest.param(b'{"a": "\xff"}', "must be UTF-8 text; got invalid start byte", id="latin"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', "must be UTF-8 text; got ", id="raw half a pair"),
        pytest.param('{"a": "\n"}', "must be JSON: Invalid control character", id="raw newline"),
        pytest.param('{"a": NaN}', "must have finite numbers; got NaN", id="nan"),
        pytest.param('{"a": -Infinity}', "must have finite numbers; got -Infinity", id="infinity"),
        pytest.param('{"a": 1e999}', "must have finite numbers; got 1e999", id="too large"),
        pytest.param("[1e-400]", "must have numbers that float64 holds; got 1e-400", id="small"),
        pytest.param('{"a": -0.02E-999}', "must have numbers that float64 holds; got", id="-small"),
        pytest.param("1" * 31, "must have smaller numbers; got 31 digits", id="31 digits"),
        pytest.param("9" * 999_999, "must have smaller numbers; got 999999 digits", id="digits"),
        pytest.param('{"a": 1, "a": 1}', "must not have a key twice; got 'a' twice", id="twice"),
        pytest.param('{"b": {"a": 1, "\\u0061": 2}}', "must not have a key twice", id="escaped"),
        pytest.param("[" * 17 + "]" * 17, "must not nest deeper than 16", id="deep"),
        pytest.param('{"a":' * 150_000, "must not nest deeper than 16", id="very deep"),
        pytest.param('["\\"", ' + "[" * 16, "must not nest deeper than 16", id="after a quote"),
        pytest.param(" " * (MAX_BYTES + 1), "must be at most 1048576 bytes; got ", id="long"),
    ],
)
def test_refuses(text: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"a contract {message}")
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(b"{}", {}, id="empty object"),
        pytest.param(" [1, -2.5e3, true, null] ", [1, -2500.0, True, None], id="values"),
        pytest.param("[" * MAX_DEPTH + "]" * MAX_DEPTH, None, id="deepest"),
        pytest.param('"' + "[" * 99 + '\\"{"', "[" * 99 + '"{', id="brackets in a string"),
        pytest.param('["\\\\", "["]', ["\\", "["], id="backslash before a quote"),
        pytest.param('"膝"'.encode(), "膝", id="utf-8"),
        pytest.param("1" * 30, int("1" * 30), id="30 digits"),
        pytest.param("[0e-400, -0.0E9, 5e-324]", [0, 0, 5e-324], id="least"),
        pytest.param("0." + "1" * 100_000, 1 / 9, id="long fraction"),
        pytest.param(" " * (MAX_BYTES - 2) + "{}", {}, id="longest"),
    ],
)
def test_reads(text: str | bytes, value: Any) -> None:
    found = parse(text)
    if value is not None:
        assert found == value


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**29), 10**29)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(value=VALUES, ascii_only=st.booleans())
def test_reads_what_json_writes(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    if _depth(value) <= MAX_DEPTH:
        assert parse(text) == parse(text.encode()) == value
    else:
        with pytest.raises(SpecError, match="nest"):
            parse(text)


def _depth(value: Any) -> int:
    if not isinstance(value, (dict, list)):
        return 0
    items = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, items), default=0)
