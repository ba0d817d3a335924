# SPDX-License-Identifier: Apache-2.0
"""`edgepose val-detector`: measures a person detector on annotated pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from edgepose.cli.files import STANDARD_OUTPUT, check_json_target, write_report
from edgepose.cli.progress import progress
from edgepose.cli.runtime import ThreadsOption
from edgepose.cli.tables import percent_table
from edgepose.errors import InputError
from edgepose.evaluation.detector import DetectorEvaluation, evaluate_detector
from edgepose.io.coco import read_coco
from edgepose.io.coco_results import ImageBoxes, read_boxes

# Boxes down to this score take part in the average precision.
LEAST_SCORE = 0.01


def val_detector(
    annotations: Annotated[
        Path, typer.Option(help="COCO keypoint annotations.", metavar="JSON", show_default=False)
    ],
    images: Annotated[
        Path, typer.Option(help="Folder of the pictures.", metavar="DIR", show_default=False)
    ],
    model: Annotated[
        str, typer.Option(help="Detector: name or file.", metavar="NAME|FILE")
    ] = "det-n",
    spec: Annotated[
        Path | None, typer.Option(help="Contract of the detector.", metavar="FILE")
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            help="Score above which recall and precision are taken; the contract's if not given.",
            metavar="SCORE",
        ),
    ] = None,
    ignore_boxes: Annotated[
        Path | None,
        typer.Option(
            help="COCO results with boxes of people that the annotations leave out: to find them "
            "counts neither way.",
            metavar="FILE",
        ),
    ] = None,
    ignore_score: Annotated[
        float, typer.Option(help="Least score of a box to ignore.", metavar="SCORE")
    ] = 0.4,
    threads: ThreadsOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="First pictures only.")] = None,
    json_path: Annotated[
        str | None,
        typer.Option("--json", help="Write the numbers; - is standard output.", metavar="FILE|-"),
    ] = None,
) -> None:
    """Measure a person detector: AP, recall and precision at an overlap of 0.5."""
    if not images.is_dir():
        raise InputError(f"--images must be a folder; got {images}")
    check_json_target(json_path)
    dataset = read_coco(annotations)
    ignored = None
    if ignore_boxes is not None:
        ignored = _ignored(ignore_boxes, {image.id for image in dataset.images}, ignore_score)
    if limit is not None:
        dataset = dataset.head(limit)
    from edgepose.pipelines import Detector, open_network  # late: the runtime takes long to import

    network = open_network(model, task="detector", spec=spec, threads=threads)
    detector = Detector(network, min_score=LEAST_SCORE)
    codec: Any = network.spec.codec
    threshold = codec.score_threshold if min_score is None else min_score
    with progress(len(dataset.images), "pictures") as bar:
        found = evaluate_detector(
            detector,
            dataset,
            images,
            min_score=threshold,
            ignored=ignored,
            progress=bar.step,
        )
    show(network.spec.name, found, Console(stderr=json_path == STANDARD_OUTPUT))
    if json_path is not None:
        write_report({"model": network.spec.name, **found.to_dict()}, json_path)


def _ignored(file: Path, image_ids: set[int], least: float) -> dict[int, ImageBoxes]:
    every = read_boxes(file, image_ids=image_ids)
    kept = {image_id: (found, found.score >= least) for image_id, found in every.items()}
    return {
        image_id: ImageBoxes(found.boxes[rows], found.score[rows])
        for image_id, (found, rows) in kept.items()
        if np.any(rows)
    }


def show(model: str, found: DetectorEvaluation, console: Console) -> None:
    """Prints the table in percent."""
    table = percent_table(
        f"{model}: {found.images} pictures, {len(found.matches.height)} persons, "
        f"overlap 0.5, score above {found.min_score:g}",
        found.numbers(),
        caption="percent; AP50 over all scores",
    )
    console.print(table)
