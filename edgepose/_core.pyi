# SPDX-License-Identifier: Apache-2.0
from typing import Any

import numpy as np
from numpy.typing import NDArray

def crop_picture(
    planes: tuple[NDArray[np.uint8], ...],
    channels: tuple[int, int, int],
    yuv: str,
    input_to_image: NDArray[np.float64],
    out: NDArray[Any],
    layout: str,
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
    swap_rb: bool,
    pad_value: float,
    antialias: bool,
    scale: float,
    zero_point: int,
    threads: int,
) -> None: ...
def orient_matrices(
    input_to_upright: NDArray[np.float64],
    image_wh: tuple[int, int],
    quarter_turns: int,
    mirror: bool,
) -> NDArray[np.float64]: ...
def cells_to_input(
    xy_cell: NDArray[np.float64],
    stride: float,
    warp: str,
    input_wh: tuple[int, int],
    map_wh: tuple[int, int],
    upscale: float = 1.0,
    offset: float = 0.0,
) -> NDArray[np.float64]: ...
def heatmap_argmax(
    maps: NDArray[Any],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def heatmap_decode(
    maps: NDArray[Any],
    subpixel: str,
    blur_kernel: int = 11,
    shifts: tuple[float, ...] | list[float] = ...,
    beta: float = 1.0,
    debias: bool = False,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
    bounded: bool = False,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def heatmap_peaks(
    maps: NDArray[Any],
    threshold: float,
    radius: int,
    max_peaks: int,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
) -> NDArray[np.float32]: ...
def centers_decode(
    heatmap: NDArray[np.float32],
    size: NDArray[np.float32],
    offset: NDArray[np.float32],
    stride: float,
    threshold: float,
    max_boxes: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def yolox_decode(
    predictions: NDArray[np.float32],
    input_wh: tuple[int, int],
    strides: tuple[int, ...] | list[int],
    class_index: int,
    threshold: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def box_nms(
    boxes: NDArray[np.float32], score: NDArray[np.float32], iou: float
) -> NDArray[np.int64]: ...
def merge_flip(
    maps: NDArray[Any],
    flipped: NDArray[Any],
    joint_of: NDArray[np.int64],
    shift: int = 0,
    mirror: bool = True,
    channels_last: bool = False,
    scale: float | None = None,
    zero_point: int = 0,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]: ...
def simcc_decode(
    simcc_x: NDArray[Any],
    simcc_y: NDArray[Any],
    split_ratio: float,
    score: str = "value",
    beta: tuple[float, float] = (1.0, 1.0),
    sigma: tuple[float, float] = (0.0, 0.0),
    larger: bool = False,
    blur_kernel: tuple[int, int] | None = None,
    scale: float | None = None,
    zero_point: int = 0,
    bounded: bool = False,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def volume_decode(
    volumes: NDArray[Any],
    beta: float | None = None,
    scale: float | None = None,
    zero_point: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def oks_matrix(
    a_xy: NDArray[np.float64],
    b_xy: NDArray[np.float64],
    area: NDArray[np.float64],
    sigmas: NDArray[np.float64],
    mask: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]: ...
def oks_nms(
    xy: NDArray[np.float64],
    score_kp: NDArray[np.float64],
    score: NDArray[np.float64],
    area: NDArray[np.float64],
    sigmas: NDArray[np.float64],
    threshold: float,
    visible_threshold: float = ...,
) -> NDArray[np.int64]: ...
def coco_defaults() -> dict[str, NDArray[np.float64]]: ...
def coco_evaluate(
    *,
    label_image: NDArray[np.int64],
    label_xy: NDArray[np.float64],
    visible: NDArray[np.bool_],
    box: NDArray[np.float64],
    area: NDArray[np.float64],
    crowd: NDArray[np.bool_],
    ignore: NDArray[np.bool_],
    label_id: NDArray[np.int64],
    image: NDArray[np.int64],
    xy: NDArray[np.float64],
    score: NDArray[np.float64],
    images: NDArray[np.int64],
    sigmas: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    recall_points: NDArray[np.float64],
    area_ranges: NDArray[np.float64],
    max_detections: int,
    zero_id_is_miss: bool = False,
    similarity: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]: ...
def coco_stats(
    precision: NDArray[np.float64],
    recall: NDArray[np.float64],
    thresholds: NDArray[np.float64],
) -> NDArray[np.float64]: ...
def coco_oks(
    xy: NDArray[np.float64],
    label_xy: NDArray[np.float64],
    visible: NDArray[np.bool_],
    area: NDArray[np.float64],
    box: NDArray[np.float64],
    sigmas: NDArray[np.float64],
) -> NDArray[np.float64]: ...
def coco_match(
    similarity: NDArray[np.float64],
    ignored: NDArray[np.bool_],
    crowd: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> NDArray[np.int64]: ...
def group_by_image(
    image_id: NDArray[np.int64], images: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def label_areas(
    box: NDArray[np.float64], area: NDArray[np.float64], from_box: bool
) -> NDArray[np.float64]: ...
def crowd_levels(
    crowd_index: NDArray[np.float64], medium: float, hard: float
) -> NDArray[np.uint8]: ...
def soft_oks_nms(
    xy: NDArray[np.float64],
    score_kp: NDArray[np.float64],
    score: NDArray[np.float64],
    area: NDArray[np.float64],
    sigmas: NDArray[np.float64],
    threshold: float,
    decay: str = "gaussian",
    max_people: int = 20,
    visible_threshold: float = ...,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...
def nearby_joints_nms(
    xy: NDArray[np.float64],
    score: NDArray[np.float64],
    distance: float,
    max_nearby: int,
    max_people: int = ...,
) -> NDArray[np.int64]: ...
def rescore_people(
    score_kp: NDArray[np.float64], score: NDArray[np.float64], visible_threshold: float
) -> NDArray[np.float64]: ...
def pck_counts(
    predicted: NDArray[np.float64],
    labelled: NDArray[np.float64],
    visible: NDArray[np.bool_],
    norm: NDArray[np.float64],
    threshold: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def keypoint_auc(
    predicted: NDArray[np.float64],
    labelled: NDArray[np.float64],
    visible: NDArray[np.bool_],
    norm: NDArray[np.float64],
    thresholds: int,
) -> float: ...
def keypoint_error(
    predicted: NDArray[np.float64],
    labelled: NDArray[np.float64],
    visible: NDArray[np.bool_],
    norm: NDArray[np.float64],
) -> float: ...
def mpjpe(
    predicted: NDArray[np.float64],
    labelled: NDArray[np.float64],
    mask: NDArray[np.bool_] | None,
    fit_mask: NDArray[np.bool_] | None,
    alignment: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def fit_similarity(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    mask: NDArray[np.bool_] | None,
    scaled: bool,
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]: ...
def assign(cost: NDArray[np.float64]) -> NDArray[np.int64]: ...
def tags_group(
    heatmaps: NDArray[np.float32],
    tags: NDArray[np.float32],
    detection_threshold: float = 0.1,
    tag_threshold: float = 1.0,
    max_people: int = 30,
    nms_radius: int = 2,
    use_detection_val: bool = True,
    ignore_too_much: bool = False,
    merge_equal_tags: bool = True,
    adjust: bool = True,
    refine: bool = True,
    joint_order: tuple[int, ...] | list[int] = ...,
    person_threshold: float = ...,
    by_score: bool = False,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]: ...
def resize_bilinear(maps: NDArray[np.float32], out_hw: tuple[int, int]) -> NDArray[np.float32]: ...
def one_euro_states(keypoints: int) -> NDArray[np.float64]: ...
def one_euro_apply(
    xy: NDArray[np.float64],
    states: NDArray[np.float64],
    seconds: float,
    object_size: float,
    min_cutoff_hz: float = 0.05,
    beta: float = 80.0,
    derivative_cutoff_hz: float = 1.0,
) -> NDArray[np.float64]: ...
def one_euro_apply_people(
    xy: NDArray[np.float64],
    states: NDArray[np.float64],
    slot: NDArray[np.int64],
    seconds: NDArray[np.float64],
    object_size: NDArray[np.float64],
    min_cutoff_hz: float = 0.05,
    beta: float = 80.0,
    derivative_cutoff_hz: float = 1.0,
) -> NDArray[np.float64]: ...
def iou_matrix(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]: ...
def match_similar(similarity: NDArray[np.float64], gate: float) -> NDArray[np.int64]: ...
def rois_of_keypoints(
    xy: NDArray[np.float64],
    score_kp: NDArray[np.float64],
    min_score: float,
    min_keypoints: int,
    padding: float,
) -> NDArray[np.float64]: ...
def group_paf(
    heatmaps: NDArray[np.float32],
    pafs: NDArray[np.float32],
    part_count: int,
    limbs: list[tuple[int, int, int, int, bool]],
    uncounted: list[int],
    options: dict[str, float | bool | str],
    max_people: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]]: ...
def paf_preset(name: str) -> dict[str, Any]: ...
def read_contract(document: bytes) -> dict[str, Any]: ...
def find_contract(model: bytes) -> bytes | None: ...
def contract_tables() -> dict[str, Any]: ...
