# SPDX-License-Identifier: Apache-2.0
"""JSON from files that are not trusted: bounded, and without anything that is guessed."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from edgepose.errors import SpecError

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_DIGITS = 30


def parse(text: str | bytes) -> Any:
    """Parses one JSON document.

    Args:
        text: The document; bytes are UTF-8.

    Returns:
        Dictionaries, lists, strings, finite numbers, booleans and None.

    Raises:
        SpecError: Longer than 1 MiB, nested deeper than 16, not UTF-8 or not JSON, a key twice in
            an object, NaN, Infinity or a number that is infinite or, wrongly, 0 as float64.
    """
    if not isinstance(text, (str, bytes)):
        raise SpecError(f"a contract must be JSON text; got {type(text).__name__}")
    if len(text) > MAX_BYTES:
        raise SpecError(f"a contract must be at most {MAX_BYTES} bytes; got {len(text)}")
    try:
        document = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise SpecError(f"a contract must be UTF-8 text; got {error.reason}") from error
    _check_depth(document)
    try:
        return json.loads(
            document,
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        raise SpecError(f"a contract must be JSON: {error}") from error


def _check_depth(document: str) -> None:
    """The parser recurses, so the depth is looked at before."""
    depth, quoted, escaped = 0, False, False
    for char in document:
        if quoted:
            quoted = escaped or char != '"'
            escaped = not escaped and char == "\\"
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise SpecError(f"a contract must not nest deeper than {MAX_DEPTH}")
        elif char in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise SpecError(f"a contract must not have a key twice; got {ascii(key)[:60]} twice")
        found[key] = value
    return found


def _refuse(name: str) -> Any:
    raise SpecError(f"a contract must have finite numbers; got {name}")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise SpecError(f"a contract must have finite numbers; got {digits[:40]}")
    if value == 0 and re.match("-?[0.]*[1-9]", digits):
        raise SpecError(f"a contract must have numbers that float64 holds; got {digits[:40]}")
    return value


def _int(digits: str) -> int:
    count = len(digits.lstrip("-"))
    if count > MAX_DIGITS:
        raise SpecError(f"a contract must have smaller numbers; got {count} digits")
    return int(digits)
