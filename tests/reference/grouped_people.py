# SPDX-License-Identifier: Apache-2.0
"""Bottom-up contracts with maps and the people in them, for the tests of Python and of the C ABI.

    python tests/reference/grouped_people.py    # writes csrc/tests/capi/grouped_people.json anew

Values are sums of powers of two, so that every reader of the file has the same floats.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
PATH = ROOT / "csrc/tests/capi/grouped_people.json"
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))

from tiny_models import paf_document, tags_document  # noqa: E402

from edgepose.pipelines.people_codecs import people_on_input  # noqa: E402
from edgepose.spec import Spec  # noqa: E402

HEIGHT, WIDTH = 12, 16
# Column, row and value of the keypoints of each person.
PEOPLE: tuple[tuple[tuple[int, int, float] | None, ...], ...] = (
    ((2, 2, 1.0), (6, 2, 0.5), (10, 2, 0.625)),
    ((3, 8, 0.875), (9, 8, 0.75), (14, 9, 1.0)),
    ((13, 5, 0.375), None, None),
)
FAINT = (10, 5)  # a dot of the third person
PAF_CODECS: dict[str, dict[str, Any]] = {
    "openpose, enlarged": {"preset": "openpose", "upscale": 4},
    "openpose, as they are": {"preset": "openpose", "warp": "legacy"},
    "lightweight": {"preset": "lightweight", "upscale": 4, "warp": "udp"},
    "tf_pose": {"preset": "tf_pose", "upscale": 4, "peak_threshold": 0.125, "matching": "optimal"},
    "one person": {"preset": "openpose", "upscale": 2, "max_people": 1},
}
TAGS_CODECS: dict[str, dict[str, Any]] = {
    "whole cells": {"person_threshold": 0},
    "adjusted": {"adjust": True, "person_threshold": 0.25, "warp": "udp"},
    "refined": {"adjust": True, "refine": True, "warp": "legacy", "joint_order": [2, 0, 1]},
    "nobody": {"person_threshold": 2},
}


def _heat() -> NDArray[np.float32]:
    """A dot per keypoint that is higher to one side."""
    maps = np.zeros((3, HEIGHT, WIDTH), np.float32)
    for person in PEOPLE:
        for joint, place in enumerate(person):
            if place is None:
                continue
            x, y, value = place
            maps[joint, y, x] = value
            maps[joint, y, x - 1], maps[joint, y, x + 1] = value / 4, value / 2
            maps[joint, y - 1, x], maps[joint, y + 1, x] = value / 2, value / 8
    maps[1, FAINT[1], FAINT[0]] = 0.25  # too low for a peak, enough to be filled in
    return maps


def _fields() -> NDArray[np.float32]:
    """One field for both limbs: to the right, in the rows where people lie."""
    fields = np.zeros((2, HEIGHT, WIDTH), np.float32)
    fields[0, 1:4] = fields[0, 7:11] = 1
    fields[1, 7:11, 9:] = 0.25
    return fields


def _tags() -> NDArray[np.float32]:
    """Two dimensions; channel d * 3 + k is that of keypoint k."""
    tags = np.zeros((6, HEIGHT, WIDTH), np.float32)
    for row, value in ((1, 8), (4, 24), (7, 16)):
        tags[:3, row : row + 3] = value
        tags[3:, row : row + 3] = value / 2
    return tags


def _sparse(maps: NDArray[np.float32]) -> dict[str, Any]:
    cells = [[*place.tolist(), float(maps[tuple(place)])] for place in np.argwhere(maps)]
    return {"shape": list(maps.shape), "cells": cells}


def dense(maps: dict[str, Any]) -> NDArray[np.float32]:
    """The maps that a record holds."""
    found = np.zeros(maps["shape"], np.float32)
    for *place, value in maps["cells"]:
        found[tuple(place)] = value
    return found


def people_of(case: dict[str, Any]) -> dict[str, Any]:
    """What Python finds in a case: xy in input px, and scores."""
    outputs = {role: dense(case[role]) for role in case["contract"]["outputs"]}
    people = people_on_input(outputs, Spec.from_dict(case["contract"]))
    return {
        "xy": people.xy.tolist(),
        "keypoint_score": people.keypoint_score.tolist(),
        "score": people.score.tolist(),
    }


def cases() -> list[dict[str, Any]]:
    """Every contract with its maps, without people."""
    heat, fields, tags = _sparse(_heat()), _sparse(_fields()), _sparse(_tags())
    found: list[dict[str, Any]] = []
    for name, codec in PAF_CODECS.items():
        contract = paf_document(**codec)
        found.append({"name": name, "contract": contract, "heatmap": heat, "paf": fields})
    for name, codec in TAGS_CODECS.items():
        contract = tags_document(**codec)
        found.append({"name": name, "contract": contract, "heatmap": heat, "tags": tags})
    return found


if __name__ == "__main__":
    recorded = [{**case, "people": people_of(case)} for case in cases()]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in recorded)
    PATH.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
