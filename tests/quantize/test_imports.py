# SPDX-License-Identifier: Apache-2.0
"""The arrow points one way: the toolchain knows the runtime, the runtime does not know it."""

from __future__ import annotations

import ast
from pathlib import Path

ALLOWED = {"cli/quantize.py", "train/qat.py", "train/qat_start.py", "train/rounded_net.py"}


def test_only_the_command_and_fine_tuning_import_it() -> None:
    root = Path(__file__).parents[2] / "edgepose"
    found = set()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith("quantize/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [item.name for item in node.names] if isinstance(node, ast.Import) else []
            if any(each.startswith("edgepose.quantize") for each in names):
                found.add(name)
    assert found == ALLOWED
