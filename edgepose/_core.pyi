# SPDX-License-Identifier: Apache-2.0
import numpy as np
from numpy.typing import NDArray

def crop_normalize(
    image: NDArray[np.uint8],
    input_to_image: NDArray[np.float64],
    out_hw: tuple[int, int],
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
    swap_rb: bool = False,
    pad_value: float = 0.0,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]: ...
def heatmap_argmax(
    maps: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def heatmap_decode(
    maps: NDArray[np.float32],
    subpixel: str,
    blur_kernel: int = 11,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
def heatmap_peaks(
    maps: NDArray[np.float32], threshold: float, radius: int, max_peaks: int
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
