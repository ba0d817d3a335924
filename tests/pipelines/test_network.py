# SPDX-License-Identifier: Apache-2.0
"""Networks, their contracts and their buffers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_models import (
    centers_document,
    input_part,
    pose_document,
    write_centers,
    write_pose,
    write_yolox,
    yolox_document,
)

from edgepose.backends import OnnxRuntimeOptions, OpenVinoOptions
from edgepose.errors import InputError, ModelError, SpecError
from edgepose.pipelines import Network, open_network
from edgepose.spec import Spec


def pose_network(path: Path, **options: Any) -> Network:
    return open_network(write_pose(path / "pose.onnx"), task="top_down", **options)


def fill(network: Network, values: list[float]) -> list[float]:
    """Runs grey crops and tells the mean of each one's heatmaps."""
    with network.workspace() as workspace:
        crops = workspace.crops(len(values))
        crops[:] = np.array(values, np.float32)[:, None, None, None]
        outputs = workspace.run(len(values))
        assert list(outputs) == ["heatmap"]
        assert outputs["heatmap"].shape == (len(values), 3, 12, 8)
        return [round(float(value), 4) for value in outputs["heatmap"].mean(axis=(1, 2, 3))]


@pytest.mark.parametrize("counts", [(1, 2, 5, 3, 16, 1), (16, 1, 16), (3, 3, 3)], ids=str)
def test_buffers_serve_any_count(tmp_path: Path, counts: tuple[int, ...]) -> None:
    network = pose_network(tmp_path)
    for seed, count in enumerate(counts):
        values = [round(0.01 * (seed + index), 4) for index in range(count)]
        assert fill(network, values) == values


def test_buffers_are_kept(tmp_path: Path) -> None:
    network = pose_network(tmp_path)
    with network.workspace() as first:
        first.crops(4)
    with network.workspace() as again, network.workspace() as other:
        assert again is first
        assert other is not first


def test_fixed_batch_is_filled_up(tmp_path: Path) -> None:
    network = open_network(write_pose(tmp_path / "pose.onnx", batch=4), task="top_down")
    assert (network.batch, network.is_fixed) == (4, True)
    for values in ([0.5], [0.25, 0.5, 0.75], [0.5, 0.25, 0.5, 1.0]):
        assert fill(network, values) == values


@pytest.mark.parametrize("kind", [OnnxRuntimeOptions, OpenVinoOptions], ids=["ort", "openvino"])
def test_buckets_are_filled_up(tmp_path: Path, kind: Any) -> None:
    backend = "onnxruntime" if kind is OnnxRuntimeOptions else "openvino"
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    options = kind(batch_buckets=(2, 5))
    network = pose_network(tmp_path, options=options, backend=backend, max_batch=64)
    assert (network.batch, network.is_fixed) == (5, False)
    assert [network.rows(count) for count in (1, 2, 3, 5)] == [2, 2, 5, 5]
    for values in ([0.5], [0.25, 0.5, 0.75], [0.5, 0.25], [0.1, 0.2, 0.3, 0.4, 0.5]):
        assert fill(network, values) == values


def test_free_batch_is_bounded(tmp_path: Path) -> None:
    assert pose_network(tmp_path).batch == 16
    network = pose_network(tmp_path, max_batch=3)
    assert (network.batch, network.is_fixed) == (3, False)


def test_threads_have_buffers_of_their_own(tmp_path: Path) -> None:
    network = pose_network(tmp_path)

    def work(seed: int) -> bool:
        values = [round(0.01 * seed + 0.001 * index, 4) for index in range(seed % 5 + 1)]
        return all(fill(network, values) == values for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(12)))


@pytest.mark.parametrize("how", ["inside", "beside", "file", "object"])
def test_contract_comes_from(tmp_path: Path, how: str) -> None:
    inside = how == "inside"
    model = write_pose(tmp_path / "pose.onnx", None if inside else {})
    spec = Spec.from_dict(pose_document())
    file = tmp_path / ("pose.spec.json" if how == "beside" else "other.json")
    file.write_text(spec.to_json(), encoding="utf-8")
    given: Any = {"file": file, "object": spec}.get(how)
    assert open_network(model, task="top_down", spec=given).spec == spec


def test_no_contract(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"the model carries no edgepose\.spec"):
        open_network(write_pose(tmp_path / "pose.onnx", {}), task="top_down")


def changed(document: dict[str, Any], part: str, **values: Any) -> dict[str, Any]:
    return {**document, part: {**document[part], **values}}


LIES = {
    "input_name": (
        changed(pose_document(), "input", name="data"),
        "input.name: the model must have the one input 'data'; it has 'x'",
    ),
    "input_size": (
        changed(pose_document(), "input", width=64),
        (
            "input: 'x' must be float32 [N, 3, 48, 64] by the contract; "
            "the model declares float32 [N, 3, 48, 32]"
        ),
    ),
    "output_name": (
        changed(pose_document(), "outputs", heatmap="heat"),
        "outputs.heatmap: the model must have the output 'heat'; it has 'maps'",
    ),
    "stride": (
        changed(pose_document(), "codec", stride=2),
        (
            "outputs.heatmap: 'maps' must be float32 [N, 3, 24, 16] by the contract; "
            "the model declares float32 [N, 3, 12, 8]"
        ),
    ),
    "keypoints": (
        changed(pose_document(), "keypoints", names=["a", "b", "c", "d"], sigmas=[]),
        (
            "outputs.heatmap: 'maps' must be float32 [N, 4, 12, 8] by the contract; "
            "the model declares float32 [N, 3, 12, 8]"
        ),
    ),
}


@pytest.mark.parametrize(("document", "message"), LIES.values(), ids=LIES)
def test_contract_that_lies(tmp_path: Path, document: dict[str, Any], message: str) -> None:
    model = write_pose(tmp_path / "pose.onnx", document)
    with pytest.raises(SpecError) as caught:
        open_network(model, task="top_down")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("write", "document", "message"),
    [
        (write_centers, changed(centers_document(), "codec", stride=4), "outputs.heatmap: 'heat'"),
        (
            write_centers,
            centers_document(outputs={"heatmap": "heat", "size": "heat2", "offset": "offset"}),
            "outputs.size: the model must have the output 'heat2'",
        ),
        (write_yolox, changed(yolox_document(), "codec", strides=[8, 16]), "[N, 80, 6"),
        (write_yolox, changed(yolox_document(), "codec", class_index=3), "[N, 64, 9"),
        (
            write_yolox,
            yolox_document(input=input_part((32, 32), "stretch")),
            "input: 'x' must be float32 [N, 3, 32, 32]",
        ),
    ],
    ids=["stride", "output", "levels", "class", "size"],
)
def test_detector_contract_that_lies(
    tmp_path: Path, write: Any, document: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        open_network(write(tmp_path / "d.onnx", document), task="detector")
    assert message in str(caught.value)


def test_lie_that_shows_when_run(tmp_path: Path) -> None:
    """A model that declares no sizes is found out by its first output."""
    import onnx

    model = write_pose(tmp_path / "pose.onnx", {})
    loaded = onnx.load(model)
    for axis in loaded.graph.output[0].type.tensor_type.shape.dim:
        axis.dim_param = "free"
        axis.ClearField("dim_value")
        axis.dim_param = f"free{id(axis)}"
    for axis in loaded.graph.input[0].type.tensor_type.shape.dim[2:]:
        axis.ClearField("dim_value")
        axis.dim_param = "side"
    onnx.save(loaded, model)
    spec = Spec.from_dict(changed(pose_document(), "codec", stride=8))
    network = open_network(model, task="top_down", spec=spec)
    with network.workspace() as workspace:
        workspace.crops(2)
        with pytest.raises(SpecError, match=r"outputs\.heatmap: 'maps' must be") as caught:
            workspace.run(2)
    assert "the model gives float32 [2, 3, 12, 8]" in str(caught.value)


@pytest.mark.parametrize(
    ("task", "write", "got"),
    [("detector", write_pose, "top_down"), ("top_down", write_centers, "detector")],
    ids=["detector", "pose"],
)
def test_model_for_another_task(tmp_path: Path, task: str, write: Any, got: str) -> None:
    with pytest.raises(InputError, match=f"expected a model for task '{task}'; got '{got}'"):
        open_network(write(tmp_path / "m.onnx"), task=task)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "4"], ids=repr)
def test_max_batch(tmp_path: Path, value: Any) -> None:
    with pytest.raises(InputError, match="max_batch must be a whole number of at least 1"):
        pose_network(tmp_path, max_batch=value)


def test_broken_model(tmp_path: Path) -> None:
    file = tmp_path / "m.onnx"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=r"m\.onnx"):
        open_network(file, task="top_down")
