# SPDX-License-Identifier: Apache-2.0
"""Keeps a model's weights as float16: half the file, the same float32 arithmetic.

Each large weight becomes a float16 constant and a Cast. ONNX Runtime folds the casts when it
loads the model, OpenVINO knows the pattern as compressed weights, so no run is slower.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn

Net = TypeVar("Net", bound=nn.Module)
SMALLEST = 256  # weights with fewer values stay float32


def rounded_weights(net: Net) -> Net:
    """A copy of a network whose large weights are rounded to float16, kept as float32."""
    result = copy.deepcopy(net)
    with torch.no_grad():
        for parameter in result.parameters():
            if parameter.numel() >= SMALLEST:
                parameter.copy_(parameter.half().float())
    return result


def store_half(path: Path) -> None:
    """Rewrites an ONNX file, its large float32 constants as float16."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < SMALLEST:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}.half"))
        casts.append(
            helper.make_node(
                "Cast", [f"{name}.half"], [name], name=f"{name}.cast", to=onnx.TensorProto.FLOAT
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
