# SPDX-License-Identifier: Apache-2.0
"""Runs a person detector over a data set and measures its boxes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.evaluation.plan import check_pictures
from edgepose.io.coco import CocoDataset
from edgepose.io.coco_results import ImageBoxes
from edgepose.io.images import read_image
from edgepose.metrics.box_table import BoxMatches, match_boxes_of_image

# Height in px from which a person is tall: the mission's bar is the recall of these.
TALL_PX = 96.0
MIN_IOU = 0.5


class FindsBoxes(Protocol):
    """What can be evaluated; `edgepose.pipelines.Detector` is one."""

    def __call__(
        self, image: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float64], NDArray[np.floating[Any]]]:
        """Boxes [M,4] xyxy px and scores [M] of a BGR picture."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class DetectorEvaluation:
    """Numbers of a detector on one data set, at an overlap of 0.5.

    Attributes:
        matches: What became of each box and label.
        min_score: Score above which recall and precision are taken.
        images: Pictures.
        detect_ms: Mean milliseconds per picture, reading it not counted.
    """

    matches: BoxMatches
    min_score: float
    images: int
    detect_ms: float

    def numbers(self) -> dict[str, float | None]:
        """AP50, recall, that of tall people, precision and F1 as fractions; None if undefined."""
        recall = self.matches.recall(self.min_score)
        precision = self.matches.precision(self.min_score)
        total = recall + precision
        values = {
            "AP50": self.matches.average_precision,
            "recall": recall,
            f"recall>{TALL_PX:g}px": self.matches.recall(self.min_score, TALL_PX),
            "precision": precision,
            "F1": 2 * recall * precision / total if total > 0 else math.nan,
        }
        return {name: None if math.isnan(value) else value for name, value in values.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            **self.numbers(),
            "min_score": self.min_score,
            "images": self.images,
            "persons": len(self.matches.height),
            "boxes": len(self.matches.score),
            "detect_ms": round(self.detect_ms, 3),
        }


def evaluate_detector(
    detector: FindsBoxes,
    dataset: CocoDataset,
    folder: str | Path,
    *,
    min_score: float,
    ignored: Mapping[int, ImageBoxes] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DetectorEvaluation:
    """Measures a detector against the labelled boxes of a data set.

    Crowd regions count neither way, like the boxes of `ignored`.

    Args:
        detector: What to measure; it should give boxes of low scores too, for the AP.
        dataset: Annotations; people without keypoints count as well.
        folder: Where the pictures are.
        min_score: Score above which recall and precision are taken, 0..1.
        ignored: By image id, boxes of people that the annotations leave out.
        progress: Called with (pictures done, pictures) after each picture.

    Raises:
        InputError: `min_score` is not 0..1 (AnnotationError: a picture's file is missing).
        ImageError: A picture cannot be decoded.
    """
    if not 0 <= min_score <= 1:
        raise InputError(f"min_score must be 0..1; got {min_score!r}")
    paths = [Path(folder) / image.file_name for image in dataset.images]
    check_pictures(dataset, paths)
    people = dataset.persons
    counts = people.sized & ~people.crowd
    others = people.sized & ~counts
    matches, seconds = BoxMatches.empty(), 0.0
    for done, (image, path) in enumerate(zip(dataset.images, paths, strict=True), start=1):
        picture = read_image(path)
        start = time.perf_counter()
        boxes, score = detector(picture)
        seconds += time.perf_counter() - start
        here = people.image_id == image.id
        extra = (ignored or {}).get(image.id)
        left = [people.box[here & others]] + ([extra.boxes] if extra else [])
        matches += match_boxes_of_image(
            boxes,
            score.astype(np.float64),
            people.box[here & counts],
            np.concatenate(left),
            MIN_IOU,
        )
        if progress is not None:
            progress(done, len(paths))
    return DetectorEvaluation(matches, min_score, len(paths), 1e3 * seconds / max(len(paths), 1))
