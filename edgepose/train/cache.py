# SPDX-License-Identifier: Apache-2.0
"""Which shards feed a run, and the name of the cache that is built from them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from edgepose.errors import InputError
from edgepose.train.config import TrainConfig


def expand_globs(config: TrainConfig) -> list[list[Path]]:
    """The shards of each source.

    Raises:
        InputError: A source has no shard.
    """
    result = []
    for source in config.sources:
        try:
            paths = sorted(config.folder.glob(source.shards))
        except (NotImplementedError, ValueError) as error:
            raise InputError(f"source.shards: {source.shards!r}: {error}") from error
        if not paths:
            raise InputError(f"no shard matches {source.shards!r} in {config.folder}")
        result.append(paths)
    return result


def cache_stem(config: TrainConfig, cache: Path, kind: str, *parts: object) -> Path:
    """Path without suffix of a cache, named by what goes into it; its folder is made.

    Raises:
        InputError: A source has no shard, or the folder cannot be made.
    """
    shards = [(path.name, path.stat().st_size) for row in expand_globs(config) for path in row]
    text = json.dumps([shards, *[str(part) for part in parts]])
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the cache folder {cache}: {error.strerror}") from error
    return cache / f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
