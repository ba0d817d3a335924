# SPDX-License-Identifier: Apache-2.0
"""Which integers suit a processor.

ONNX Runtime's fast kernels on x86-64 take uint8 activations and int8 weights. Without the VNNI
instructions two products are added in 16 bits, which 8-bit weights can overflow and 7-bit weights
cannot. On ARM int8 activations are the fast ones and nothing overflows.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .qdq import Activations, Numbers

X86 = ("x86_64", "amd64", "i686", "x86")
VNNI = ("avx512_vnni", "avx_vnni", "avx_vnni_int8")


@dataclass(frozen=True)
class Processor:
    """What a processor is called and can do."""

    name: str
    machine: str
    vnni: bool

    @property
    def is_x86(self) -> bool:
        """Whether its integers are those of x86."""
        return self.machine.lower() in X86

    def __str__(self) -> str:
        if not self.is_x86:
            return f"{self.name} ({self.machine})"
        return f"{self.name} ({self.machine}, {'with' if self.vnni else 'without'} VNNI)"


def this_processor(listing: Path = Path("/proc/cpuinfo")) -> Processor:
    """The processor of this machine; without a listing VNNI counts as missing."""
    try:
        text = listing.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name") or platform.processor() or "unknown processor"
    return Processor(
        name, platform.machine(), any(f in fields.get("flags", "").split() for f in VNNI)
    )


def suited(
    processor: Processor,
    activations: Literal["auto"] | Activations = "auto",
    weight_bits: int | None = None,
    *,
    per_channel: bool = True,
) -> Numbers:
    """Form of the integers for a processor; what is given is kept."""
    suits: Activations = "uint8" if processor.is_x86 else "int8"
    kind: Activations = suits if activations == "auto" else activations
    overflows = processor.is_x86 and not processor.vnni and kind == "uint8"
    bits = weight_bits or (7 if overflows else 8)
    return Numbers(kind, 63 if bits == 7 else 127, per_channel)
