# SPDX-License-Identifier: Apache-2.0
"""Boxes of people to their keypoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError, ModelError
from edgepose.geometry import apply_matrix, crop_matrix
from edgepose.metrics.oks import oks_nms
from edgepose.pipelines.detector import fill_crops
from edgepose.pipelines.keypoint_codecs import keypoints_on_input
from edgepose.pipelines.network import Network
from edgepose.pipelines.stopwatch import Stopwatch
from edgepose.spec import HeatmapCodec, SimccCodec
from edgepose.types import Skeleton

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """Keypoints of N people as arrays.

    Attributes:
        box: [N, 4] float64 x1, y1, x2, y2 image px.
        box_score: [N].
        xy: [N, K, 2] float32 image px.
        keypoint_score: [N, K] float32, as the codec defines them.
    """

    box: Doubles
    box_score: NDArray[Any]
    xy: Floats
    keypoint_score: Floats

    def __len__(self) -> int:
        return len(self.box)

    @property
    def score(self) -> Doubles:
        """[N] score of the box times the mean score of the keypoints."""
        mean = self.keypoint_score.mean(axis=1, dtype=np.float64)
        return np.asarray(self.box_score * mean, np.float64)

    def take(self, rows: NDArray[np.int64]) -> Poses:
        """Some of the people, in this order."""
        return Poses(self.box[rows], self.box_score[rows], self.xy[rows], self.keypoint_score[rows])


class TopDown:
    """A network that looks at one person at a time. Several threads may use it at once.

    Args:
        network: A model for task "top_down".
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        # The contract of this task has keypoints and a padding.
        self.skeleton = cast(Skeleton, network.spec.keypoints)
        self._padding = cast(float, network.spec.input.box_padding)

    def __call__(
        self,
        image: NDArray[np.uint8],
        box: Doubles,
        box_score: NDArray[Any],
        watch: Stopwatch | None = None,
        tap: Callable[[dict[str, Floats]], object] | None = None,
    ) -> Poses:
        """Finds the keypoints of the person in each box.

        Args:
            image: uint8 BGR [H, W, 3].
            box: float64 [N, 4] x1, y1, x2, y2 image px with positive width and height; may lie
                outside the picture.
            box_score: [N].
            watch: Takes the stages preprocess, pose and decode.
            tap: Is shown the network's outputs by role after each run; they change with the next.

        Returns:
            One person per box, in the order of the boxes.

        Raises:
            InputError: A box without area.
            SpecError: An output is not what the contract says.
            ModelError: The network fails or gives values that are not finite.
        """
        watch = watch or Stopwatch()
        spec, count, joints = self.network.spec, len(box), len(self.skeleton)
        xy = np.empty((count, joints, 2), np.float32)
        score = np.empty((count, joints), np.float32)
        if count == 0:
            return Poses(box, box_score, xy, score)
        warp = cast("HeatmapCodec | SimccCodec", spec.codec).warp
        matrix = crop_matrix(box, spec.input.wh, padding=self._padding, warp=warp)
        with self.network.workspace() as workspace:
            for start in range(0, count, self.network.batch):
                rows = slice(start, min(start + self.network.batch, count))
                crops = workspace.crops(rows.stop - start)
                fill_crops(image, matrix[rows], spec.input, crops)
                watch.lap("preprocess")
                outputs = workspace.run(len(crops))
                watch.lap("pose")
                if tap is not None:
                    tap(outputs)
                xy[rows], score[rows] = self._decode(outputs, matrix[rows])
                watch.lap("decode")
        return Poses(box, box_score, xy, score)

    def _decode(self, outputs: dict[str, Floats], matrix: Doubles) -> tuple[Doubles, Floats]:
        """Outputs [n, ...] to image px [n, K, 2] and scores [n, K]."""
        spec = self.network.spec
        try:
            xy_in, score = keypoints_on_input(outputs, spec)
        except InputError as error:  # arrays are as the contract says, so the values are bad
            raise ModelError(f"{spec.name}: {error}") from error
        xy = apply_matrix(matrix, xy_in)
        if not (np.isfinite(xy).all() and np.isfinite(score).all()):
            raise ModelError(f"{spec.name}: the network gives values that are not finite")
        return xy, score


def suppress(poses: Poses, skeleton: Skeleton, threshold: float) -> Poses:
    """People found twice go, the rest is ordered by falling score.

    Two are the same if the OKS between them, over the mean of their boxes' areas, is above
    `threshold`. A skeleton without OKS constants has no such measure: all stay.
    """
    score = poses.score
    if not skeleton.sigmas or len(poses) < 2:
        return poses.take(np.argsort(-score, kind="stable"))
    area = np.prod(poses.box[:, 2:] - poses.box[:, :2], axis=1)
    kept = oks_nms(poses.xy, poses.keypoint_score, score, area, skeleton.sigmas, threshold)
    return poses.take(kept)
