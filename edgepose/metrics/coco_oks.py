# SPDX-License-Identifier: Apache-2.0
"""Object keypoint similarity as COCO's evaluation defines it.

Source: Lin et al., Microsoft COCO: Common Objects in Context, and the data set's page on
keypoint evaluation: OKS = mean over labelled k of exp(-d_k^2 / (2 s^2 (2 sigma_k)^2)), s^2 = area.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edgepose import _core


class OksKernel(Protocol):
    """What computes the similarities of one image; see `coco_oks` for the arguments."""

    def __call__(
        self,
        xy: NDArray[np.float64],
        label_xy: NDArray[np.float64],
        visible: NDArray[np.bool_],
        area: NDArray[np.float64],
        box: NDArray[np.float64],
        sigmas: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Returns the similarities [M,N]."""
        ...


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
        [M,N] in 0..1; NaN where the area is NaN or negative.

    Raises:
        InputError: Shapes or types that do not fit together.

    Example:
        >>> import numpy as np
        >>> person = np.array([[[10.0, 10.0], [20.0, 40.0]]])
        >>> seen = np.ones((1, 2), np.bool_)
        >>> box = np.array([[0.0, 0.0, 30.0, 50.0]])
        >>> coco_oks(person + 1, person, seen, np.array([900.0]), box, np.full(2, 0.05)).round(4)
        array([[0.8948]])
    """
    return _core.coco_oks(xy, label_xy, visible, area, box, sigmas)
