# SPDX-License-Identifier: Apache-2.0
"""`edgepose pack-data`: packs pictures and labels into shards for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edgepose.errors import InputError


def pack_data(
    output: Annotated[
        Path, typer.Option(help="Folder of the shards.", metavar="DIR", show_default=False)
    ],
    prefix: Annotated[
        str, typer.Option(help="Start of the shards' names.", metavar="NAME", show_default=False)
    ],
    annotations: Annotated[
        Path | None,
        typer.Option(help="COCO keypoint annotations.", metavar="JSON", show_default=False),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(help="Folder of their pictures.", metavar="DIR", show_default=False),
    ] = None,
    extra_boxes: Annotated[
        Path | None,
        typer.Option(
            help="COCO results with a detector's boxes of people, for those without labels.",
            metavar="JSON",
            show_default=False,
        ),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            help="Folder of pictures without people, in place of annotations.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Pack annotated pictures, or pictures without people, into shards of at most 60 MB."""
    if (annotations is None) == (background is None):
        raise InputError("expected one of --annotations and --background")
    if Path(prefix).name != prefix or not prefix:
        raise InputError(f"--prefix must be a plain name; got {prefix!r}")
    from edgepose.train.records import background_records, read_coco_records  # late: OpenCV
    from edgepose.train.shards import pack

    if background is not None:
        if images is not None or extra_boxes is not None:
            raise InputError("--images and --extra-boxes belong to --annotations")
        written = pack(background_records(background), background, output, prefix)
    else:
        if annotations is None or images is None:
            raise InputError("--annotations needs --images, the folder of the pictures")
        if not images.is_dir():
            raise InputError(f"--images must be a folder; got {images}")
        records = read_coco_records(annotations, extra_boxes, images)
        people = sum(len(record.persons) for record in records)
        typer.echo(f"{len(records)} pictures, {people} people")
        written = pack(records, images, output, prefix)
    for path in written:
        typer.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
