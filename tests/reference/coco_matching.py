# SPDX-License-Identifier: Apache-2.0
"""COCO's greedy assignment of predictions to ground truth within one image.

Source: Lin et al., Microsoft COCO: Common Objects in Context; matching rules of its evaluation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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
        thresholds: [T] the least similarity of a match.

    Returns:
        [A,T,M] index of the matched label, -1 where there is none.
    """
    ranges, labels = ignored.shape
    predictions = similarity.shape[0]
    matches = np.full((ranges, len(thresholds), predictions), -1, dtype=np.int64)
    if labels == 0 or predictions == 0:
        return matches
    # A threshold of 1 must still accept similarities that are 1 up to rounding.
    reached = similarity[:, None] >= np.minimum(thresholds, 1 - 1e-10)[None, :, None]
    free = np.ones((ranges, len(thresholds), labels), dtype=np.bool_)
    range_index, threshold_index = np.ogrid[:ranges, : len(thresholds)]
    counts = np.broadcast_to(~ignored[:, None], (ranges, predictions, labels))
    rank = _ranks(counts, np.broadcast_to(similarity, counts.shape))
    for index in range(predictions):
        if not reached[index].any():
            continue
        allowed = np.where(reached[index] & free, rank[:, index, None], -1)
        best = allowed.argmax(axis=-1)
        found = np.take_along_axis(allowed, best[..., None], axis=-1)[..., 0] >= 0
        matches[:, :, index] = np.where(found, best, -1)
        free[range_index, threshold_index, best] &= ~(found & ~crowd[best])
    return matches


def _ranks(counts: NDArray[np.bool_], similarity: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position of each label in order of (counts, similarity, index) along the last axis."""
    index = np.broadcast_to(np.arange(counts.shape[-1]), counts.shape)
    order = np.lexsort((index, similarity, counts), axis=-1)
    rank = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(rank, order, index, axis=-1)
    return rank
