# SPDX-License-Identifier: Apache-2.0
"""unpack.py FOLDER: the golden vectors as plain .npy files, for tests that have no zip and no JSON.

Every array ARRAY of FILE.npz becomes FOLDER/FILE/ARRAY.npy, and the people of eval_NAME.json become
columns in FOLDER/eval_NAME. Standard library only. Without golden vectors the folder is left away,
and the tests skip themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# COCO-WholeBody keeps the parts of one person in lists of their own.
PARTS = ("keypoints", "foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts")
DTYPES = {"d": "<f8", "q": "<i8", "B": "|u1"}


def golden_folder() -> Path:
    """Where the vectors are: what EDGEPOSE_SHARED says, or beside the repository."""
    named = os.environ.get("EDGEPOSE_SHARED")
    shared = Path(named) if named else Path(__file__).resolve().parents[4] / "shared"
    return shared / "golden"


def save(path: Path, code: str, shape: tuple[int, ...], values: Iterable[Any]) -> None:
    """Writes one array as .npy, version 1.0."""
    header = f"{{'descr': '{DTYPES[code]}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = array(code, values)
    if sys.byteorder == "big":
        data.byteswap()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little"))
        file.write(header.encode("latin1") + data.tobytes())


def points(entry: dict[str, Any]) -> list[float]:
    """x, y and what the third number is, of every keypoint in turn."""
    return [number for part in PARTS for number in entry.get(part, [])]


def unpack_evaluation(scenario: dict[str, Any], folder: Path) -> None:
    """Labels, predictions and the stored statistics of one evaluation as columns."""
    labels, found = scenario["gt"]["annotations"], scenario["dt"]
    images = sorted({image["id"] for image in scenario["gt"]["images"]})
    joints = len(points(labels[0])) // 3
    score = "wholebody_score" if "wholebody_score" in found[0] else "score"
    corners = [(x, y, x + w, y + h) for x, y, w, h in (entry["bbox"] for entry in labels)]

    def xy(entries: list[dict[str, Any]]) -> list[float]:
        return [n for entry in entries for i, n in enumerate(points(entry)) if i % 3 < 2]

    n, m = len(labels), len(found)
    visible = [value > 0 for entry in labels for value in points(entry)[2::3]]
    save(folder / "images.npy", "q", (len(images),), images)
    save(folder / "label_image.npy", "q", (n,), [entry["image_id"] for entry in labels])
    save(folder / "label_id.npy", "q", (n,), [entry["id"] for entry in labels])
    save(folder / "label_xy.npy", "d", (n, joints, 2), xy(labels))
    save(folder / "label_visible.npy", "B", (n, joints), visible)
    save(folder / "label_box.npy", "d", (n, 4), [side for box in corners for side in box])
    save(folder / "label_area.npy", "d", (n,), [entry["area"] for entry in labels])
    save(folder / "label_crowd.npy", "B", (n,), [entry["iscrowd"] == 1 for entry in labels])
    save(folder / "label_ignore.npy", "B", (n,), [entry["num_keypoints"] == 0 for entry in labels])
    save(folder / "image.npy", "q", (m,), [entry["image_id"] for entry in found])
    save(folder / "xy.npy", "d", (m, joints, 2), xy(found))
    save(folder / "score.npy", "d", (m,), [entry[score] for entry in found])
    for run, result in scenario["results"].items():
        save(folder / run / "sigmas.npy", "d", (len(result["sigmas"]),), result["sigmas"])
        save(folder / run / "stats.npy", "d", (len(result["stats"]),), result["stats"])
        save(folder / run / "use_area.npy", "B", (1,), [bool(result["use_area"])])


def main() -> None:
    """Unpacks everything into the folder that the command line names."""
    target, source = Path(sys.argv[1]), golden_folder()
    if target.is_dir():
        shutil.rmtree(target)
    if not source.is_dir():
        sys.stderr.write(f"golden vectors not found at {source}; set EDGEPOSE_SHARED\n")
        return
    for path in sorted(source.glob("*.npz")):
        with zipfile.ZipFile(path) as stored:
            stored.extractall(target / path.stem)
    for path in sorted(source.glob("eval_*.json")):
        unpack_evaluation(json.loads(path.read_text(encoding="utf-8")), target / path.stem)


if __name__ == "__main__":
    main()
