# SPDX-License-Identifier: Apache-2.0
"""COCO's greedy assignment of predictions to ground truth within one image.

Source: Lin et al., Microsoft COCO: Common Objects in Context; matching rules of its evaluation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edgepose import _core


def match_image(
    similarity: NDArray[np.float64],
    ignored: NDArray[np.bool_],
    crowd: NDArray[np.bool_],
    thresholds: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Gives each prediction, best score first, the free label most similar to it.

    A label that counts is preferred to an ignored one whatever the similarity; of equally similar
    labels the later one is taken; a crowd region may be taken any number of times.

    Args:
        similarity: [M,N] predictions (in falling order of score) by labels.
        ignored: [A,N] True where a label does not count in a range of areas.
        crowd: [N] True for crowd regions.
        thresholds: [T] the least similarity of a match, 32 at most.

    Returns:
        [A,T,M] index of the matched label, -1 where there is none.

    Raises:
        InputError: Shapes or types that do not fit together, or a NaN threshold.

    Example:
        >>> import numpy as np
        >>> similarity = np.array([[0.9, 0.6], [0.8, 0.7]])
        >>> nobody = np.zeros(2, np.bool_)
        >>> match_image(similarity, nobody[None], nobody, np.array([0.5, 0.75])).tolist()
        [[[0, 1], [0, -1]]]
    """
    return _core.coco_match(similarity, ignored, crowd, thresholds)
