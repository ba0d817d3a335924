# SPDX-License-Identifier: Apache-2.0
"""Models of a few numbers whose answers can be told from the picture, made with onnx alone.

Inputs are 0..1: the contracts divide by 255. The pose model's heatmaps are the picture's red, green
and blue in cells of 4x4 px, so a coloured dot is a keypoint. The detectors find a person of fixed
size at each red dot, in cells of 8x8 px.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from edgepose.spec import Spec, write_spec

NAMES = ("red", "green", "blue")
POSE_WH = (32, 48)
DETECTOR_WH = (64, 64)
WHOLE_WH = (64, 48)
BOX_WH = (16.0, 24.0)  # px of the detectors' input


def input_part(wh: tuple[int, int], resize: str, **more: Any) -> dict[str, Any]:
    """The contract's `input`."""
    return {
        "name": "x",
        "width": wh[0],
        "height": wh[1],
        "layout": "NCHW",
        "dtype": "float32",
        "color": "rgb",
        "mean": [0, 0, 0],
        "std": [255, 255, 255],
        "resize": resize,
        "pad_value": 0,
        **more,
    }


def document(name: str, task: str, **parts: Any) -> dict[str, Any]:
    """A contract as a dictionary."""
    return {
        "edgepose_spec": 1,
        "name": name,
        "task": task,
        **parts,
        "training": {"data": [], "description": "made by hand"},
        "license": "Apache-2.0",
    }


def pose_document(**changes: Any) -> dict[str, Any]:
    """Contract of the pose model."""
    parts: dict[str, Any] = {
        "input": input_part(POSE_WH, "crop", box_padding=1.0),
        "codec": {"type": "heatmap", "stride": 4, "warp": "half_pixel", "subpixel": "none"},
        "outputs": {"heatmap": "maps"},
        "keypoints": {
            "names": list(NAMES),
            "edges": [[0, 1], [1, 2]],
            "flip_pairs": [[1, 2]],
            "sigmas": [0.1, 0.1, 0.1],
        },
    }
    return document("tiny-pose", "top_down", **{**parts, **changes})


def centers_document(**changes: Any) -> dict[str, Any]:
    """Contract of the `centers` detector."""
    codec = {"type": "centers", "stride": 8, "score_threshold": 0.3, "nms_iou": 0.6, "max_boxes": 9}
    parts: dict[str, Any] = {
        "input": input_part(DETECTOR_WH, "letterbox", anchor="center"),
        "codec": codec,
        "outputs": {"heatmap": "heat", "size": "size", "offset": "offset"},
    }
    return document("tiny-centers", "detector", **{**parts, **changes})


def yolox_document(**changes: Any) -> dict[str, Any]:
    """Contract of the `yolox` detector."""
    codec = {"type": "yolox", "strides": [8], "class_index": 0, "score_threshold": 0.3}
    parts: dict[str, Any] = {
        "input": input_part(DETECTOR_WH, "stretch"),
        "codec": {**codec, "nms_iou": 0.6, "max_boxes": 9},
        "outputs": {"predictions": "rows"},
    }
    return document("tiny-yolox", "detector", **{**parts, **changes})


class Graph:
    """A graph under construction; every method adds a node and gives the name of its output."""

    def __init__(self, wh: tuple[int, int], batch: int | str, dtype: int) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.input = helper.make_tensor_value_info("x", dtype, [batch, 3, wh[1], wh[0]])

    def weight(self, values: Any, dtype: Any = np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def mix(self, source: str, weights: Any, bias: Any, output: str) -> str:
        """A 1x1 convolution: weights [out, in], bias [out]."""
        kernel = self.weight(np.asarray(weights, np.float32)[:, :, None, None])
        return self.node("Conv", [source, kernel, self.weight(bias)], output)

    def pool(self, source: str, cell: int, output: str) -> str:
        sides = [cell, cell]
        return self.node("AveragePool", [source], output, kernel_shape=sides, strides=sides)

    def save(self, path: Path, outputs: dict[str, list[int | str]], spec: Any = None) -> Path:
        values = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "tiny", [self.input], values, self.weights)
        opsets = [helper.make_opsetid("", 17)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
        if spec is not None:
            write_spec(path, Spec.from_dict(spec), path)
        return path


def write_pose(
    path: Path, spec: dict[str, Any] | None = None, *, batch: int | str = "N", bias: float = 0.0
) -> Path:
    """Writes the pose model; `bias` is added to each heatmap, `spec={}` leaves the contract out."""
    graph = Graph(POSE_WH, batch, TensorProto.FLOAT)
    pooled = graph.pool("x", 4, "pooled")
    graph.mix(pooled, np.eye(3), [bias] * 3, "maps")
    shape = [batch, 3, POSE_WH[1] // 4, POSE_WH[0] // 4]
    return graph.save(path, {"maps": shape}, pose_document() if spec is None else spec or None)


def write_centers(path: Path, spec: dict[str, Any] | None = None) -> Path:
    """Writes the `centers` detector for one picture at a time."""
    graph = Graph(DETECTOR_WH, 1, TensorProto.FLOAT)
    pooled = graph.pool("x", 8, "pooled")
    graph.mix(pooled, [[1, 0, 0]], [0], "heat")
    graph.mix(pooled, np.zeros((2, 3)), BOX_WH, "size")
    graph.mix(pooled, np.zeros((2, 3)), [0, 0], "offset")
    cells = [DETECTOR_WH[1] // 8, DETECTOR_WH[0] // 8]
    shapes: dict[str, list[int | str]] = {
        "heat": [1, 1, *cells],
        "size": [1, 2, *cells],
        "offset": [1, 2, *cells],
    }
    return graph.save(path, shapes, centers_document() if spec is None else spec or None)


def write_simcc(path: Path, spec: dict[str, Any] | None = None) -> Path:
    """Writes the `simcc` model: the highest red, green and blue of each column and row."""
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    for axis, output in ((2, "xs"), (3, "ys")):
        graph.node("ReduceMax", ["x"], output, axes=[axis], keepdims=0)
    shapes: dict[str, list[int | str]] = {
        "xs": ["N", 3, POSE_WH[0]],
        "ys": ["N", 3, POSE_WH[1]],
    }
    return graph.save(path, shapes, simcc_document() if spec is None else spec or None)


def write_paf(path: Path, spec: dict[str, Any] | None = None, *, bias: float = 1.0) -> Path:
    """Writes the `paf` model: the field points right everywhere, `bias` long."""
    graph = Graph(WHOLE_WH, 1, TensorProto.FLOAT)
    pooled = graph.pool("x", 4, "pooled")
    graph.mix(pooled, np.eye(3), [0] * 3, "heat")
    graph.mix(pooled, np.zeros((2, 3)), [bias, 0], "paf")
    cells = [WHOLE_WH[1] // 4, WHOLE_WH[0] // 4]
    shapes: dict[str, list[int | str]] = {"heat": [1, 3, *cells], "paf": [1, 2, *cells]}
    return graph.save(path, shapes, paf_document() if spec is None else spec or None)


def write_joined_paf(path: Path, spec: dict[str, Any]) -> Path:
    """Writes the `paf` model with channels last and both kinds of maps in the output `maps`."""
    graph = Graph(WHOLE_WH, 1, TensorProto.FLOAT)
    shape = [1, WHOLE_WH[1], WHOLE_WH[0], 3]
    graph.input = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    first = graph.node("Transpose", ["x"], "first", perm=[0, 3, 1, 2])
    weights = np.concatenate([np.eye(3), np.zeros((2, 3))])
    mixed = graph.mix(graph.pool(first, 4, "pooled"), weights, [0, 0, 0, 1, 0], "mixed")
    graph.node("Transpose", [mixed], "maps", perm=[0, 2, 3, 1])
    return graph.save(path, {"maps": [1, WHOLE_WH[1] // 4, WHOLE_WH[0] // 4, 5]}, spec)


def write_tags(path: Path, spec: dict[str, Any] | None = None) -> Path:
    """Writes the `tags` model: a tag is (row of the map, 0)."""
    graph = Graph(WHOLE_WH, 1, TensorProto.FLOAT)
    pooled = graph.pool("x", 4, "pooled")
    graph.mix(pooled, np.eye(3), [0] * 3, "heat")
    nothing = graph.mix(pooled, np.zeros((6, 3)), [0] * 6, "nothing")
    cells = [WHOLE_WH[1] // 4, WHOLE_WH[0] // 4]
    rows = np.zeros((1, 6, *cells), np.float32)
    rows[0, :3] = np.arange(cells[0])[:, None]
    graph.node("Add", [nothing, graph.weight(rows)], "tags")
    shapes: dict[str, list[int | str]] = {"heat": [1, 3, *cells], "tags": [1, 6, *cells]}
    return graph.save(path, shapes, tags_document() if spec is None else spec or None)


def write_yolox(path: Path, spec: dict[str, Any] | None = None) -> Path:
    """Writes the `yolox` detector for one picture at a time."""
    graph = Graph(DETECTOR_WH, 1, TensorProto.FLOAT)
    pooled = graph.pool("x", 8, "pooled")
    weights = np.zeros((6, 3))
    weights[4, 0] = 1
    bias = [0.5, 0.5, math.log(BOX_WH[0] / 8), math.log(BOX_WH[1] / 8), 0, 1]
    mixed = graph.mix(pooled, weights, bias, "mixed")
    flat = graph.node("Reshape", [mixed, graph.weight([1, 6, -1], np.int64)], "flat")
    graph.node("Transpose", [flat], "rows", perm=[0, 2, 1])
    rows = (DETECTOR_WH[0] // 8) * (DETECTOR_WH[1] // 8)
    document = yolox_document() if spec is None else spec or None
    return graph.save(path, {"rows": [1, rows, 6]}, document)


def simcc_document(**codec: Any) -> dict[str, Any]:
    """Contract of the `simcc` model."""
    found = {"type": "simcc", "split_ratio": 1, "warp": "half_pixel", "subpixel": "none"}
    return {
        **pose_document(),
        "name": "tiny-simcc",
        "codec": {**found, "score": "value", "joined_score": "smaller", **codec},
        "outputs": {"simcc_x": "xs", "simcc_y": "ys"},
    }


def paf_document(**codec: Any) -> dict[str, Any]:
    """Contract of the `paf` model; limbs go from red over green to blue."""
    found = {"type": "paf", "stride": 4, "warp": "half_pixel", "preset": "openpose", "upscale": 1}
    peaks = {"peak_threshold": 0.3, "sample_threshold": 0.05, "min_fraction": 0.8}
    people = {"matching": "greedy", "min_joints": 2, "min_joint_score": 0.1, "max_people": 9}
    limbs = {"limbs": [[0, 1, 0, 1], [1, 2, 0, 1]], "redundant": [], "uncounted": []}
    parts: dict[str, Any] = {
        "input": input_part(WHOLE_WH, "letterbox", anchor="center"),
        "codec": {**found, **peaks, **people, **limbs, **codec},
        "outputs": {"heatmap": "heat", "paf": "paf"},
        "keypoints": pose_document()["keypoints"],
    }
    return document("tiny-paf", "bottom_up", **parts)


def tags_document(**codec: Any) -> dict[str, Any]:
    """Contract of the `tags` model."""
    found = {"type": "tags", "stride": 4, "warp": "half_pixel", "tag_dimensions": 2}
    peaks = {"nms_kernel": 3, "peak_threshold": 0.3, "tag_threshold": 5, "person_threshold": 0.1}
    people = {"max_people": 9, "use_detection_val": True, "ignore_too_much": False}
    more = {"merge_equal_tags": True, "adjust": False, "refine": False, "joint_order": [0, 1, 2]}
    return {
        **paf_document(),
        "name": "tiny-tags",
        "codec": {**found, **peaks, **people, **more, **codec},
        "outputs": {"heatmap": "heat", "tags": "tags"},
    }


def picture(
    wh: tuple[int, int], dots: list[tuple[int, int, tuple[int, int, int]]], side: int = 4
) -> NDArray[np.uint8]:
    """A black BGR picture with squares: (left, top, (blue, green, red))."""
    image = np.zeros((wh[1], wh[0], 3), np.uint8)
    for left, top, color in dots:
        image[top : top + side, left : left + side] = color
    return image


RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
