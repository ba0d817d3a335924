# SPDX-License-Identifier: Apache-2.0
"""Float networks to quantize, and pictures to see them on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto
from tiny_models import BLUE, GREEN, NAMES, POSE_WH, RED, Graph, picture, pose_document

CELLS = [POSE_WH[1] // 4, POSE_WH[0] // 4]
SHAPE: list[int | str] = ["N", 3, *CELLS]
MIXED = [[1.0, 0.1, 0], [0, 1.0, 0.1], [0.1, 0, 1.0]]
BACK = np.linalg.inv(np.array(MIXED))


def write_residual(path: Path) -> Path:
    """The pose model by way of two convolutions with a Relu between, a sum and a Resize."""
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    pooled = graph.pool("x", 8, "pooled")
    mixed = graph.mix(pooled, MIXED, [0.01, 0, 0], "mixed")
    active = graph.node("Relu", [mixed], "active")
    back = graph.mix(active, BACK, (-BACK @ [0.01, 0, 0]).astype(np.float32), "back")
    scales = graph.weight([1, 1, 2, 2])
    large = graph.node(
        "Resize", [back, "", scales], "large", mode="nearest",
        coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip
    fine = graph.mix(graph.pool("x", 4, "fine_pooled"), np.eye(3), [0, 0, 0], "fine")
    total = graph.node("Add", [large, fine], "total")
    graph.mix(total, np.eye(3) / 2, [0, 0, 0], "maps")
    return graph.save(path, {"maps": SHAPE}, pose_document())


def write_collapsing(path: Path, gain: float = 1000.0) -> Path:
    """The pose model with its maps beside one of `gain` times their range, then without it."""
    graph = Graph(POSE_WH, "N", TensorProto.FLOAT)
    pooled = graph.pool("x", 4, "pooled")
    small = graph.mix(pooled, np.eye(3), [0, 0, 0], "small")
    huge = graph.mix(pooled, [[2 * gain, gain, gain / 2]], [-0.3 * gain], "huge")
    graph.node("Concat", [small, huge], "heads", axis=1)
    graph.mix("heads", np.eye(3, 4), [0, 0, 0], "maps")
    return graph.save(path, {"maps": SHAPE}, pose_document())


def photo(seed: int, wh: tuple[int, int] = (32, 48)) -> NDArray[np.uint8]:
    """A picture of its own with a dot of each colour, of any brightness above a third."""
    rng = np.random.default_rng(seed)
    dots = []
    for color in (RED, GREEN, BLUE):
        left, top = (4 * int(rng.integers(0, side // 4)) for side in wh)
        bright = int(rng.integers(90, 256))
        dots.append((left, top, tuple(value * bright // 255 for value in color)))
    return picture(wh, dots)  # type: ignore[arg-type]


def write_photos(folder: Path, count: int, first: int = 0) -> Path:
    """Fills a folder with pictures."""
    folder.mkdir(exist_ok=True)
    for seed in range(first, first + count):
        cv2.imwrite(str(folder / f"{seed:04d}.png"), photo(seed))
    return folder


def write_labels(path: Path, folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    """COCO annotations of a folder of these pictures: the dots' middles."""
    images: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for number, file in enumerate(sorted(folder.glob("*.png")), start=1):
        image = cv2.imread(str(file))
        assert image is not None
        points: list[float] = []
        for channel in (2, 1, 0):
            rows, columns = np.nonzero(image[..., channel])
            lit = len(rows) > 0
            points += [columns.mean(), rows.mean(), 2] if lit else [0.0, 0.0, 0]
        images.append({"id": number, "file_name": file.name, "width": 32, "height": 48})
        people.append(
            {
                "id": number, "image_id": number, "category_id": 1, "bbox": [-0.5, -0.5, 32, 48],
                "keypoints": [float(value) for value in points], "area": 1000.0,
            }
        )  # fmt: skip
    category = {"id": 1, "name": "person", "keypoints": list(names)}
    content = {"images": images, "annotations": people, "categories": [category]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
