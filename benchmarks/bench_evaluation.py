# SPDX-License-Identifier: Apache-2.0
"""COCO keypoint evaluation beside pycocotools, xtcocotools and faster-coco-eval, in one run.

    python benchmarks/bench_evaluation.py [--json FILE] [--repeats N] [--images N] [--people N]

Every evaluator reads the same two JSON files (seeded, written to a temporary folder) and must give
the same ten numbers to 1e-9, or the run fails. "load" is from the files to what the evaluator
works on, "evaluate" is matching and accumulation; the evaluators take turns. The table shows
medians; the JSON holds every sample. Not timed: imports, making the files, printing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from environment import environment
from people import coco_people
from rich.console import Console
from rich.progress import track
from rich.table import Table

from edgepose.io.coco import read_coco
from edgepose.metrics.coco_eval import evaluate_keypoints
from edgepose.metrics.records import PersonPredictions

SIGMAS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
TOLERANCE = 1e-9

# Loads the files and gives what evaluates them; that gives the ten numbers.
Evaluator = Callable[[Path, Path], Callable[[], Any]]


def ours(annotations: Path, results: Path) -> Callable[[], Any]:
    dataset = read_coco(annotations)
    entries = json.loads(results.read_text(encoding="utf-8"))
    points = np.array([entry["keypoints"] for entry in entries]).reshape(len(entries), -1, 3)
    predictions = PersonPredictions(
        image_id=np.array([entry["image_id"] for entry in entries]),
        xy=points[..., :2],
        score=np.array([entry["score"] for entry in entries]),
        keypoint_score=points[..., 2],
        box=np.full((len(entries), 4), np.nan),
    )

    def run() -> Any:
        table = evaluate_keypoints(dataset.persons, predictions, sigmas=SIGMAS)
        return list(table.stats.values())

    return run


def _coco_style(api: Any, evaluation: Any, arguments: tuple[Any, ...] = ()) -> Evaluator:
    def load(annotations: Path, results: Path) -> Callable[[], Any]:
        with contextlib.redirect_stdout(io.StringIO()):
            truth = api(str(annotations))
            found = truth.loadRes(str(results))

        def run() -> Any:
            with contextlib.redirect_stdout(io.StringIO()):
                judge = evaluation(truth, found, "keypoints", *arguments)
                judge.evaluate()
                judge.accumulate()
                judge.summarize()
            return list(judge.stats)[:10]

        return run

    return load


def evaluators() -> dict[str, Evaluator]:
    """Ours and every peer that is installed (ValueError: built for another NumPy)."""
    found: dict[str, Evaluator] = {"edgepose": ours}
    with contextlib.suppress(ImportError, ValueError):
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval

        found["pycocotools"] = _coco_style(COCO, COCOeval)
    with contextlib.suppress(ImportError, ValueError):
        from xtcocotools.coco import COCO as XCOCO
        from xtcocotools.cocoeval import COCOeval as XCOCOeval

        found["xtcocotools"] = _coco_style(XCOCO, XCOCOeval, (SIGMAS,))
    with contextlib.suppress(ImportError, ValueError):
        from faster_coco_eval import COCO as FCOCO
        from faster_coco_eval import COCOeval_faster

        found["faster-coco-eval"] = _coco_style(FCOCO, COCOeval_faster)
    return found


def measure(load: Evaluator, annotations: Path, results: Path) -> tuple[float, float, Any]:
    """Seconds to load, seconds to evaluate, the ten numbers."""
    start = time.perf_counter()
    run = load(annotations, results)
    loaded = time.perf_counter()
    stats = run()
    return loaded - start, time.perf_counter() - loaded, stats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--people", type=int, default=11000)
    arguments = parser.parse_args()

    rows: dict[str, dict[str, list[float]]] = {}
    stats: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        annotations, results = Path(folder) / "people.json", Path(folder) / "results.json"
        truth, found = coco_people(arguments.images, arguments.people)
        annotations.write_text(json.dumps(truth), encoding="utf-8")
        results.write_text(json.dumps(found), encoding="utf-8")
        turns = [item for _ in range(arguments.repeats) for item in evaluators().items()]
        for name, load in track(turns, description="measuring"):
            loaded, evaluated, stats[name] = measure(load, annotations, results)
            row = rows.setdefault(name, {"load_s": [], "evaluate_s": []})
            row["load_s"].append(loaded)
            row["evaluate_s"].append(evaluated)

    for name, numbers in stats.items():
        np.testing.assert_allclose(numbers, stats["edgepose"], rtol=0, atol=TOLERANCE, err_msg=name)
    table = Table("evaluator", "load, s", "evaluate, s", "times ours", "both, s", "times ours")
    medians = {
        name: (float(np.median(row["load_s"])), float(np.median(row["evaluate_s"])))
        for name, row in rows.items()
    }
    load_s, evaluate_s = medians["edgepose"]
    for name, (loaded, evaluated) in medians.items():
        table.add_row(
            name,
            f"{loaded:.3f}",
            f"{evaluated:.4f}",
            f"{evaluated / evaluate_s:.1f}x",
            f"{loaded + evaluated:.3f}",
            f"{(loaded + evaluated) / (load_s + evaluate_s):.1f}x",
        )
    console = Console()
    console.print(
        f"{arguments.images} images, {len(truth['annotations'])} people, "
        f"{len(found)} predictions; the ten numbers agree to {TOLERANCE:g}"
    )
    console.print(table)
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        content = {"environment": where, "cases": rows, "stats": stats}
        arguments.json.write_text(json.dumps(content, indent=1, default=float))


if __name__ == "__main__":
    main()
