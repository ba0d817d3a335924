# SPDX-License-Identifier: Apache-2.0
"""`edgepose demo`: the embedded models on the package's own photos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from edgepose.cli.files import write_json
from edgepose.cli.overlay_output import write_overlay
from edgepose.cli.tables import show, table
from edgepose.io.targets import writing
from edgepose.types import Result

PHOTOS = Path(__file__).parents[1] / "assets"
CALLS = 5
SEEN_SCORE = 0.2


def demo(
    output: Annotated[Path, typer.Option(help="Folder to write to.", metavar="DIR")] = Path(
        "edgepose-demo"
    ),
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the networks.", metavar="N")
    ] = None,
) -> None:
    """Find the people in the package's own photos.

    Writes a picture with the people drawn on it for each photo and people.json, and prints who
    was found and how long each stage took.
    """
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    from edgepose.pose import Pose  # late: the networks' runtime takes long to import

    results: list[Result] = []
    times: list[dict[str, float]] = []
    with Pose(threads=threads) as pose:
        for photo in sorted(PHOTOS.glob("*.jpg")):
            result = replace(pose(photo), source=photo.name)  # also warms up
            results.append(result)
            times.append(_median_ms(pose(photo) for _ in range(CALLS)))
            write_overlay(output / f"{photo.stem}.png", result, SEEN_SCORE)
    write_json(output / "people.json", [result.to_dict() for result in results])
    show(_people(results), _timing(results, times))
    typer.echo(f"Pictures and people.json are in {typer.format_filename(output)}")


def _median_ms(results: Iterable[Result]) -> dict[str, float]:
    """Median of each stage and of the whole over several calls."""
    timings = [{**result.timing.stages, "total": result.timing.total} for result in results]
    return {stage: median(timing[stage] for timing in timings) for stage in timings[0]}


def _people(results: list[Result]) -> Any:
    rows = []
    for result in results:
        for index, person in enumerate(result):
            seen = int((person.keypoints.score >= SEEN_SCORE).sum())
            box = ", ".join(f"{value:.0f}" for value in person.box)
            count = f"{seen} of {len(person.keypoints)}"
            rows.append([str(result.source), str(index), f"{person.score:.2f}", box, count])
        if not result.persons:
            rows.append([str(result.source), "-", "nobody", "", ""])
    names = {f"{result.model} + {result.detector}" for result in results}
    columns = ("photo", "person>", "score>", "box x1, y1, x2, y2>", "keypoints seen>")
    return table(f"People found by {', '.join(names)}", columns, rows)


def _timing(results: list[Result], times: list[dict[str, float]]) -> Any:
    stages = list(dict.fromkeys(stage for found in times for stage in found))
    rows = []
    for result, found in zip(results, times, strict=True):
        cells = (f"{found[stage]:.2f}" if stage in found else "" for stage in stages)
        rows.append([str(result.source), *cells])
    columns = ("photo", *(f"{stage}>" for stage in stages))
    caption = f"median of {CALLS} calls after a first one that is not counted"
    return table("Milliseconds by stage", columns, rows, caption=caption)
