# SPDX-License-Identifier: Apache-2.0
"""Reads the training configuration from a TOML file, checking the type of every field."""

from __future__ import annotations

import dataclasses
import math
import sys
from pathlib import Path
from typing import Any, TypeVar

from edgepose.errors import InputError, MissingDependencyError
from edgepose.train.checks import require
from edgepose.train.config import Phase, Source, TrainConfig
from edgepose.train.qat_config import Qat

Part = TypeVar("Part")


def read_config(path: Path, data: Path) -> TrainConfig:
    """Reads and checks a TOML file.

    Args:
        path: The file.
        data: The folder that holds its shards.

    Raises:
        InputError: The file is not TOML, or a field is missing, unknown, of another type or out
            of range; the message names it.
    """
    raw = _load(path)
    try:
        parts: dict[str, Any] = {}
        if "qat" in raw:
            parts["qat"] = _build(Qat, raw.pop("qat"), "qat.")
        for key, kind in (("source", Source), ("phase", Phase)):
            rows = raw.pop(key, [])
            if not isinstance(rows, list):
                raise InputError(f"{key} must be a table [[{key}]]; got {rows!r}")
            parts[f"{key}s"] = tuple(_build(kind, row, f"{key}.") for row in rows)
        for name in TrainConfig.nested:
            if name in raw:
                raise InputError(f"unknown field {name!r}")
        config: TrainConfig = _build(TrainConfig, {**raw, **parts, "folder": data.resolve()}, "")
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return config


_CHECKS: dict[str, tuple[str, Any]] = {
    "int": ("a whole number", lambda value: type(value) is int),
    "float": (
        "a finite number",
        lambda value: type(value) in (int, float) and math.isfinite(value),
    ),
    "bool": ("true or false", lambda value: type(value) is bool),
    "str": ("text", lambda value: type(value) is str),
    "tuple[str, ...]": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(type(item) is str for item in value),
    ),
}


def _build(kind: type[Part], row: Any, prefix: str) -> Part:
    """One dataclass from a TOML table."""
    if not isinstance(row, dict):
        raise InputError(f"{prefix.rstrip('.')} must be a table; got {row!r}")
    fields = {item.name: item for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(row) - set(fields))
    if unknown:
        raise InputError(f"unknown field {prefix}{unknown[0]}; expected some of {sorted(fields)}")
    values = {}
    for name, item in fields.items():
        if name not in row:
            missing = item.default is dataclasses.MISSING
            if missing and item.default_factory is dataclasses.MISSING:
                raise InputError(f"{prefix}{name} is missing")
            continue
        expected, good = _CHECKS.get(str(item.type), ("", lambda _: True))
        require(good(row[name]), f"{prefix}{name}", expected, row[name])
        values[name] = tuple(row[name]) if isinstance(row[name], list) else row[name]
    part = kind(**values)
    part.check()  # type: ignore[attr-defined]
    return part


def _load(path: Path) -> dict[str, Any]:
    """The document, by Python's own parser or by `tomli` before Python 3.11.

    Raises:
        InputError: The file cannot be read or is not TOML.
        MissingDependencyError: Python 3.10 without `tomli`.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            import tomli as tomllib
        except ImportError as error:
            raise MissingDependencyError(
                "Python 3.10 reads TOML with the package tomli; install edgepose[train]"
            ) from error
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the training configuration {path}: {error}") from error
    return document
