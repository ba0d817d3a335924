# SPDX-License-Identifier: Apache-2.0
"""Says how accurate a network is, in points of 100, and how many it loses to another.

With labels it is COCO's AP: of the pose model on labelled boxes, or of the package's pose model on
the boxes that the detector finds. Without labels it is the agreement with the float network.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from edgepose.errors import InputError
from edgepose.evaluation import Evaluation, evaluate
from edgepose.io.coco import CocoDataset
from edgepose.pose import Pose
from edgepose.spec import Spec

from .agreement import compare
from .calibration import Crops
from .network import Network
from .observe import Floats, run_outputs

# As `edgepose val` does: AP ranks by score, so weak boxes count too.
MIN_BOX_SCORE = 0.05


@dataclass(frozen=True)
class Score:
    """Accuracy of one network.

    Attributes:
        value: Points, 0..100.
        numbers: What else was measured, by name.
        per_keypoint: Points by keypoint, where there are labels.
        evaluation: The whole evaluation, where there are labels.
    """

    value: float
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    per_keypoint: Mapping[str, float | None] = field(default_factory=dict)
    evaluation: Evaluation | None = None


class Judge(Protocol):
    """Measures networks."""

    @property
    def metric(self) -> str:
        """What a point is, such as "AP"."""
        ...

    @property
    def data(self) -> str:
        """What is measured on."""
        ...

    def score(self, network: Network) -> Score:
        """Accuracy of a network."""
        ...


class LabelJudge:
    """AP against labels.

    Args:
        spec: Contract of the network.
        dataset: Labelled people.
        folder: Their pictures.
    """

    def __init__(self, spec: Spec, dataset: CocoDataset, folder: Path) -> None:
        if spec.task not in ("top_down", "detector"):
            raise InputError(f"labels can judge top_down models and detectors; got {spec.task}")
        self.spec, self.dataset, self.folder = spec, dataset, folder
        self.metric = "AP" if spec.task == "top_down" else "AP of hrnet-s on its boxes"
        self.data = f"{dataset.path.name}: {len(dataset.images)} pictures"

    def score(self, network: Network) -> Score:
        """AP of a network with everything around it."""
        with tempfile.TemporaryDirectory(prefix="edgepose-") as name:
            path = Path(name, f"model{network.suffix}")
            network.write(path, self.spec)
            with self._pipeline(path, network.backend) as pose:
                boxes: Any = "gt" if self.spec.task == "top_down" else "detector"
                found = evaluate(pose, self.dataset, self.folder, boxes=boxes)
        numbers = found.numbers()
        value = numbers["AP"]
        if value is None:
            raise InputError(f"{self.dataset.path}: AP is not defined, nobody counts")
        per_keypoint = dict(
            zip(found.keypoint_names, map(_points, found.pck.per_keypoint), strict=True)
        )
        named = {name: None if each is None else 100 * each for name, each in numbers.items()}
        return Score(100 * value, named, per_keypoint, found)

    def _pipeline(self, path: Path, backend: str) -> Pose:
        if self.spec.task == "top_down":
            return Pose(path, detector=None, backend=backend)
        return Pose(detector=path, min_box_score=MIN_BOX_SCORE, backend=backend)


class AgreementJudge:
    """Agreement with the float network on the calibration crops, of which none is labelled.

    Args:
        spec: Contract of the network.
        crops: What to look at.
        reference: The float network's outputs for them.
    """

    def __init__(self, spec: Spec, crops: Crops, reference: Mapping[str, Floats]) -> None:
        self.spec, self.crops, self.reference = spec, crops, reference
        self.metric = f"agreement ({compare(spec, reference, reference).measure})"
        self.data = f"{len(crops)} calibration crops"

    def score(self, network: Network) -> Score:
        """Mean similarity to the float network."""
        found = compare(self.spec, self.reference, run_outputs(network, self.crops.inputs))
        distances = {f"distance {p}, input px": v for p, v in found.percentiles().items()}
        return Score(100 * found.value, distances)


def _points(share: Any) -> float | None:
    return None if np.isnan(share) else 100 * float(share)
