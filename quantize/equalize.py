# SPDX-License-Identifier: Apache-2.0
"""Cross-layer equalisation: channels of unlike range are brought closer before rounding.

Two convolutions with nothing but a Relu between them compute the same if a channel of the first
is divided by s and the weights that read it are multiplied by s. Each s is the square root of
activation range over weight range, so that neither side bears all of the difficulty (Nagel et al.,
"Data-Free Quantization Through Weight Equalization and Bias Correction", ICCV 2019; Xiao et al.,
"SmoothQuant", ICML 2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .graph import Graph, attribute
from .observe import Histogram

# Beyond this a channel is noise rather than signal, or carries all there is.
LARGEST_FACTOR = 8.0


def pairs(graph: Graph) -> list[tuple[Any, Any, str]]:
    """Convolutions (first, second) and the tensor between them that only the second reads."""
    consumers = graph.consumers()
    found = []
    for first in graph.nodes:
        if first.op_type != "Conv" or first.input[1] not in graph.weights:
            continue
        tensor = first.output[0]
        readers = consumers.get(tensor, [])
        if len(readers) == 1 and readers[0].op_type == "Relu" and tensor not in graph.output_names:
            tensor = readers[0].output[0]
            readers = consumers.get(tensor, [])
        if tensor in graph.output_names or len(readers) != 1:
            continue
        second = readers[0]
        if (
            second.op_type == "Conv"
            and second.input[0] == tensor
            and second.input[1] in graph.weights
            and attribute(second, "group", 1) == 1
        ):
            found.append((first, second, tensor))
    return found


def equalize(graph: Graph, seen: Mapping[str, Histogram]) -> Graph:
    """The same network with its channels equalised.

    Args:
        graph: A simplified float network; not changed.
        seen: Histograms of the tensors between the pairs; pairs without one are left alone.
    """
    result = graph.copy()
    for first, second, tensor in pairs(result):
        if tensor not in seen or not seen[tensor].largest.any():
            continue
        after = result.weights[second.input[1]]
        activation = seen[tensor].largest
        reading = np.abs(after).max(axis=(0, *range(2, after.ndim))).astype(np.float64)
        whole = (activation > 0) & (reading > 0)
        factor = np.ones(len(activation))
        factor[whole] = np.sqrt(activation[whole] / reading[whole])
        factor[whole] /= np.exp(np.log(factor[whole]).mean()) if whole.any() else 1.0
        factor = np.clip(factor, 1 / LARGEST_FACTOR, LARGEST_FACTOR)
        _scale(result, first, 1, 1 / factor, axis=0)
        if len(first.input) > 2 and first.input[2]:
            _scale(result, first, 2, 1 / factor, axis=0)
        _scale(result, second, 1, factor, axis=1)
    return result


def _scale(graph: Graph, node: Any, index: int, factor: Any, axis: int) -> None:
    """Multiplies a weight along an axis, under a name of its own: others may share it."""
    old = graph.weights[node.input[index]]
    shape = [-1 if i == axis else 1 for i in range(old.ndim)]
    name = f"{node.name}.equalized.{index}"
    graph.weights[name] = (old * factor.reshape(shape)).astype(np.float32)
    node.input[index] = name
