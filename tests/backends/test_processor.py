# SPDX-License-Identifier: Apache-2.0
"""What the processor can do, from the system's own words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgepose.backends import processor as module
from edgepose.backends.processor import Memory, Processor, memory, parse, processor

XEON = """processor	: 0
model name	: Intel(R) Xeon(R)
flags		: fpu avx2 fma avx512f avx512_vnni avx512_bf16 amx_tile amx_int8 amx_bf16

processor	: 1
model name	: something else
"""
ARM = """processor	: 0
Features	: fp asimd asimdhp asimddp i8mm bf16 sve
Model		: Raspberry Pi 6
"""
MEMORY = "MemTotal:       25276512 kB\nMemAvailable:   22007500 kB\n"
STATUS = "Name:\tpython\nVmHWM:\t  190 kB\nVmRSS:\t  146 kB\n"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("CPUINFO", "MEMINFO", "STATUS"):
        monkeypatch.setattr(module, name, str(tmp_path / name))
    processor.cache_clear()
    yield tmp_path
    processor.cache_clear()


def test_no_files(system: Path) -> None:
    found = processor()
    assert found.features == ()
    assert found.name
    assert found.cores >= 1
    assert memory() == Memory(None, None, None, None)


@pytest.mark.parametrize(
    ("text", "name", "features"),
    [
        (
            XEON,
            "Intel(R) Xeon(R)",
            (
                *("AVX2", "FMA", "AVX-512", "AVX-512 VNNI", "AVX-512 bf16"),
                *("AMX", "AMX int8", "AMX bf16"),
            ),
        ),
        (ARM, "Raspberry Pi 6", ("NEON", "fp16", "dotprod", "i8mm", "bf16", "SVE")),
    ],
    ids=["x86", "arm"],
)
def test_processor(system: Path, text: str, name: str, features: tuple[str, ...]) -> None:
    (system / "CPUINFO").write_text(text, encoding="utf-8")
    found = processor()
    assert (found.name, found.features) == (name, features)
    assert found.to_dict()["features"] == list(features)


def test_memory(system: Path) -> None:
    (system / "MEMINFO").write_text(MEMORY, encoding="utf-8")
    (system / "STATUS").write_text(STATUS, encoding="utf-8")
    assert memory() == Memory(25276512 * 1024, 22007500 * 1024, 146 * 1024, 190 * 1024)


@pytest.mark.parametrize("text", ["", "no colon", ":", "a: \n"], ids=["empty", "none", "bare", "a"])
def test_odd_lines(text: str) -> None:
    assert all(value == "" for value in parse(text).values())


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux writes")
def test_this_machine() -> None:
    found = processor()
    assert isinstance(found, Processor)
    assert found.architecture
    now = memory()
    assert None not in (now.total, now.available, now.resident, now.peak)
    assert 0 < now.resident <= now.peak <= now.total  # type: ignore[operator]
