# SPDX-License-Identifier: Apache-2.0
"""Checked access to the entries of COCO JSON files; every message names file and entry."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError


def load_json(file: Path) -> Any:
    """Parses a JSON file.

    Raises:
        AnnotationError: The file is absent, not text or not JSON.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnnotationError(f"{file}: cannot read: {error.strerror or error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise AnnotationError(f"{file}: not valid JSON: {error}") from error


def entries_of(file: Path, value: Any, name: str) -> list[Entry]:
    """A list of objects as entries.

    Raises:
        AnnotationError: It is not a list of objects.
    """
    if not isinstance(value, list):
        raise AnnotationError(f"{file}: {name} must be a list; got {_kind(value)}")
    for index, data in enumerate(value):
        if not isinstance(data, dict):
            raise AnnotationError(f"{file}: {name}[{index}]: must be an object; got {_kind(data)}")
    return [Entry(file, f"{name}[{index}]", data) for index, data in enumerate(value)]


def section(file: Path, root: Any, name: str) -> list[Entry]:
    """One named list of a COCO file.

    Raises:
        AnnotationError: The file's top level is not an object, or the list is absent.
    """
    if not isinstance(root, dict):
        raise AnnotationError(f"{file}: must be an object; got {_kind(root)}")
    if name not in root:
        raise AnnotationError(f"{file}: {name} is missing")
    return entries_of(file, root[name], name)


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else kinds.get(type(value), "a number")


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a list, with where it stands. Every getter raises AnnotationError."""

    file: Path
    place: str
    data: dict[str, Any]

    def error(self, message: str) -> AnnotationError:
        """An error that names file and entry."""
        identity = self.data.get("id")
        which = f" (id {identity})" if isinstance(identity, int) else ""
        return AnnotationError(f"{self.file}: {self.place}{which}: {message}")

    def get(self, key: str, default: Any = None) -> Any:
        """The raw value."""
        return self.data.get(key, default)

    def require(self, key: str) -> Any:
        """The raw value of a key that must be there."""
        if key not in self.data:
            raise self.error(f"{key} is missing")
        return self.data[key]

    def integer(self, key: str) -> int:
        """A whole number; 3.0 counts as one."""
        value = self.require(key)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if type(value) is not int:
            raise self.error(f"{key} must be a whole number; got {value!r:.60}")
        return value

    def size(self, key: str) -> int | None:
        """A positive whole number, None where the key is absent or null."""
        if self.data.get(key) is None:
            return None
        value = self.integer(key)
        if value < 1:
            raise self.error(f"{key} must be positive; got {value}")
        return value

    def string(self, key: str) -> str:
        """A string with something in it."""
        value = self.require(key)
        if not isinstance(value, str) or not value:
            raise self.error(f"{key} must be a string; got {value!r:.60}")
        return value

    def strings(self, key: str) -> list[str]:
        """A list of strings."""
        value = self.require(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} must be a list of strings; got {value!r:.60}")
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = self.require(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{key} must be a number; got {value!r:.60}")
        if not math.isfinite(value):
            raise self.error(f"{key} must be finite; got {value}")
        return float(value)

    def numbers(self, key: str, count: int) -> NDArray[np.float64]:
        """`count` finite numbers."""
        value = self.require(key)
        if not isinstance(value, list):
            raise self.error(f"{key} must be a list of {count} numbers; got {_kind(value)}")
        if len(value) != count:
            raise self.error(f"{key} must hold {count} numbers; got {len(value)}")
        if any(type(item) not in (int, float) for item in value):
            raise self.error(f"{key} must hold numbers only")
        array = np.array(value, dtype=np.float64)
        if not np.isfinite(array).all():
            raise self.error(f"{key} must be finite; got NaN or infinity")
        return array

    def box(self, key: str = "bbox") -> NDArray[np.float64]:
        """COCO's [x, y, width, height] as xyxy [4] in pixels."""
        x, y, width, height = self.numbers(key, 4)
        if width < 0 or height < 0:
            raise self.error(f"{key} must not have a negative size; got {width} x {height}")
        return np.array([x, y, x + width, y + height])
