# SPDX-License-Identifier: Apache-2.0
"""Affine maps between a picture, a network's input and its heatmaps.

Every frame has integers at pixel (or cell) centres, x to the right and y down.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError

Warp = Literal["half_pixel", "udp", "legacy"]
Anchor = Literal["center", "top_left"]

WARPS = ("half_pixel", "udp", "legacy")
ANCHORS = ("center", "top_left")


def crop_matrix(
    boxes_xyxy: ArrayLike,
    input_wh: tuple[int, int],
    *,
    padding: float,
    warp: str,
    rotation_deg: float = 0.0,
) -> NDArray[np.float64]:
    """Matrices from the network's input to the picture for the crops around boxes.

    A box is grown about its centre by `padding`, then along one axis to the aspect of the input.
    The centre and the grown size meet the input as `warp` says:

    - `half_pixel`: the outer edges of both fall together;
    - `udp`: the centres of the outermost pixels do (Huang et al. 2020);
    - `legacy`: input pixel W / 2 is the centre, as in HRNet and SimpleBaseline.

    Args:
        boxes_xyxy: [N, 4] x1, y1, x2, y2 in image px, with positive width and height.
        input_wh: Width and height of the network's input, px.
        padding: Factor on width and height, 1.25 for most models.
        warp: `half_pixel`, `udp` or `legacy`.
        rotation_deg: Turns the crop's upward direction from the picture's upwards to its right,
            as the `rot` of HRNet's `get_affine_transform` does.

    Returns:
        [N, 2, 3] float64, mapping (x, y, 1) of the input to the picture.

    Raises:
        InputError: A box without width or height or not finite, or a bad argument.

    Example:
        >>> crop_matrix([[0, 0, 96, 128]], (192, 256), padding=1.0, warp="legacy")[0].tolist()
        [[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]
    """
    boxes = _check_boxes(boxes_xyxy)
    width, height = _check_wh(input_wh, "input_wh")
    if not (math.isfinite(padding) and padding > 0):
        raise InputError(f"padding must be a positive number; got {padding!r}")
    if not math.isfinite(rotation_deg):
        raise InputError(f"rotation_deg must be finite; got {rotation_deg!r}")
    origin, span = _input_center(width, height, warp)

    center = 0.5 * (boxes[:, :2] + boxes[:, 2:])
    size = padding * (boxes[:, 2:] - boxes[:, :2])
    aspect = width / height
    size = np.maximum(size, size[:, ::-1] * np.array([aspect, 1 / aspect]))
    step = size / span

    angle = math.radians(rotation_deg)
    # A crop that is not turned keeps exact zeros: the kernel has a faster path for it.
    sine, cosine = (math.sin(angle), math.cos(angle)) if angle else (0.0, 1.0)
    matrix = np.empty((len(boxes), 2, 3), np.float64)
    matrix[:, 0, 0] = cosine * step[:, 0]
    matrix[:, 0, 1] = -sine * step[:, 1]
    matrix[:, 1, 0] = sine * step[:, 0]
    matrix[:, 1, 1] = cosine * step[:, 1]
    matrix[:, :, 2] = center - matrix[:, :, :2] @ origin
    return matrix + 0.0  # -0.0 becomes 0.0


def letterbox_matrix(
    image_wh: tuple[int, int], input_wh: tuple[int, int], *, anchor: str
) -> NDArray[np.float64]:
    """Matrix from the network's input to the picture, whole and with its aspect kept.

    Args:
        image_wh: Width and height of the picture, px.
        input_wh: Width and height of the network's input, px.
        anchor: Where the picture lies in the input: `center` or `top_left`.

    Returns:
        [1, 2, 3] float64: x_image = (x_input + 0.5 - pad_x) / scale - 0.5, y alike.

    Raises:
        InputError: A size that is not positive or an unknown anchor.

    Example:
        >>> letterbox_matrix((640, 480), (320, 320), anchor="center")[0].tolist()
        [[2.0, 0.0, 0.5], [0.0, 2.0, -79.5]]
    """
    image = _check_wh(image_wh, "image_wh")
    size = _check_wh(input_wh, "input_wh")
    if anchor not in ANCHORS:
        raise InputError(f"anchor must be one of {', '.join(ANCHORS)}; got {anchor!r}")
    scale = min(size[0] / image[0], size[1] / image[1])
    share = 0.5 if anchor == "center" else 0.0
    pad = [share * (size[axis] - scale * image[axis]) for axis in (0, 1)]
    return _diagonal((1 / scale, 1 / scale), [(0.5 - pad[axis]) / scale - 0.5 for axis in (0, 1)])


def stretch_matrix(image_wh: tuple[int, int], input_wh: tuple[int, int]) -> NDArray[np.float64]:
    """Matrix from the network's input to the picture, stretched to fill the input.

    Args:
        image_wh: Width and height of the picture, px.
        input_wh: Width and height of the network's input, px.

    Returns:
        [1, 2, 3] float64: x_image = (x_input + 0.5) * image_w / input_w - 0.5, y alike.

    Raises:
        InputError: A size that is not positive.

    Example:
        >>> stretch_matrix((640, 320), (320, 320))[0].tolist()
        [[2.0, 0.0, 0.5], [0.0, 1.0, 0.0]]
    """
    image = _check_wh(image_wh, "image_wh")
    size = _check_wh(input_wh, "input_wh")
    step = (image[0] / size[0], image[1] / size[1])
    return _diagonal(step, [0.5 * step[axis] - 0.5 for axis in (0, 1)])


def cells_to_input(
    xy_cell: ArrayLike,
    *,
    stride: float,
    warp: str,
    input_wh: tuple[int, int],
    map_wh: tuple[int, int],
    upscale: float = 1.0,
    offset: float = 0.0,
) -> NDArray[np.float64]:
    """Heatmap cells, or the places that a grouping gives, to px of the network's input.

    Args:
        xy_cell: [..., 2] cells.
        stride: Input px per cell; not used by `udp`.
        warp: `half_pixel`: stride * (x + 0.5) - 0.5; `legacy`: stride * x;
            `udp`: x * (input - 1) / (map - 1).
        input_wh: Width and height of the network's input, px.
        map_wh: Width and height of the heatmap, cells.
        upscale: Enlarged cells per cell that `group_paf` counts in.
        offset: What a grouping adds to x and y: `peak_offset` of `group_paf`, 0.5 of `group_tags`
            with `adjust`. A place is the cell (x - offset + 0.5) / upscale - 0.5.

    Returns:
        [..., 2] float64 px.

    Raises:
        InputError: Points that are not [..., 2], a bad size, stride, upscale or offset, or an
            unknown warp. A map of one cell has no `udp` scale: its only cell is the middle of the
            input.

    Example:
        >>> cells_to_input([[0, 1]], stride=4, warp="half_pixel",
        ...                input_wh=(192, 256), map_wh=(48, 64)).tolist()
        [[1.5, 5.5]]
    """
    points = _check_points(xy_cell, "xy_cell")
    if warp not in WARPS:
        raise InputError(f"warp must be one of {', '.join(WARPS)}; got {warp!r}")
    if not (math.isfinite(stride) and stride > 0):
        raise InputError(f"stride must be a positive number; got {stride!r}")
    if not (math.isfinite(upscale) and upscale > 0):
        raise InputError(f"upscale must be a positive number; got {upscale!r}")
    if not math.isfinite(offset):
        raise InputError(f"offset must be finite; got {offset!r}")
    sizes = _check_wh(input_wh, "input_wh"), _check_wh(map_wh, "map_wh")
    flat = points.reshape(math.prod(points.shape[:-1]), 2)
    from edgepose import _core  # late: training from a bare tree has no compiled core

    return _core.cells_to_input(flat, stride, warp, *sizes, upscale, offset).reshape(points.shape)


def apply_matrix(matrix: ArrayLike, points: ArrayLike) -> NDArray[np.float64]:
    """Map points, each set by the matrix of its own.

    Args:
        matrix: [N, 2, 3].
        points: [N, ..., 2], or [1, ..., 2] for the same points by every matrix.

    Returns:
        [N, ..., 2] float64.

    Raises:
        InputError: Shapes that do not fit.

    Example:
        >>> apply_matrix([[[2, 0, 1], [0, 2, 0]]], [[[1, 1], [0, 3]]]).tolist()
        [[[3.0, 2.0], [1.0, 6.0]]]
    """
    matrices = np.asarray(matrix, np.float64)
    xy = _check_points(points, "points")
    if matrices.ndim != 3 or matrices.shape[1:] != (2, 3):
        raise InputError(f"matrix must be [N,2,3]; got {matrices.shape}")
    if xy.ndim < 2 or (len(xy) not in (1, len(matrices))):
        raise InputError(f"points must be [{len(matrices)},...,2]; got {xy.shape}")
    flat = xy.reshape(len(xy), math.prod(xy.shape[1:-1]), 2)
    mapped = flat @ matrices[:, :, :2].transpose(0, 2, 1) + matrices[:, None, :, 2]
    return np.asarray(mapped.reshape(len(matrices), *xy.shape[1:]), np.float64)


def _input_center(
    width: int, height: int, warp: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Input px that meets the centre of the box, and the px that its size spans."""
    size = np.array([width, height], np.float64)
    if warp == "half_pixel":
        return 0.5 * size - 0.5, size
    if warp == "legacy":
        return 0.5 * size, size
    if warp == "udp":
        if width < 2 or height < 2:
            raise InputError(f"warp udp needs an input of at least 2x2; got {width}x{height}")
        return 0.5 * (size - 1), size - 1
    raise InputError(f"warp must be one of {', '.join(WARPS)}; got {warp!r}")


def _check_boxes(boxes_xyxy: ArrayLike) -> NDArray[np.float64]:
    boxes = np.asarray(boxes_xyxy, np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise InputError(f"boxes_xyxy must be [N,4]; got {boxes.shape}")
    bad = ~(np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] > boxes[:, :2]).all(axis=1))
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise InputError(
            "boxes_xyxy must be finite with x2 > x1 and y2 > y1; "
            f"got {boxes[first].tolist()} at row {first}"
        )
    return boxes


def _check_wh(wh: tuple[int, int], name: str) -> tuple[int, int]:
    if len(wh) != 2 or wh[0] < 1 or wh[1] < 1:
        raise InputError(f"{name} must be two positive sizes; got {wh!r}")
    return wh


def _check_points(points: ArrayLike, name: str) -> NDArray[np.float64]:
    xy = np.asarray(points, np.float64)
    if xy.ndim < 1 or xy.shape[-1] != 2:
        raise InputError(f"{name} must be [...,2]; got {xy.shape}")
    return xy


def _diagonal(step: tuple[float, float], shift: list[float]) -> NDArray[np.float64]:
    return np.array([[[step[0], 0.0, shift[0]], [0.0, step[1], shift[1]]]], np.float64)
