# SPDX-License-Identifier: Apache-2.0
"""COCO keypoint evaluation beside pycocotools, xtcocotools and faster-coco-eval, in one run.

    python benchmarks/bench_evaluation.py [--json FILE] [--quick]

Every evaluator reads the same two JSON files (seeded, written to a temporary folder) and must give
the same ten numbers to 1e-9, or the run fails. "load" is from the files to what the evaluator
works on, "evaluate" is matching and accumulation. Peers that are not installed are left out. How
cases are timed: see suite.py. Not timed: imports, making the files, printing.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import suite
from people import coco_people
from suite import PEOPLE, Case, Row

from edgepose.io.coco import read_coco
from edgepose.metrics.coco_eval import evaluate_keypoints
from edgepose.metrics.records import PersonPredictions

TITLE = "COCO keypoint evaluation"
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


def check_agreement(runs: dict[str, Callable[[], Any]]) -> None:
    """Fails unless all give the same ten numbers."""
    wanted = runs["edgepose"]()
    for name, run in runs.items():
        np.testing.assert_allclose(run(), wanted, rtol=0, atol=TOLERANCE, err_msg=name)


def data_set_cases(folder: Path, images: int, people: int, curve: int = 0) -> list[Case]:
    """Loading and evaluating one data set; as a point of the curve, evaluating beside one peer."""
    annotations, results = folder / f"people{curve}.json", folder / f"results{curve}.json"
    truth, found = coco_people(images, people)
    annotations.write_text(json.dumps(truth), encoding="utf-8")
    results.write_text(json.dumps(found), encoding="utf-8")
    loads = evaluators()
    runs = {name: load(annotations, results) for name, load in loads.items()}
    check_agreement(runs)
    run_ours, load_ours = runs.pop("edgepose"), loads.pop("edgepose")
    peers = list(runs)[-1:] if curve else list(runs)
    size = f"{images} images, {people} people"
    cases = []
    for peer in peers:
        name = f"evaluate {size}"
        point = ("evaluate 100 images of so many people", curve) if curve else ("", 0)
        cases.append(Case(name, peer, run_ours, runs[peer], *point))
        if not curve:

            def load_theirs(load: Evaluator = loads[peer]) -> Any:
                return load(annotations, results)

            def ours_loaded() -> Any:
                return load_ours(annotations, results)

            cases.append(Case(f"load {size}", peer, ours_loaded, load_theirs))
    return cases


def rows(quick: bool) -> list[Row]:
    effort = suite.Effort(seconds=0.05, fewest=1) if quick else suite.Effort(seconds=0.5, fewest=3)
    images, people = (500, 1100) if quick else (5000, 11000)
    with tempfile.TemporaryDirectory() as folder:
        cases = data_set_cases(Path(folder), images, people)
        for count in (1, 5, 30) if quick else PEOPLE:
            cases += data_set_cases(Path(folder), 100, 100 * count, count)
        return suite.measure_all(cases, effort, TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
