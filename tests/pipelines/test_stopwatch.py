# SPDX-License-Identifier: Apache-2.0
"""Where the time goes."""

from __future__ import annotations

import pytest

from edgepose.pipelines import stopwatch
from edgepose.pipelines.stopwatch import Stopwatch


def test_adds_up_by_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 10.5, 10.75, 11.0, 12.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(times))
    watch = Stopwatch()
    assert watch.stages == {}
    for stage in ("load", "pose", "load"):
        watch.lap(stage)
    assert watch.stages == {"load": 750.0, "pose": 250.0}
    assert watch.total == 2000.0
