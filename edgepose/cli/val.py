# SPDX-License-Identifier: Apache-2.0
"""`edgepose val`: measures a model on annotated pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from rich.console import Console

from edgepose.cli.files import STANDARD_OUTPUT, check_json_target, write_report
from edgepose.cli.progress import progress
from edgepose.cli.runtime import DEFAULT, BackendOption, DeviceOption, StrictOption, ThreadsOption
from edgepose.cli.tables import percent_table
from edgepose.errors import InputError
from edgepose.evaluation import Evaluation, evaluate
from edgepose.evaluation.plan import BoxSource
from edgepose.io.coco import CocoDataset, read_coco
from edgepose.io.coco_results import read_boxes, write_keypoint_results
from edgepose.io.targets import check_target
from edgepose.models import resolve
from edgepose.spec import read_spec

# Where the boxes of a bottom-up model come from, as the protocol says it.
NO_BOXES = "none"
# Entries of one reason that the terminal shows; the JSON has all of them.
SHOWN = 3


def val(
    annotations: Annotated[
        Path, typer.Option(help="COCO keypoint annotations.", metavar="JSON", show_default=False)
    ],
    images: Annotated[
        Path, typer.Option(help="Folder of the pictures.", metavar="DIR", show_default=False)
    ],
    model: Annotated[
        str, typer.Option(help="Pose model: name or file.", metavar="NAME|FILE")
    ] = "hrnet-s",
    spec: Annotated[
        Path | None, typer.Option(help="Contract of the model.", metavar="FILE")
    ] = None,
    detector: Annotated[
        str, typer.Option(help="Detector: name or file.", metavar="NAME|FILE")
    ] = "det-n",
    detector_spec: Annotated[
        Path | None, typer.Option(help="Contract of the detector.", metavar="FILE")
    ] = None,
    boxes: Annotated[
        str | None,
        typer.Option(
            help="People to look at: labelled boxes, the detector's or COCO results in a file; a "
            "bottom-up model finds them itself.  [default: gt]",
            metavar="gt|detector|FILE",
        ),
    ] = None,
    min_box_score: Annotated[
        float,
        typer.Option(
            help="Pass over detected boxes of this score or less; low, as AP ranks by score.",
            metavar="SCORE",
        ),
    ] = 0.05,
    area: Annotated[
        str,
        typer.Option(
            help="Area of a person: the annotation's, or 0.53 x its box.", metavar="annotation|box"
        ),
    ] = "annotation",
    threads: ThreadsOption = None,
    backend: BackendOption = DEFAULT,
    device: DeviceOption = None,
    strict: StrictOption = False,
    limit: Annotated[int | None, typer.Option(min=1, help="First pictures only.")] = None,
    json_path: Annotated[
        str | None,
        typer.Option("--json", help="Write the numbers; - is standard output.", metavar="FILE|-"),
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Write the keypoints as COCO results.", metavar="FILE")
    ] = None,
) -> None:
    """Measure a model on annotated pictures: COCO's AP and AR, and PCK@0.1."""
    if area not in ("annotation", "box"):
        raise InputError(f"--area must be annotation or box; got {area!r}")
    if not images.is_dir():
        raise InputError(f"--images must be a folder; got {images}")
    check_json_target(json_path)
    if results is not None:
        check_target(results)
    dataset = read_coco(annotations)
    alone = read_spec(resolve(model), spec).task == "bottom_up"
    if alone and boxes is not None:
        raise InputError(f"--boxes needs a top-down model; {model} is a bottom-up model")
    origin = NO_BOXES if alone else boxes or "gt"
    source = "detector" if alone else _boxes(origin, dataset)
    detects = source == "detector" and not alone
    if limit is not None:
        dataset = dataset.head(limit)
    from edgepose.pose import Pose  # late: the networks' runtime takes long to import

    pipeline = Pose(
        model=model,
        spec=spec,
        detector=detector if detects else None,
        detector_spec=detector_spec if detects else None,
        threads=threads,
        backend=backend,
        device=device,
        strict=strict,
        min_box_score=min_box_score if detects else None,
    )
    with progress(len(dataset.images), "pictures") as bar:
        evaluation = evaluate(
            pipeline,
            dataset,
            images,
            boxes=source,
            area=cast(Literal["annotation", "box"], area),
            progress=bar.step,
        )
    if results is not None:
        write_keypoint_results(results, evaluation.predictions, category_id=dataset.category_id)
    protocol: dict[str, Any] = {"boxes": origin, "area": area, "backend": backend}
    if detects:
        protocol["min_box_score"] = min_box_score
    show(evaluation, origin, Console(stderr=json_path == STANDARD_OUTPUT))
    if json_path is not None:
        write_report({**evaluation.to_dict(), **protocol}, json_path)


def _boxes(boxes: str, dataset: CocoDataset) -> BoxSource:
    if boxes == "gt":
        return "gt"
    if boxes == "detector":
        return "detector"
    if not Path(boxes).is_file():
        raise InputError(f"--boxes must be gt, detector or a file; got {boxes}")
    known = {image.id for image in dataset.images}
    return read_boxes(boxes, image_ids=known, category_id=dataset.category_id)


def show(evaluation: Evaluation, boxes: str, console: Console) -> None:
    """Prints the table in percent, and what was left out.

    Args:
        evaluation: The numbers.
        boxes: Where the boxes came from, for the title.
        console: Where to print.
    """
    table = percent_table(
        f"{evaluation.model or 'no picture run'}, boxes {boxes}: "
        f"{evaluation.images} pictures, {evaluation.persons} persons, "
        f"{len(evaluation.keypoint_names)} shared keypoints",
        evaluation.numbers(),
        caption="percent; - where no person is in the range of areas",
    )
    console.print(table)
    for reason, entries in evaluation.left_out.items():
        some = ", ".join(entries[:SHOWN]) + (", ..." if len(entries) > SHOWN else "")
        console.print(f"{len(entries)} {reason}: {some}", highlight=False, markup=False)
