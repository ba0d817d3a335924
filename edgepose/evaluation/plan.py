# SPDX-License-Identifier: Apache-2.0
"""What an evaluation does with each picture: shared keypoints, boxes to crop, what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import AnnotationError, InputError
from edgepose.io.coco import CocoDataset, CocoImage
from edgepose.io.coco_results import ImageBoxes
from edgepose.metrics.records import PersonLabels

if TYPE_CHECKING:
    from edgepose.types import Skeleton

BoxSource = Literal["gt", "detector"] | Mapping[int, ImageBoxes]


@dataclass(frozen=True, slots=True)
class SharedKeypoints:
    """Keypoints that the model and the data set both name, in the model's order."""

    names: tuple[str, ...]
    model_index: tuple[int, ...]
    dataset_index: tuple[int, ...]
    sigmas: tuple[float, ...]


def share_keypoints(skeleton: Skeleton, dataset: CocoDataset) -> SharedKeypoints:
    """Maps keypoints by name; the OKS constants are the model's, else the data set's.

    Raises:
        InputError: No name is shared, or neither side has OKS constants.
    """
    known = {name: index for index, name in enumerate(dataset.keypoint_names)}
    shared = [(i, name) for i, name in enumerate(skeleton.names) if name in known]
    if not shared:
        raise InputError(
            f"{dataset.path}: no keypoint name is shared with the model: "
            f"expected some of {_some(skeleton.names)}; got {_some(dataset.keypoint_names)}"
        )
    model_index = tuple(index for index, _ in shared)
    dataset_index = tuple(known[name] for _, name in shared)
    if skeleton.sigmas:
        sigmas = tuple(float(skeleton.sigmas[index]) for index in model_index)
    elif dataset.sigmas is not None:
        sigmas = tuple(dataset.sigmas[index] for index in dataset_index)
    else:
        raise InputError(f"{dataset.path}: neither the model nor the data set gives OKS sigmas")
    return SharedKeypoints(tuple(name for _, name in shared), model_index, dataset_index, sigmas)


def _some(names: tuple[str, ...], count: int = 5) -> str:
    return ", ".join(names[:count]) + (", ..." if len(names) > count else "")


@dataclass(frozen=True, slots=True, eq=False)
class ImagePlan:
    """One picture: its people that count, and the boxes to crop.

    Attributes:
        image: The picture.
        path: Its file.
        people: Rows of the labels that count, the persons PCK is measured on.
        boxes: [M,4] xyxy to crop; None lets the pipeline detect.
        box_score: [M] score of each box; None with a detector.
        rows: [M] row of the labels that each box belongs to; None unless the boxes are labels.
    """

    image: CocoImage
    path: Path
    people: NDArray[np.int64]
    boxes: NDArray[np.float64] | None
    box_score: NDArray[np.float64] | None
    rows: NDArray[np.int64] | None

    @property
    def runs(self) -> bool:
        """Whether there is anything to run the pipeline on."""
        return self.boxes is None or len(self.boxes) > 0


def plan_images(
    dataset: CocoDataset, labels: PersonLabels, folder: Path, source: BoxSource
) -> list[ImagePlan]:
    """Decides for each picture what to crop, and checks that the files are there.

    Args:
        dataset: The data set.
        labels: Its people with the shared keypoints only.
        folder: Where the pictures are.
        source: "gt" crops the labelled boxes of the people that count, "detector" leaves it to
            the pipeline, a mapping gives the boxes by image id.

    Raises:
        AnnotationError: Picture files are missing; the message counts them and names the first.
    """
    counts = labels.counts
    sized = labels.sized
    plans = []
    for image in dataset.images:
        people = np.flatnonzero((labels.image_id == image.id) & counts)
        boxes = score = rows = None
        if source == "gt":
            rows = people[sized[people]]
            boxes, score = labels.box[rows], np.ones(len(rows))
        elif isinstance(source, Mapping):
            given = source.get(image.id)
            boxes = given.boxes if given else np.zeros((0, 4))
            score = given.score if given else np.zeros(0)
        plans.append(ImagePlan(image, folder / image.file_name, people, boxes, score, rows))
    check_pictures(dataset, [plan.path for plan in plans if plan.runs])
    return plans


def check_pictures(dataset: CocoDataset, paths: Sequence[Path]) -> None:
    """Finds out before the work that pictures of a data set are not there.

    Raises:
        AnnotationError: Files are missing; the message counts them and names the first.
    """
    missing = [path for path in paths if not path.is_file()]
    if missing:
        others = f" (and {len(missing) - 1} more of {len(paths)})" if len(missing) > 1 else ""
        raise AnnotationError(f"{dataset.path}: picture not found: {missing[0]}{others}")


def left_out(
    dataset: CocoDataset, labels: PersonLabels, shared: SharedKeypoints, source: BoxSource
) -> dict[str, list[str]]:
    """What does not take part and why: reason -> entries."""
    crowd = labels.crowd
    unlabelled = ~crowd & ~labels.counts
    empty = labels.counts & ~labels.sized
    found = {
        "crowd regions, ignored": _ids(labels, crowd),
        "people without a shared labelled keypoint, ignored": _ids(labels, unlabelled),
        "keypoint names the model does not have, ignored": [
            name for name in dataset.keypoint_names if name not in shared.names
        ],
    }
    if source == "gt":
        found["people with an empty box, counted as missed"] = _ids(labels, empty)
    return {reason: entries for reason, entries in found.items() if entries}


def _ids(labels: PersonLabels, mask: NDArray[np.bool_]) -> list[str]:
    return [f"annotation {value}" for value in labels.annotation_id[mask].tolist()]
