# SPDX-License-Identifier: Apache-2.0
"""A bottom-up model of others, channels last and in one output, by its contract in examples/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgepose.backends.base import Arrays, TensorInfo
from edgepose.evaluation import evaluate
from edgepose.io.coco import read_coco
from edgepose.io.images import load_image
from edgepose.pipelines import BottomUp, Network
from edgepose.pipelines.persons import persons_of_groups
from edgepose.spec import read_spec_file
from edgepose.types import Result, Timing

CONTRACT = Path(__file__).parents[2] / "examples/contracts/tf_pose_mobilenet_v2_small.spec.json"

openvino = pytest.importorskip("openvino", reason="needs edgepose[openvino]")


class Graph:
    """A TensorFlow graph in OpenVINO, as a session."""

    providers = ("CPU",)

    def __init__(self, path: Path) -> None:
        core = openvino.Core()
        graph = core.read_model(str(path))
        self._compiled = core.compile_model(graph, "CPU", {"INFERENCE_NUM_THREADS": 1})
        self.inputs = tuple(map(_info, graph.inputs))
        self.outputs = tuple(map(_info, graph.outputs))

    def run(self, inputs: Arrays, outputs: Sequence[str]) -> dict[str, Any]:
        """Runs the graph."""
        found = self._compiled(dict(inputs))
        return {name: np.array(found[self._compiled.output(name)]) for name in outputs}

    def bind(self, inputs: Arrays, outputs: Mapping[str, Any]) -> Callable[[], None]:
        """Runs the graph on the same arrays each time."""

        def go() -> None:
            for name, array in self.run(inputs, list(outputs)).items():
                outputs[name][...] = array

        return go

    def close(self) -> None:
        """Nothing to give back."""


def _info(port: Any) -> TensorInfo:
    shape = tuple(side.get_length() if side.is_static else None for side in port.partial_shape)
    return TensorInfo(next(iter(port.names)), shape, "float32")


class TfPose:
    """The pipeline that is evaluated."""

    def __init__(self, model: Path) -> None:
        self.find = BottomUp(Network(read_spec_file(CONTRACT), Graph(model)))
        self.skeleton = self.find.skeleton

    def __call__(self, source: Any, boxes: Any = None) -> Result:
        """The people of a photo."""
        assert boxes is None
        image = load_image(source)
        wh = (image.shape[1], image.shape[0])
        return Result(
            persons=persons_of_groups(self.find(image), self.skeleton, wh),
            image_wh=wh,
            model="tf-pose",
            detector=None,
            skeleton=self.skeleton,
            timing=Timing({}, 0.0),
            source=str(source),
            image=image,
        )


def test_people_of_photos(shared_dir: Path) -> None:
    """AP of the first 30 is 17.0; a wrong channel, colour or offset halves it."""
    model = shared_dir / "data/models/tf_pose_mobilenet_v2_small.pb"
    photos = shared_dir / "data/people/coco"
    if not (model.is_file() and photos.is_dir()):
        pytest.skip(f"model or photos not found in {shared_dir}")
    dataset = read_coco(photos / "person_keypoints_val.json").head(30)
    found = evaluate(TfPose(model), dataset, photos / "images", boxes="detector")
    assert len(found.keypoint_names) == 17, "the neck is not COCO's"
    ap = found.numbers()["AP"]
    assert ap is not None
    assert ap > 0.15
