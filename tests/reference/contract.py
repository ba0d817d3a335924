# SPDX-License-Identifier: Apache-2.0
"""Contracts to test with, and what the JSON Schema cannot say about one, written out slowly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def top_down_document() -> dict[str, Any]:
    """A contract of a small pose network."""
    return {
        "edgepose_spec": 1,
        "name": "tiny-pose",
        "task": "top_down",
        "input": {
            "name": "image",
            "width": 48,
            "height": 64,
            "layout": "NCHW",
            "dtype": "float32",
            "color": "rgb",
            "mean": [123.675, 116.28, 103.53],
            "std": [58.395, 57.12, 57.375],
            "resize": "crop",
            "pad_value": 0,
            "box_padding": 1.25,
        },
        "codec": {
            "type": "heatmap",
            "stride": 4,
            "warp": "half_pixel",
            "subpixel": "dark",
            "blur_kernel": 11,
        },
        "outputs": {"heatmap": "heatmaps"},
        "keypoints": {
            "names": ["nose", "left_eye", "right_eye"],
            "edges": [[0, 1], [0, 2]],
            "flip_pairs": [[1, 2]],
            "sigmas": [0.026, 0.025, 0.025],
        },
        "training": {"data": ["COCO 2017"], "description": "For tests; Gürtel, 膝."},
        "license": "Apache-2.0",
    }


def centers_document() -> dict[str, Any]:
    """A contract of a small detector of centres."""
    document = top_down_document()
    del document["keypoints"], document["input"]["box_padding"]
    document["input"].update(resize="letterbox", anchor="center", pad_value=114)
    codec = {"type": "centers", "stride": 8, "score_threshold": 0.3, "nms_iou": 0.5}
    outputs = {"heatmap": "hm", "size": "wh", "offset": "off"}
    return {
        **document,
        "name": "tiny-det",
        "task": "detector",
        "codec": {**codec, "max_boxes": 20},
        "outputs": outputs,
    }


def yolox_document() -> dict[str, Any]:
    """A contract of a small YOLOX whose pictures are stretched."""
    document = centers_document()
    del document["input"]["anchor"]
    document["input"]["resize"] = "stretch"
    codec = {"type": "yolox", "strides": [8, 16], "class_index": 2}
    rest = {"score_threshold": 0.3, "nms_iou": 0.65, "max_boxes": 100}
    outputs = {"predictions": "output"}
    return {**document, "name": "tiny-yolox", "codec": {**codec, **rest}, "outputs": outputs}


DOCUMENTS = {
    "top_down": top_down_document,
    "centers": centers_document,
    "yolox": yolox_document,
}


def dependencies_hold(document: dict[str, Any]) -> bool:
    """Whether a document that the schema accepts meets what the schema cannot say."""
    leaves = list(_leaves(document))
    if any(isinstance(leaf, float) for leaf in _whole_numbers(document)):
        return False  # 4.0 is an integer to JSON Schema
    if any(isinstance(leaf, str) and not _encodable(leaf) for leaf in leaves):
        return False
    codec, given = document["codec"], document["input"]
    strides = codec["strides"] if codec["type"] == "yolox" else [codec["stride"]]
    sides = (given["width"], given["height"])
    if any(side % stride for side in sides for stride in strides):
        return False
    if codec.get("warp") == "udp" and min(sides) < 2:
        return False
    outputs = list(document["outputs"].values())
    if len(set(outputs)) != len(outputs):
        return False
    return "keypoints" not in document or _keypoints_hold(document["keypoints"])


def _keypoints_hold(keypoints: dict[str, Any]) -> bool:
    count = len(keypoints["names"])
    pairs = keypoints["edges"] + keypoints["flip_pairs"]
    if any(a == b or a >= count or b >= count for a, b in pairs):
        return False
    flipped = [index for pair in keypoints["flip_pairs"] for index in pair]
    return len(set(flipped)) == len(flipped) and len(keypoints["sigmas"]) in (0, count)


def _whole_numbers(document: dict[str, Any]) -> list[Any]:
    codec, given = document["codec"], document["input"]
    names = ("stride", "blur_kernel", "max_boxes", "class_index")
    found = [document["edgepose_spec"], given["width"], given["height"]]
    found += [codec[name] for name in names if name in codec]
    found += codec.get("strides", [])
    for pairs in ("edges", "flip_pairs"):
        found += [index for pair in document.get("keypoints", {}).get(pairs, []) for index in pair]
    return found


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
