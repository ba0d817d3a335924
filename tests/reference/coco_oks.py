# SPDX-License-Identifier: Apache-2.0
"""Object keypoint similarity as COCO's evaluation defines it, in NumPy.

Source: Lin et al., Microsoft COCO: Common Objects in Context, and the data set's page on
keypoint evaluation: OKS = mean over labelled k of exp(-d_k^2 / (2 s^2 (2 sigma_k)^2)), s^2 = area.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def coco_oks(
    xy: NDArray[np.float64],
    label_xy: NDArray[np.float64],
    visible: NDArray[np.bool_],
    area: NDArray[np.float64],
    box: NDArray[np.float64],
    sigmas: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Similarity of each predicted person to each labelled one.

    A person without any labelled keypoint is compared by its box: a keypoint inside the box grown
    by its own size on every side counts as exact, one outside by its distance from that region.

    Args:
        xy: [M,K,2] predicted keypoints in pixels.
        label_xy: [N,K,2] labelled keypoints in pixels.
        visible: [N,K] True where labelled.
        area: [N] square pixels.
        box: [N,4] xyxy in pixels.
        sigmas: [K] COCO's per-keypoint constants.

    Returns:
        [M,N] in 0..1.
    """
    offset = xy[:, None] - label_xy[None]
    unlabelled = ~np.asarray(visible.any(axis=1), dtype=np.bool_)
    if unlabelled.any():
        size = box[unlabelled, 2:] - box[unlabelled, :2]
        low = (box[unlabelled, :2] - size)[None, :, None]
        high = (box[unlabelled, :2] + 2 * size)[None, :, None]
        point = xy[:, None]
        offset[:, unlabelled] = np.maximum(0, low - point) + np.maximum(0, point - high)
    # The spacing keeps a person of zero area finite, as the reference does.
    scale = (2 * sigmas) ** 2 * (area[:, None] + np.spacing(1.0)) * 2
    similarity = np.exp(-np.square(offset).sum(axis=-1) / scale)
    weight: NDArray[np.bool_] = np.where(unlabelled[:, None], True, visible)
    mean: NDArray[np.float64] = (similarity * weight).sum(axis=-1) / weight.sum(axis=-1)
    return mean
