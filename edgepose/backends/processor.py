# SPDX-License-Identifier: Apache-2.0
"""What the processor can do and how much memory there is, as the system tells."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CPUINFO, MEMINFO, STATUS = "/proc/cpuinfo", "/proc/meminfo", "/proc/self/status"
# Flag of the Linux kernel -> name; what matters for inference, x86-64 and arm64.
FEATURES: Mapping[str, str] = {
    "avx2": "AVX2",
    "fma": "FMA",
    "avx512f": "AVX-512",
    "avx512_vnni": "AVX-512 VNNI",
    "avx_vnni": "AVX-VNNI",
    "avx512_bf16": "AVX-512 bf16",
    "avx512_fp16": "AVX-512 fp16",
    "amx_tile": "AMX",
    "amx_int8": "AMX int8",
    "amx_bf16": "AMX bf16",
    "asimd": "NEON",
    "asimdhp": "fp16",
    "asimddp": "dotprod",
    "i8mm": "i8mm",
    "bf16": "bf16",
    "sve": "SVE",
    "sve2": "SVE2",
}


@dataclass(frozen=True, slots=True)
class Processor:
    """A processor.

    Attributes:
        name: As the system calls it.
        architecture: "x86_64", "aarch64", ...
        cores: Logical cores that this process may use.
        features: Names of `FEATURES` that it has, in their order; empty where unknown.
    """

    name: str
    architecture: str
    cores: int
    features: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "architecture": self.architecture,
            "cores": self.cores,
            "features": list(self.features),
        }


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes; None where the system does not tell.

    Attributes:
        total: Of the machine.
        available: That a program can still get.
        resident: Of this process.
        peak: Largest of this process so far.
    """

    total: int | None
    available: int | None
    resident: int | None
    peak: int | None


@cache
def processor() -> Processor:
    """The processor of this machine."""
    text = _read(CPUINFO)
    fields = parse(text)
    flags = set(fields.get("flags", fields.get("Features", "")).split())
    name = fields.get("model name") or fields.get("Model") or platform.processor()
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    features = tuple(label for flag, label in FEATURES.items() if flag in flags)
    return Processor(name or "unknown", platform.machine(), cores, features)


def memory() -> Memory:
    """Memory of the machine and of this process, now."""
    machine, own = parse(_read(MEMINFO)), parse(_read(STATUS))
    return Memory(
        _bytes(machine.get("MemTotal")),
        _bytes(machine.get("MemAvailable")),
        _bytes(own.get("VmRSS")),
        _bytes(own.get("VmHWM")),
    )


def parse(text: str) -> dict[str, str]:
    """Lines "key : value"; of a key that comes again, the first.

    Example:
        >>> parse("MemTotal:  8 kB")
        {'MemTotal': '8 kB'}
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            found.setdefault(key.strip(), value.strip())
    return found


def _bytes(text: str | None) -> int | None:
    number = (text or "").partition(" ")[0]
    return int(number) * 1024 if number.isdigit() else None


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
