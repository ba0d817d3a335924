# SPDX-License-Identifier: Apache-2.0
"""Reader of COCO keypoint annotations, for any keypoint set.

Source: the data format page of the COCO data set (Lin et al., Microsoft COCO: Common Objects in
Context). `ignore` of an annotation is not read: COCO's own evaluation replaces it by `iscrowd`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError
from edgepose.io.coco_fields import Entry, load_json, section
from edgepose.metrics.records import PersonLabels


@dataclass(frozen=True, slots=True)
class CocoImage:
    """One picture of a data set; width and height in pixels, None where not given."""

    id: int
    file_name: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, eq=False)
class CocoDataset:
    """People of one category with their pictures.

    Attributes:
        path: The file read.
        images: Pictures in the file's order.
        category_id: The category that has the keypoints.
        keypoint_names: [K] names.
        edges: Pairs of 0-based keypoint indices.
        sigmas: [K] OKS constants where the category carries `sigmas`, else None.
        persons: All its people, crowds included, in the file's order.
    """

    path: Path
    images: tuple[CocoImage, ...]
    category_id: int
    keypoint_names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    sigmas: tuple[float, ...] | None
    persons: PersonLabels

    def head(self, count: int) -> CocoDataset:
        """The same data set with only its first `count` pictures and their people."""
        images = self.images[:count]
        kept = np.isin(self.persons.image_id, [image.id for image in images])
        return CocoDataset(
            self.path,
            images,
            self.category_id,
            self.keypoint_names,
            self.edges,
            self.sigmas,
            self.persons.take(kept),
        )


def read_coco(path: str | Path, *, category: str | None = None) -> CocoDataset:
    """Reads a COCO keypoint file and checks every entry that is used.

    Args:
        path: The JSON file.
        category: Name of the category to read; the only one that has keypoints when None, or
            `person` where there are several.

    Returns:
        The data set.

    Raises:
        AnnotationError: The file cannot be read, or an entry is wrong; the message names both.

    Example:
        >>> read_coco("person_keypoints_val.json").keypoint_names[0]
        'nose'
    """
    file = Path(path)
    root = load_json(file)
    chosen = _category(file, section(file, root, "categories"), category)
    names = tuple(chosen.strings("keypoints"))
    if len(set(names)) != len(names):
        raise chosen.error("keypoints must have distinct names")
    images = _images(file, section(file, root, "images"))
    category_id = chosen.integer("id")
    return CocoDataset(
        path=file,
        images=images,
        category_id=category_id,
        keypoint_names=names,
        edges=_edges(chosen, len(names)),
        sigmas=_sigmas(chosen, len(names)),
        persons=_persons(
            section(file, root, "annotations"),
            category_id,
            len(names),
            frozenset(image.id for image in images),
        ),
    )


def _category(file: Path, entries: list[Entry], name: str | None) -> Entry:
    """The category to read; see `read_coco`."""
    usable = [entry for entry in entries if entry.get("keypoints")]
    if name is not None:
        usable = [entry for entry in usable if entry.get("name") == name]
    if len(usable) > 1:
        usable = [entry for entry in usable if entry.get("name") == "person"] or usable
    if len(usable) == 1:
        return usable[0]
    wanted = "a category with keypoints" if name is None else f"a category {name!r} with keypoints"
    found = ", ".join(repr(entry.get("name")) for entry in usable or entries) or "none"
    raise AnnotationError(f"{file}: categories must hold {wanted}; got {found}")


def _edges(category: Entry, count: int) -> tuple[tuple[int, int], ...]:
    """COCO's 1-based skeleton as 0-based pairs."""
    edges = []
    for pair in category.get("skeleton") or []:
        if not (
            isinstance(pair, list)
            and len(pair) == 2
            and all(type(end) is int and 1 <= end <= count for end in pair)
        ):
            raise category.error(f"skeleton must hold pairs of 1..{count}; got {pair!r}")
        edges.append((pair[0] - 1, pair[1] - 1))
    return tuple(edges)


def _sigmas(category: Entry, count: int) -> tuple[float, ...] | None:
    if category.get("sigmas") is None:
        return None
    sigmas = category.numbers("sigmas", count)
    if not (sigmas > 0).all():
        raise category.error("sigmas must be positive")
    return tuple(sigmas.tolist())


def _images(file: Path, entries: list[Entry]) -> tuple[CocoImage, ...]:
    images: dict[int, CocoImage] = {}
    for entry in entries:
        image = CocoImage(
            id=entry.integer("id"),
            file_name=entry.string("file_name"),
            width=entry.size("width"),
            height=entry.size("height"),
        )
        if image.id in images:
            raise entry.error(f"id {image.id} occurs more than once among the images")
        images[image.id] = image
    if not images:
        raise AnnotationError(f"{file}: images is empty; expected at least one picture")
    return tuple(images.values())


def _persons(
    entries: list[Entry], category_id: int, count: int, image_ids: frozenset[int]
) -> PersonLabels:
    """Columns of the annotations of one category."""
    rows: list[tuple[Any, ...]] = []
    seen: set[int] = set()
    for entry in entries:
        if entry.integer("category_id") != category_id:
            continue
        annotation_id, image_id = entry.integer("id"), entry.integer("image_id")
        if annotation_id in seen:
            raise entry.error(f"id {annotation_id} occurs more than once among the annotations")
        seen.add(annotation_id)
        if image_id not in image_ids:
            raise entry.error(f"image_id {image_id} is not among the images")
        points: NDArray[np.float64] = entry.numbers("keypoints", 3 * count).reshape(count, 3)
        # A declared count of 0 leaves the person out, as in COCO's evaluation.
        unlabelled = "num_keypoints" in entry.data and entry.integer("num_keypoints") == 0
        area = entry.number("area") if entry.get("area") is not None else np.nan
        if area < 0:
            raise entry.error(f"area must not be negative; got {area}")
        crowd = entry.get("iscrowd", 0)
        if crowd not in (0, 1):
            raise entry.error(f"iscrowd must be 0 or 1; got {crowd!r}")
        rows.append(
            (
                image_id,
                points[:, :2],
                points[:, 2] > 0,
                entry.box(),
                area,
                bool(crowd),
                unlabelled,
                annotation_id,
            )
        )
    columns = list(zip(*rows, strict=True)) or [()] * 8
    points_xy = np.array(columns[1], dtype=np.float64).reshape(len(rows), count, 2)
    visible = np.array(columns[2], dtype=np.bool_).reshape(len(rows), count)
    return PersonLabels(columns[0], points_xy, visible, *columns[3:])  # type: ignore[arg-type]
