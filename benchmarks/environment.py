# SPDX-License-Identifier: Apache-2.0
"""Where a benchmark ran."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import cv2
import numpy as np


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def environment() -> dict[str, str]:
    """Processor, system and versions; the load tells how quiet the machine was."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load_1min": f"{os.getloadavg()[0]:.2f}",
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "opencv": cv2.__version__,
    }
