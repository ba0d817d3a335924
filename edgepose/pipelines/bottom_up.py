# SPDX-License-Identifier: Apache-2.0
"""A whole picture to the keypoints of its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError, ModelError
from edgepose.geometry import apply_matrix
from edgepose.pipelines.detector import fill_crops, input_to_image
from edgepose.pipelines.network import Network
from edgepose.pipelines.people_codecs import Grouped, people_on_input
from edgepose.pipelines.stopwatch import Stopwatch
from edgepose.types import Skeleton

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


class BottomUp:
    """A network that looks at a whole picture. Several threads may use it at once.

    Args:
        network: A model for task "bottom_up".

    Example:
        >>> find = BottomUp(open_network("paf.onnx", task="bottom_up"))  # doctest: +SKIP
        >>> people = find(image)  # doctest: +SKIP
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.skeleton = cast(Skeleton, network.spec.keypoints)  # the task has them

    def __call__(
        self,
        image: NDArray[np.uint8],
        watch: Stopwatch | None = None,
        tap: Callable[[dict[str, Floats]], object] | None = None,
    ) -> Grouped:
        """Finds the people of a picture.

        Args:
            image: uint8 BGR [H, W, 3].
            watch: Takes the stages preprocess, pose and decode.
            tap: Is shown the network's outputs [C, H, W] by role; they change with the next run.

        Returns:
            Everybody; xy in image px, not cut to the picture.

        Raises:
            SpecError: An output is not what the contract says.
            ModelError: The network fails or gives values that are not finite.
        """
        watch = watch or Stopwatch()
        spec = self.network.spec
        matrix = input_to_image(spec.input, (image.shape[1], image.shape[0]))
        with self.network.workspace() as workspace:
            fill_crops(image, matrix, spec.input, workspace.crops(1))
            watch.lap("preprocess")
            outputs = {role: maps[0] for role, maps in workspace.run(1).items()}
            watch.lap("pose")
            if tap is not None:
                tap(outputs)
            people = self._decode(outputs, matrix)
            watch.lap("decode")
        return people

    def _decode(self, outputs: dict[str, Floats], matrix: Doubles) -> Grouped:
        spec = self.network.spec
        if not all(np.isfinite(maps).all() for maps in outputs.values()):
            raise ModelError(f"{spec.name}: the network gives values that are not finite")
        try:
            people = people_on_input(outputs, spec)
        except InputError as error:  # arrays are as the contract says, so the options are not
            raise ModelError(f"{spec.name}: {error}") from error
        xy = apply_matrix(matrix, people.xy.reshape(1, -1, 2)).reshape(people.xy.shape)
        xy = np.where(people.found[..., None], xy, 0.0)
        return Grouped(xy.astype(np.float32), people.keypoint_score, people.score)
