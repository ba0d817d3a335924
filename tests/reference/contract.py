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


def simcc_document() -> dict[str, Any]:
    """A contract of a small SimCC network."""
    codec = {"type": "simcc", "split_ratio": 2, "warp": "legacy", "subpixel": "dark"}
    more = {"score": "gaussian", "joined_score": "smaller", "blur_kernel": [37, 29]}
    return {
        **top_down_document(),
        "name": "tiny-simcc",
        "codec": {**codec, **more, "sigma": [4.9, 5.66]},
        "outputs": {"simcc_x": "x", "simcc_y": "y"},
    }


def paf_document() -> dict[str, Any]:
    """A contract of a small network of fields whose maps are one output."""
    document = bottom_up_document()
    codec = {"type": "paf", "stride": 8, "warp": "half_pixel", "preset": "tf_pose", "upscale": 4}
    peaks = {"peak_threshold": 0.15, "sample_threshold": 0.05, "min_fraction": 0.8}
    people = {"matching": "greedy", "min_joints": 2, "min_joint_score": 0.4, "max_people": 20}
    limbs = {"limbs": [[0, 1, 4, 5], [1, 2, 6, 7]], "redundant": [1], "uncounted": [2]}
    return {
        **document,
        "name": "tiny-paf",
        "codec": {**codec, **peaks, **people, **limbs},
        "outputs": {"heatmap": "maps", "paf": "maps"},
    }


def tags_document() -> dict[str, Any]:
    """A contract of a small network of tags."""
    document = bottom_up_document()
    codec = {"type": "tags", "stride": 4, "warp": "half_pixel", "tag_dimensions": 2}
    peaks = {"nms_kernel": 5, "peak_threshold": 0.1, "tag_threshold": 1, "max_people": 30}
    peaks["person_threshold"] = 0.05
    switches = {"use_detection_val": True, "ignore_too_much": False, "merge_equal_tags": True}
    more = {"adjust": True, "refine": True, "joint_order": [0, 2, 1]}
    return {
        **document,
        "name": "tiny-tags",
        "codec": {**codec, **peaks, **switches, **more},
        "outputs": {"heatmap": "heat", "tags": "tags"},
    }


def bottom_up_document() -> dict[str, Any]:
    """What the contracts of whole pictures share."""
    document = top_down_document()
    del document["input"]["box_padding"]
    document["input"].update(resize="letterbox", anchor="center")
    return {**document, "task": "bottom_up"}


def quantized_document() -> dict[str, Any]:
    """A contract of the tiny pose model after its quantization."""
    record = {
        "activations": "uint8",
        "weight_bits": 8,
        "per_channel": True,
        "method": "mse",
        "calibration_crops": 128,
        "calibration_sha256": "0123456789abcdef" * 4,
        "float_layers": ["head"],
        "metric": "AP on val.json",
        "float_accuracy": 60,
        "accuracy": 59.75,
    }
    return {**top_down_document(), "quantization": record}


DOCUMENTS = {
    "top_down": top_down_document,
    "simcc": simcc_document,
    "paf": paf_document,
    "tags": tags_document,
    "quantized": quantized_document,
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
    if any(isinstance(leaf, str) and "\0" in leaf for leaf in leaves):
        return False  # a C string would end there
    if any(isinstance(leaf, float) and 0 < abs(leaf) < 2.0**-126 for leaf in leaves):
        return False  # as float32 it would be 0 or lose its digits
    codec, given = document["codec"], document["input"]
    sides = (given["width"], given["height"])
    if codec["type"] == "simcc":
        if any(side * codec["split_ratio"] % 1 for side in sides):
            return False
    else:
        strides = codec["strides"] if codec["type"] == "yolox" else [codec["stride"]]
        if any(side % stride for side in sides for stride in strides):
            return False
    if codec.get("warp") == "udp" and min(sides) < 2:
        return False
    outputs = list(document["outputs"].values())
    if len(set(outputs)) != len(outputs) and codec["type"] != "paf":
        return False
    if "keypoints" not in document:
        return True
    count = len(document["keypoints"]["names"])
    return _keypoints_hold(document["keypoints"]) and _grouping_holds(codec, count)


def _grouping_holds(codec: dict[str, Any], count: int) -> bool:
    if codec["type"] == "tags":
        switches_hold = codec["adjust"] or not codec["refine"]
        return switches_hold and sorted(codec["joint_order"]) == list(range(count))
    if codec["type"] == "paf":
        parts = [part for limb in codec["limbs"] for part in limb[:2]] + codec["uncounted"]
        if count > 256 or any(part >= count for part in parts):
            return False
        if any(limb[0] == limb[1] for limb in codec["limbs"]):
            return False
        return all(index < len(codec["limbs"]) for index in codec["redundant"])
    return True


def _keypoints_hold(keypoints: dict[str, Any]) -> bool:
    count = len(keypoints["names"])
    pairs = keypoints["edges"] + keypoints["flip_pairs"]
    if any(a == b or a >= count or b >= count for a, b in pairs):
        return False
    flipped = [index for pair in keypoints["flip_pairs"] for index in pair]
    return len(set(flipped)) == len(flipped) and len(keypoints["sigmas"]) in (0, count)


def _whole_numbers(document: dict[str, Any]) -> list[Any]:
    codec, given = document["codec"], document["input"]
    names = ["stride", "max_boxes", "class_index", "upscale", "min_joints", "max_people"]
    names += ["tag_dimensions", "nms_kernel"]
    found = [document["edgepose_spec"], given["width"], given["height"]]
    found += [codec[name] for name in names if name in codec]
    for name in ("strides", "redundant", "uncounted", "joint_order", "blur_kernel"):
        value = codec.get(name, [])
        found += value if isinstance(value, list) else [value]
    found += [index for limb in codec.get("limbs", []) for index in limb]
    for pairs in ("edges", "flip_pairs"):
        found += [index for pair in document.get("keypoints", {}).get(pairs, []) for index in pair]
    record = document.get("quantization", {})
    found += [record[name] for name in ("weight_bits", "calibration_crops") if name in record]
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
