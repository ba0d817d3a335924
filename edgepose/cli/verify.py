# SPDX-License-Identifier: Apache-2.0
"""`edgepose verify`: whether two models, or two runtimes, find the same keypoints."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from edgepose.cli.errors import FAILED, complain
from edgepose.cli.files import STANDARD_OUTPUT, check_json_target, json_text, write_json, writing
from edgepose.cli.progress import progress
from edgepose.cli.runtime import DEFAULT, ThreadsOption
from edgepose.cli.tables import show, table
from edgepose.errors import InputError
from edgepose.evaluation.agreement import Agreement, PictureBoxes, compare
from edgepose.evaluation.side_by_side import side_by_side
from edgepose.io.coco import read_coco
from edgepose.io.sources import expand_sources
from edgepose.pipelines import TopDown, open_network


def verify(
    a: Annotated[str, typer.Argument(help="Reference: name or file.", metavar="A")],
    images: Annotated[
        Path, typer.Option(help="Folder of the pictures.", metavar="DIR", show_default=False)
    ],
    b: Annotated[
        str | None,
        typer.Argument(help="The other model; A again if left out.", metavar="B"),
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(
            help="COCO annotations whose boxes are looked at; without them each picture is one "
            "person.",
            metavar="JSON",
        ),
    ] = None,
    backend_a: Annotated[str, typer.Option(help="Runtime of A.", metavar="NAME")] = DEFAULT,
    backend_b: Annotated[str, typer.Option(help="Runtime of B.", metavar="NAME")] = DEFAULT,
    device_a: Annotated[
        str | None, typer.Option(help="Device of A, as in predict.", metavar="DEVICE")
    ] = None,
    device_b: Annotated[str | None, typer.Option(help="Device of B.", metavar="DEVICE")] = None,
    spec_a: Annotated[Path | None, typer.Option(help="Contract of A.", metavar="FILE")] = None,
    spec_b: Annotated[Path | None, typer.Option(help="Contract of B.", metavar="FILE")] = None,
    threads: ThreadsOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="First pictures only.")] = None,
    min_score: Annotated[
        float,
        typer.Option(help="Compare keypoints that A gives a higher score.", metavar="SCORE"),
    ] = 0.1,
    max_error: Annotated[
        float | None,
        typer.Option(
            help="Fail if a keypoint differs by more px of the picture.", metavar="PX", min=0
        ),
    ] = None,
    worst: Annotated[
        int, typer.Option(min=0, help="People who differ most, to list and save.")
    ] = 8,
    save: Annotated[
        Path | None,
        typer.Option(help="Write those people, A on the left and B on the right.", metavar="DIR"),
    ] = None,
    json_path: Annotated[
        str | None,
        typer.Option("--json", help="Write the numbers; - is standard output.", metavar="FILE|-"),
    ] = None,
) -> None:
    """Compare two models, or one model in two runtimes, keypoint by keypoint.

    Both look at the same boxes of the same pictures. The exit code is 1 if --max-error is given
    and a keypoint differs by more.
    """
    check_json_target(json_path)
    people = people_of(images, annotations, limit)
    with ExitStack() as stack:
        sides = []
        for model, backend, device, spec in (
            (a, backend_a, device_a, spec_a),
            (b or a, backend_b, device_b, spec_b),
        ):
            network = open_network(
                model, task="top_down", spec=spec, backend=backend, device=device, threads=threads
            )
            stack.callback(network.close)
            sides.append(TopDown(network))
        with progress(len(people), "pictures") as bar:
            found = compare(
                sides[0], sides[1], people, min_score=min_score, worst=worst, progress=bar.step
            )
        titles = [
            f"{side.network.spec.name} ({', '.join(side.network.providers)})" for side in sides
        ]
    if save is not None:
        _save(save, found, sides[0], min_score)
    content = {
        "a": {"model": a, "backend": backend_a, "name": titles[0]},
        "b": {"model": b or a, "backend": backend_b, "name": titles[1]},
        "min_score": min_score,
        "max_error": max_error,
        **found.to_dict(),
    }
    if json_path == STANDARD_OUTPUT:
        typer.echo(json_text(content), nl=False)
    else:
        _show(found, titles)
    if json_path not in (None, STANDARD_OUTPUT):
        write_json(Path(str(json_path)), content)
    # Not "max > max_error": NaN, of no keypoint that counts, must not pass.
    if max_error is not None and not found.image_px.max <= max_error:
        complain(f"keypoints differ by up to {found.image_px.max:.4g} px; allowed: {max_error:g}")
        raise typer.Exit(FAILED)


def people_of(images: Path, annotations: Path | None, limit: int | None) -> list[PictureBoxes]:
    """The labelled people of a folder of pictures; without annotations each picture is one.

    Raises:
        InputError: The folder or a picture is not there.
    """
    if not images.is_dir():
        raise InputError(f"--images must be a folder; got {images}")
    if annotations is None:
        paths = expand_sources([str(images)], recursive=False)[:limit]
        return [PictureBoxes(path, _whole(path)) for path in paths]
    dataset = read_coco(annotations)
    labels = dataset.persons
    counted = labels.counts & labels.sized
    found = []
    for image in dataset.images:
        rows = np.flatnonzero(counted & (labels.image_id == image.id))
        if len(rows):
            path = images / image.file_name
            if not path.is_file():
                raise InputError(f"{annotations}: picture not found: {path}")
            found.append(PictureBoxes(path, labels.box[rows]))
        if limit is not None and len(found) == limit:
            break
    return found


def _whole(path: Path) -> Any:
    from edgepose.io.images import load_image

    height, width = load_image(path).shape[:2]
    return np.array([[-0.5, -0.5, width - 0.5, height - 0.5]])


def _save(folder: Path, found: Agreement, side: TopDown, min_score: float) -> None:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for rank, person in enumerate(found.worst, start=1):
        picture = side_by_side(person, side.skeleton, found.names, min_score)
        target = folder / f"{rank:02d}_{person.path.stem}.png"
        _, encoded = cv2.imencode(".png", picture)
        with writing(target):
            target.write_bytes(encoded.tobytes())


def _show(found: Agreement, titles: list[str]) -> None:
    rows = [
        (unit, *(f"{value:.4g}" for value in (numbers.max, numbers.mean, numbers.p99)))
        for unit, numbers in (
            ("px of the picture", found.image_px), ("px of the input", found.input_px)
        )
    ]  # fmt: skip
    facts = [f"OKS mean {found.oks_mean:.6f}, least {found.oks_min:.6f}"]
    facts += [f"output {role}: largest difference {v:.3g}" for role, v in found.outputs.items()]
    made = [
        table(
            f"{titles[0]} and {titles[1]}: {found.pictures} pictures, {found.persons} persons, "
            f"{found.keypoints} keypoints, {found.left_out} of too low a score left out",
            ("distance", "largest>", "mean>", "99 %>"),
            rows,
            caption="; ".join(facts),
        )
    ]
    if found.worst:
        plain = found.to_dict()["worst"]
        cells = [
            (row["picture"], str(row["keypoint"]), f"{row['max_px']:.4g}", f"{row['oks'] or 0:.4f}")
            for row in plain
        ]
        made.append(table("Who differs most", ("picture", "keypoint", "px>", "OKS>"), cells))
    show(*made)
