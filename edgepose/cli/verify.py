# SPDX-License-Identifier: Apache-2.0
"""`edgepose verify`: whether two models, or two runtimes, find the same keypoints."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import typer

from edgepose.cli.errors import FAILED, complain
from edgepose.cli.files import STANDARD_OUTPUT, check_json_target, write_report
from edgepose.cli.progress import progress
from edgepose.cli.runtime import DEFAULT, ThreadsOption
from edgepose.cli.verify_output import save_worst, show_agreement
from edgepose.errors import InputError
from edgepose.evaluation.agreement import Agreement, PictureBoxes, compare
from edgepose.evaluation.group_agreement import compare_groups
from edgepose.evaluation.plan import check_pictures
from edgepose.io.coco import read_coco
from edgepose.io.sources import expand_sources
from edgepose.pipelines import BottomUp, Network, TopDown, open_network
from edgepose.types import Skeleton

TASKS = ("top_down", "bottom_up")


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
            "person. Of bottom-up models, the pictures that are named.",
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
            help="Fail if a keypoint differs by more px of the picture, or is found by one alone.",
            metavar="PX",
            min=0,
        ),
    ] = None,
    min_oks: Annotated[
        float,
        typer.Option(
            help="Least OKS of two people who count as one; bottom-up models only.",
            metavar="OKS",
            min=0,
            max=1,
        ),
    ] = 0.5,
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

    Top-down models look at the same boxes of the same pictures. Bottom-up models look at the same
    pictures; people are paired by OKS, and whoever is found by one alone is reported. The exit code
    is 1 if --max-error is given and a keypoint differs by more, or is found by one alone.
    """
    check_json_target(json_path)
    with ExitStack() as stack:
        sides: list[Network] = []
        for model, backend, device, spec in (
            (a, backend_a, device_a, spec_a),
            (b or a, backend_b, device_b, spec_b),
        ):
            network = open_network(
                model, task=TASKS, spec=spec, backend=backend, device=device, threads=threads
            )
            stack.callback(network.close)
            sides.append(network)
        tasks = [side.spec.task for side in sides]
        if tasks[0] != tasks[1]:
            raise InputError(f"A and B must be for one task; got {tasks[0]!r} and {tasks[1]!r}")
        options = {"min_score": min_score, "worst": worst}
        found = (
            _compare_boxes(sides, people_of(images, annotations, limit), options)
            if tasks[0] == "top_down"
            else _compare_pictures(
                sides, pictures_of(images, annotations, limit), {**options, "min_oks": min_oks}
            )
        )
        titles = [f"{side.spec.name} ({', '.join(side.providers)})" for side in sides]
    if save is not None:
        save_worst(save, found, cast(Skeleton, sides[0].spec.keypoints), min_score)
    content = {
        "a": {"model": a, "backend": backend_a, "name": titles[0]},
        "b": {"model": b or a, "backend": backend_b, "name": titles[1]},
        "min_score": min_score,
        "max_error": max_error,
        "min_oks": min_oks if tasks[0] == "bottom_up" else None,
        **found.to_dict(),
    }
    if json_path != STANDARD_OUTPUT:
        show_agreement(found, titles)
    if json_path is not None:
        write_report(content, json_path)
    # Not "max > max_error": NaN, of no keypoint that counts, must not pass.
    if max_error is not None and not found.image_px.max <= max_error:
        complain(f"keypoints differ by up to {found.image_px.max:.4g} px; allowed: {max_error:g}")
        raise typer.Exit(FAILED)
    if max_error is not None and not found.is_complete:
        complain(
            f"{found.unmatched_a + found.unmatched_b} people and {found.only_a + found.only_b} "
            f"keypoints are found by one model alone"
        )
        raise typer.Exit(FAILED)


def _compare_boxes(
    sides: list[Network], people: list[PictureBoxes], options: dict[str, Any]
) -> Agreement:
    a, b = (TopDown(side) for side in sides)
    with progress(len(people), "pictures") as bar:
        return compare(a, b, people, progress=bar.step, **options)


def _compare_pictures(
    sides: list[Network], pictures: list[Path], options: dict[str, Any]
) -> Agreement:
    a, b = (BottomUp(side) for side in sides)
    with progress(len(pictures), "pictures") as bar:
        return compare_groups(a, b, pictures, progress=bar.step, **options)


def pictures_of(images: Path, annotations: Path | None, limit: int | None) -> list[Path]:
    """The pictures of a folder, or those that annotations name.

    Raises:
        InputError: The folder or a picture is not there.
    """
    _check_folder(images)
    if annotations is None:
        return expand_sources([str(images)], recursive=False)[:limit]
    dataset = read_coco(annotations)
    paths = [images / image.file_name for image in dataset.images][:limit]
    check_pictures(dataset, paths)
    return paths


def people_of(images: Path, annotations: Path | None, limit: int | None) -> list[PictureBoxes]:
    """The labelled people of a folder of pictures; without annotations each picture is one.

    Raises:
        InputError: The folder or a picture is not there.
    """
    if annotations is None:
        return [PictureBoxes(path, _whole(path)) for path in pictures_of(images, None, limit)]
    _check_folder(images)
    dataset = read_coco(annotations)
    labels = dataset.persons
    counted = labels.counts & labels.sized
    found = []
    for image in dataset.images:
        rows = np.flatnonzero(counted & (labels.image_id == image.id))
        if len(rows):
            found.append(PictureBoxes(images / image.file_name, labels.box[rows]))
        if limit is not None and len(found) == limit:
            break
    check_pictures(dataset, [picture.path for picture in found])
    return found


def _check_folder(images: Path) -> None:
    if not images.is_dir():
        raise InputError(f"--images must be a folder; got {images}")


def _whole(path: Path) -> Any:
    from edgepose.io.images import load_image

    height, width = load_image(path).shape[:2]
    return np.array([[-0.5, -0.5, width - 0.5, height - 0.5]])
