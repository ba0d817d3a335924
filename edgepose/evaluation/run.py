# SPDX-License-Identifier: Apache-2.0
"""Runs a pipeline over a data set, one picture at a time.

Protocol: boxes go to the pipeline as they are (its model's contract says how they are padded);
no flip test. A person's score is the pipeline's times the score of the given box (1 for labels).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edgepose.evaluation.collect import Collected
from edgepose.evaluation.plan import (
    BoxSource,
    ImagePlan,
    SharedKeypoints,
    left_out,
    plan_images,
    share_keypoints,
)
from edgepose.evaluation.report import Evaluation
from edgepose.io.coco import CocoDataset
from edgepose.metrics.coco_eval import AreaPolicy, evaluate_keypoints
from edgepose.metrics.pck import PckCounts, match_boxes, pck
from edgepose.metrics.records import PersonLabels

if TYPE_CHECKING:
    from edgepose.types import Result, Skeleton


class Pipeline(Protocol):
    """What can be evaluated; `edgepose.Pose` is one."""

    @property
    def skeleton(self) -> Skeleton:
        """Keypoint names and OKS constants."""
        ...

    def __call__(
        self, source: str | Path, boxes: NDArray[np.floating[Any]] | None = None
    ) -> Result:
        """People in a picture; with boxes [M,4] xyxy one person per box, in their order."""
        ...


def evaluate(
    pipeline: Pipeline,
    dataset: CocoDataset,
    folder: str | Path,
    *,
    boxes: BoxSource = "gt",
    area: AreaPolicy = "annotation",
    pck_threshold: float = 0.1,
    pck_iou: float = 0.5,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Measures a pipeline with COCO's keypoint evaluation and PCK.

    Keypoints are mapped by name; those that only one side has do not take part. PCK divides by
    the long side of the labelled box (Yang and Ramanan); where the boxes are not the labels, a
    labelled person is paired with a prediction by overlap of their boxes, the highest first, and
    all its keypoints are wrong when none overlaps by `pck_iou`.

    Args:
        pipeline: What to measure.
        dataset: Annotations.
        folder: Where the pictures are.
        boxes: "gt" takes the labelled boxes, "detector" the pipeline's own, a mapping gives them
            by image id.
        area: Where a labelled person's area comes from: "annotation" or "box".
        pck_threshold: Share of the long side that is still correct.
        pck_iou: Least intersection over union that pairs a prediction with a label.
        progress: Called with (pictures done, pictures) after each picture.

    Returns:
        The numbers and everything that was predicted.

    Raises:
        InputError: No keypoint is shared (AnnotationError: a picture's file is missing).
        ImageError: A picture cannot be decoded.

    Example:
        >>> evaluation = evaluate(edgepose.Pose(), read_coco("val.json"), "images")
        >>> evaluation.table.stats["AP"]
        0.5028...
    """
    shared = share_keypoints(pipeline.skeleton, dataset)
    labels = dataset.persons.with_keypoints(shared.dataset_index)
    plans = plan_images(dataset, labels, Path(folder), boxes)
    excluded = left_out(dataset, labels, shared, boxes)
    people = Collected(len(pipeline.skeleton.names))
    correct = PckCounts(
        np.zeros(len(shared.names), np.int64), np.zeros(len(shared.names), np.int64)
    )
    for done, plan in enumerate(plans, start=1):
        start = people.count
        if plan.runs:
            result = pipeline(plan.path, boxes=plan.boxes)
            people.add(result, plan)
            if _resized(result, plan):
                reason = "pictures of another size than their annotation says"
                excluded.setdefault(reason, []).append(plan.image.file_name)
        found_xy, found_box = people.since(start)
        correct += _pck(plan, labels, shared, found_xy, found_box, pck_threshold, pck_iou)
        if progress is not None:
            progress(done, len(plans))
    predictions = people.predictions()
    table = evaluate_keypoints(
        labels,
        predictions.with_keypoints(shared.model_index),
        sigmas=shared.sigmas,
        area=area,
        image_ids=[image.id for image in dataset.images],
    )
    return Evaluation(
        table=table,
        pck=correct,
        pck_threshold=pck_threshold,
        images=len(plans),
        keypoint_names=shared.names,
        predictions=predictions,
        left_out=excluded,
        model=people.model,
        detector=people.detector,
        timing_ms=people.mean_timing(),
    )


def _resized(result: Result, plan: ImagePlan) -> bool:
    given = (plan.image.width, plan.image.height)
    return any(a is not None and a != b for a, b in zip(given, result.image_wh, strict=True))


def _pck(
    plan: ImagePlan,
    labels: PersonLabels,
    shared: SharedKeypoints,
    xy: NDArray[np.float64],
    box: NDArray[np.float64],
    threshold: float,
    iou: float,
) -> PckCounts:
    """Counts of one picture; `xy` [M,K,2] and `box` [M,4] are its predictions."""
    rows = plan.people
    predicted = np.full((len(rows), len(shared.names), 2), np.nan)
    if plan.rows is not None:
        match = np.searchsorted(plan.rows, rows)
        found = np.isin(rows, plan.rows)
    else:
        match = match_boxes(box, labels.box[rows], iou)
        found = match >= 0
    predicted[found] = xy[match[found]][:, list(shared.model_index)]
    # An empty box has no long side; its person is not found and wrong whatever the size.
    size = np.maximum((labels.box[rows, 2:] - labels.box[rows, :2]).max(axis=1, initial=0), 1e-9)
    return pck(predicted, labels.xy[rows], labels.visible[rows], size, threshold)
