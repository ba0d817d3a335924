# SPDX-License-Identifier: Apache-2.0
"""Random damage, the same in every run: a contract or a typed error, never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reference.contract import DOCUMENTS

from edgepose.errors import EdgePoseError, ModelError, SpecError
from edgepose.spec import SPEC_KEY, Spec, read_spec, write_spec

TOKENS = (b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"NaN", b"1e999", b"-0", b"\\u")
VARINTS = (
    b"\x00",
    b"\x7f",
    b"\x80",
    b"\xff",
    b"\xff" * 9 + b"\x01",
    b"\x80" * 11,
    b"\x72",
    b"\x3a",
)


def _mutant(content: bytes, random_: random.Random, pieces: tuple[bytes, ...]) -> bytes:
    """The content after one to four random edits."""
    mutant = bytearray(content)
    for _ in range(random_.randint(1, 4)):
        place = random_.randrange(len(mutant) + 1)
        kind = random_.randrange(6)
        if kind == 0 and place < len(mutant):
            mutant[place] ^= 1 << random_.randrange(8)
        elif kind == 1 and place < len(mutant):
            mutant[place] = random_.randrange(256)
        elif kind == 2:
            mutant[place:place] = random_.choice(pieces)
        elif kind == 3:
            del mutant[place : place + random_.randint(1, 16)]
        elif kind == 4:
            other = random_.randrange(len(mutant) + 1)
            mutant[place:place] = mutant[other : other + random_.randint(1, 64)]
        elif random_.random() < 0.2:
            del mutant[place:]
    return bytes(mutant)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_json(name: str) -> None:
    random_ = random.Random(f"json {name}")
    seed = Spec.from_dict(DOCUMENTS[name]()).to_json().encode()
    read = 0
    for _ in range(1500):
        mutant = _mutant(seed, random_, TOKENS)
        try:
            spec = Spec.from_json(mutant)
        except SpecError:
            continue
        read += 1
        assert Spec.from_json(spec.to_json()) == spec
    assert 0 < read < 1500


def test_onnx_metadata(onnx_model: Callable[..., Any], spec: Spec, tmp_path: Path) -> None:
    random_ = random.Random("onnx")
    seed = onnx_model(**{SPEC_KEY: spec.to_json(), "author": "x"}).SerializeToString()
    # Half of the damage falls on the metadata's first bytes, where the structure is.
    start = seed.index(SPEC_KEY.encode()) - 6
    path, out = tmp_path / "m.onnx", tmp_path / "out.onnx"
    outcomes = dict.fromkeys(("read", "SpecError", "ModelError"), 0)
    for case in range(400):
        if case % 2:
            middle = _mutant(seed[start : start + 30], random_, VARINTS)
            mutant = seed[:start] + middle + seed[start + 30 :]
        else:
            mutant = _mutant(seed, random_, VARINTS)
        path.write_bytes(mutant)
        try:
            read_spec(path)
            outcomes["read"] += 1
        except (SpecError, ModelError) as error:
            outcomes[type(error).__name__] += 1
        if case % 8 == 0:
            try:
                write_spec(path, spec, out)
            except EdgePoseError:
                continue
            assert read_spec(out) == spec
    assert min(outcomes.values()) > 20, outcomes
