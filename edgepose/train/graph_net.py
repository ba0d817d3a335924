# SPDX-License-Identifier: Apache-2.0
"""An exported network as a PyTorch module that computes it node by node.

Quantization is decided on the graph of the exported file. A module that computes that very graph
needs no list of which layer of a network became which node, and works for every architecture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.train.graph_ops import Step, compute

# Operators that take their second and third input as tensors to be trained.
LAYERS = ("Conv", "ConvTranspose", "MatMul", "Gemm")


class GraphNet(nn.Module):
    """Computes a graph in float, as it was exported.

    Args:
        graph: An `edgepose.quantize.graph.Graph` of one input.
        results: Names of the tensors that it gives, a tuple if they are several.
    """

    def __init__(self, graph: Any, results: tuple[str, ...]) -> None:
        super().__init__()
        self.results = results
        self.source: str = graph.input_names[0]
        self.steps = [_step(node, graph.weights) for node in graph.nodes]
        self.last_reader = {
            name: number for number, step in enumerate(self.steps) for name in step.inputs
        }
        self.places: dict[tuple[str, int], str] = {}
        for number, step in enumerate(self.steps):
            for place, array in step.constants.items():
                if array.dtype == np.float32 and step.operator != "Resize":
                    self.places[step.name, place] = self.keep(step, place, array, f"c{number}")

    def keep(self, step: Step, place: int, array: NDArray[Any], prefix: str) -> str:  # noqa: ARG002
        """Keeps a constant for `constant`; returns the name it is kept under."""
        name = f"{prefix}_{place}"
        self.register_buffer(name, torch.from_numpy(array.copy()), persistent=False)
        return name

    def constant(self, step: Step, place: int) -> Tensor | None:
        """A constant input of a node; None where it is no float."""
        name = self.places.get((step.name, place))
        return None if name is None else getattr(self, name)

    def constants(self, step: Step) -> dict[int, Tensor | None]:
        """The constant inputs of a node, by place."""
        return {place: self.constant(step, place) for place in step.constants}

    def found(self, name: str, value: Tensor) -> Tensor:  # noqa: ARG002
        """What is kept of a tensor that was computed, for those that read it."""
        return value

    def read(self, step: Step, name: str, value: Tensor) -> Tensor:  # noqa: ARG002
        """What a node gets to see of a tensor."""
        return value

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Maps [N, 3, H, W] to the results."""
        values = {self.source: self.found(self.source, x)}
        for number, step in enumerate(self.steps):
            fixed = self.constants(step)
            inputs = [
                fixed[place] if place in fixed else self.read(step, name, values[name])
                for place, name in enumerate(step.inputs)
                if name
            ]
            made = compute(step, inputs)
            outputs: tuple[Tensor, ...] = made if isinstance(made, tuple) else (made,)
            for name, value in zip(step.outputs, outputs, strict=True):
                values[name] = self.found(name, value)
            for name in step.inputs:
                if self.last_reader[name] == number and name not in self.results:
                    values.pop(name, None)
        results = tuple(values[name] for name in self.results)
        return results[0] if len(results) == 1 else results


def _step(node: Any, weights: dict[str, NDArray[Any]]) -> Step:
    from onnx import helper

    names = list(node.input)
    while names and not names[-1]:
        del names[-1]
    return Step(
        node.name,
        node.op_type,
        tuple(names),
        tuple(node.output),
        {each.name: helper.get_attribute_value(each) for each in node.attribute},
        {place: weights[name] for place, name in enumerate(names) if name in weights},
    )
