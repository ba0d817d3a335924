# SPDX-License-Identifier: Apache-2.0
"""`edgepose predict`: people in pictures."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from edgepose.cli.errors import FAILED, complain
from edgepose.cli.files import STANDARD_OUTPUT
from edgepose.cli.json_output import Format, JsonOutput
from edgepose.cli.overlay_output import OverlayOutput
from edgepose.cli.progress import progress
from edgepose.cli.runtime import DEFAULT, BackendOption, DeviceOption, StrictOption, ThreadsOption
from edgepose.errors import ImageError
from edgepose.io.given_boxes import NO_BOXES, Boxes, boxes_of, read_given_boxes
from edgepose.io.sources import expand_sources, names_one_file
from edgepose.types import Result

DETECTOR = "det-n"
NO_DETECTOR = "none"


def predict(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Pictures: files, folders (their own pictures only) or quoted patterns.",
            show_default=False,
        ),
    ],
    model: Annotated[
        str, typer.Option(help="Pose model: name or file.", metavar="NAME|FILE")
    ] = "hrnet-s",
    spec: Annotated[
        Path | None, typer.Option(help="Contract of the model.", metavar="FILE")
    ] = None,
    detector: Annotated[
        str | None,
        typer.Option(
            help="Detector: name or file; none takes each picture as one person. A bottom-up model "
            "goes without.  "
            f"[default: {DETECTOR}]",
            metavar="NAME|FILE|none",
        ),
    ] = None,
    detector_spec: Annotated[
        Path | None, typer.Option(help="Contract of the detector.", metavar="FILE")
    ] = None,
    min_box_score: Annotated[
        float | None,
        typer.Option(
            help="Pass over detected boxes of this score or less, instead of the contract's "
            "threshold.",
            metavar="SCORE",
        ),
    ] = None,
    boxes: Annotated[
        Path | None,
        typer.Option(
            help='People to look at, instead of a detector: {"photo.jpg": [[x1, y1, x2, y2]]} or '
            "COCO results.",
            metavar="JSON",
        ),
    ] = None,
    threads: ThreadsOption = None,
    backend: BackendOption = DEFAULT,
    device: DeviceOption = None,
    strict: StrictOption = False,
    json_path: Annotated[
        str | None,
        typer.Option("--json", help="Write the people; - is standard output.", metavar="FILE|-"),
    ] = None,
    json_format: Annotated[
        Format, typer.Option("--format", help="What the JSON looks like.")
    ] = Format.edgepose,
    save: Annotated[
        Path | None,
        typer.Option(help="Write the pictures with the people drawn on them.", metavar="DIR"),
    ] = None,
    min_score: Annotated[
        float, typer.Option(help="Leave out people with a lower score.", metavar="SCORE")
    ] = 0.0,
    draw_score: Annotated[
        float, typer.Option(help="Do not draw keypoints with a lower score.", metavar="SCORE")
    ] = 0.2,
    recursive: Annotated[
        bool, typer.Option("--recursive", "-r", help="Look into subfolders too.")
    ] = False,
) -> None:
    """Find people and their keypoints in pictures.

    Without --json - each picture gets a line on standard output. A picture that cannot be read is
    reported and the others are done; the exit code is 1 then.

    --format edgepose writes an object for a single file and else a list of objects: image, width,
    height, model, detector, keypoint_names, persons (box x1 y1 x2 y2, score, keypoints x y score)
    and timing_ms; image px, integers at pixel centres. --format coco writes one list of COCO
    results, the image_id from the file's name (000000000139.jpg is 139). --format openpose writes
    a file <name>_keypoints.json for each picture into the folder --json.

    --save keeps the pictures' names; where two are alike the second gets _2.
    """
    if boxes is not None and any(
        option is not None for option in (detector, detector_spec, min_box_score)
    ):
        raise typer.BadParameter("--boxes takes the place of a detector; give one of them")
    paths = expand_sources(sources, recursive=recursive)
    given = None if boxes is None else _given(boxes, paths)
    is_single = names_one_file(sources)
    outputs: list[JsonOutput | OverlayOutput] = []
    if json_path is not None:
        outputs.append(JsonOutput(json_path, json_format, paths, is_single))
    if save is not None:
        outputs.append(OverlayOutput(save, paths, draw_score))
    from edgepose.pose import Pose  # late: the networks' runtime takes long to import

    detects = boxes is None and detector != NO_DETECTOR
    pipeline = Pose(
        model=model,
        spec=spec,
        detector=(detector or DETECTOR) if detects else None,
        detector_spec=detector_spec,
        threads=threads,
        backend=backend,
        device=device,
        strict=strict,
        min_box_score=min_box_score,
    )
    failed = 0
    with closing(pipeline), progress(len(paths), "pictures") as bar:
        try:
            for path in paths:
                result = _look(pipeline, path, given)
                failed += result is None
                if result is not None:
                    people = tuple(person for person in result if person.score >= min_score)
                    result = replace(result, persons=people)
                    for output in outputs:
                        output.add(path, result)
                    if json_path != STANDARD_OUTPUT:
                        bar.say(line_of(path, result))
                bar.advance()
        finally:  # what is done is kept, whatever happened
            for output in outputs:
                output.close()
    if failed:
        if len(paths) > 1:
            complain(f"{failed} of {len(paths)} pictures could not be used")
        raise typer.Exit(FAILED)


def _given(file: Path, paths: list[Path]) -> dict[Path, Boxes]:
    """Boxes of each picture; those without are named, for a wrong name must not go unseen."""
    found = boxes_of(read_given_boxes(file), paths, file)
    without = [path for path in paths if path not in found]
    if without:
        complain(f"{file}: no boxes for {len(without)} of {len(paths)} pictures: {without[0]}, ...")
    return found


def _look(pipeline: Any, path: Path, given: dict[Path, Boxes] | None) -> Result | None:
    """The people in one picture; None if it cannot be read, which is said."""
    boxes = None if given is None else given.get(path, NO_BOXES)
    try:
        result: Result = pipeline(path, boxes=boxes)
    except ImageError as error:
        complain(error)
        return None
    return result


def line_of(path: Path, result: Result) -> str:
    """What the terminal says about one picture."""
    count = len(result)
    scores = ", ".join(f"{person.score:.2f}" for person in result)
    people = f"{count} {'person' if count == 1 else 'people'}{f' ({scores})' if scores else ''}"
    return f"{typer.format_filename(path)}: {people}, {result.timing.total:.1f} ms"
