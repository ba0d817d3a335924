# SPDX-License-Identifier: Apache-2.0
"""The compiled module as a whole."""

from __future__ import annotations

import ast
import doctest
import importlib
import threading
import time
from importlib.resources import files

import numpy as np
import pytest

from edgepose import _core


def test_the_stub_names_what_the_module_has() -> None:
    stub = ast.parse((files("edgepose") / "_core.pyi").read_text(encoding="utf-8"))
    named = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
    assert named == {name for name in dir(_core) if not name.startswith("_")}


@pytest.mark.parametrize(
    "name",
    [
        "edgepose.decode.boxes",
        "edgepose.decode.centers",
        "edgepose.decode.heatmap",
        "edgepose.decode.merge_flip",
        "edgepose.decode.simcc",
        "edgepose.decode.volume",
        "edgepose.decode.yolox",
        "edgepose.geometry",
        "edgepose.image.crop",
        "edgepose.image.picture",
        "edgepose.image.yuv",
        "edgepose.metrics.coco_oks",
        "edgepose.metrics.crowd",
        "edgepose.metrics.matching",
        "edgepose.metrics.oks",
        "edgepose.metrics.pck",
        "edgepose.metrics.pckh",
        "edgepose.metrics.pose3d",
        "edgepose.metrics.suppress",
    ],
)
def test_examples_in_docstrings(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_kernels_release_the_interpreter() -> None:
    maps = -np.ones((60, 17, 128, 96), np.float32)
    maps[:, :, 64, 48] = 1e-6  # the slowest case: the whole of every map is blurred
    spent: list[float] = []

    def work() -> None:
        started = time.perf_counter()
        _core.heatmap_decode(maps, "dark", 63)
        spent.append(time.perf_counter() - started)

    thread = threading.Thread(target=work)
    thread.start()
    longest_gap, last = 0.0, time.perf_counter()
    while thread.is_alive():
        now = time.perf_counter()
        longest_gap, last = max(longest_gap, now - last), now
    thread.join()
    # A kernel that held the lock would stop this thread for as long as it runs.
    assert longest_gap < 0.5 * spent[0]
