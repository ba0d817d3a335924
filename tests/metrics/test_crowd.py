# SPDX-License-Identifier: Apache-2.0
"""CrowdPose's evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.errors import InputError
from edgepose.metrics.crowd import crowd_levels, evaluate_crowd

# The reference's names; its levels keep four digits.
EXACT = ("AP", "AP50", "AP75", "AR", "AR50", "AR75")
ROUNDED = {"APE": "AP_easy", "APM": "AP_medium", "APH": "AP_hard"}


@pytest.mark.parametrize(("run", "area"), [("area", "annotation"), ("no_area", "box")])
def test_nine_numbers_agree_with_xtcocotools(
    golden_dir: Path, columns: Any, run: str, area: Any
) -> None:
    text = (golden_dir / "eval_crowdpose14.json").read_text(encoding="utf-8")
    data = json.loads(text)
    expected = data["results"][f"xtcocotools_crowd_{run}"]
    wanted = dict(zip(expected["stat_names"], expected["stats"], strict=True))
    crowded = {image["id"]: image["crowdIndex"] for image in data["gt"]["images"]}
    table = evaluate_crowd(
        columns.labels(data["gt"]["annotations"]),
        columns.predictions(data["dt"]),
        crowded,
        sigmas=expected["sigmas"],
        area=area,
    )
    for name in EXACT:
        assert table.stats[name] == pytest.approx(wanted[name], abs=1e-10), name
    for name, theirs in ROUNDED.items():
        assert round(table.stats[name], 4) == pytest.approx(wanted[theirs], abs=1e-9), name
    with np.load(golden_dir / "eval_arrays.npz") as arrays:
        # The reference's arrays are those of the level evaluated last, the hard one.
        hard = arrays[f"crowdpose14/xtcocotools_crowd_{run}/precision"].squeeze()
    ours = table.levels["hard"].precision
    whole = table.every.precision
    matches = [np.allclose(np.nan_to_num(p, nan=-1), hard, atol=1e-10) for p in (ours, whole)]
    assert any(matches)


def test_limits() -> None:
    assert crowd_levels([]) == []
    assert crowd_levels([0.05, 0.1, 0.9], (0.1, 0.9)) == ["easy", "medium", "hard"]
    with pytest.raises(InputError, match="limits must not fall"):
        crowd_levels([0.5], (0.8, 0.2))
    with pytest.raises(InputError, match="crowd_index must be"):
        crowd_levels([[0.5]])
