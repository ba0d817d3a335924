# SPDX-License-Identifier: Apache-2.0
"""Which nodes of a network compute in integers, and which tensors share a scale.

Three kinds of nodes are quantized, those for which runtimes have integer kernels:
- layers with constant weights: Conv and MatMul;
- merging nodes, that compute on values of several scales: Add, Mul, Concat, average pooling;
- moving nodes, that only move values and keep the scale of their input: Resize to the nearest
  cell, MaxPool, Reshape, Transpose and the like. Between two float nodes they stay as they are.
A Relu or Clip that alone reads such a node's output is computed by the rounding to its range.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from .graph import Graph, attribute

WEIGHTED = {"Conv": 0, "MatMul": 1}  # operator -> axis of the output channels in its weights
MERGING = {"Add", "Mul", "Concat", "AveragePool", "GlobalAveragePool"}
MOVING = {
    *("MaxPool", "Resize", "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice"),
    "DepthToSpace",
}
ABSORBED = {"Relu", "Clip"}


@dataclass(frozen=True)
class Plan:
    """How a network is quantized.

    Attributes:
        nodes: Names of the nodes that compute in integers, in the network's order.
        absorbed: Activation node -> the quantized node that takes it in.
        result: Quantized node -> the tensor that holds its result, after the activation.
        tensors: Every tensor that is rounded, the network's inputs among them, in order.
        root: Tensor -> the tensor whose scale it has; itself if it has its own.
    """

    nodes: tuple[str, ...]
    absorbed: dict[str, str]
    result: dict[str, str]
    tensors: tuple[str, ...]
    root: dict[str, str]


def candidates(graph: Graph) -> list[str]:
    """Names of the layers and merging nodes that can be quantized, in order."""
    return [node.name for node in graph.nodes if _is_weighted(graph, node) or _merges(graph, node)]


def make_plan(graph: Graph, keep_float: Collection[str] = ()) -> Plan:
    """Decides what is quantized.

    Args:
        graph: A simplified float network.
        keep_float: Names of nodes that are not.
    """
    producer, consumers = graph.producer(), graph.consumers()
    chosen = set(candidates(graph)) - set(keep_float)
    absorbed, result = _absorb(graph, chosen, consumers)
    chosen |= _moving(graph, chosen, absorbed, producer, consumers, set(keep_float))
    root: dict[str, str] = {}
    tensors: list[str] = []
    for node in graph.nodes:
        if node.name not in chosen:
            continue
        sources = data_inputs(graph, node)
        target = result.setdefault(node.name, node.output[0])
        for name in [*sources, target]:
            if name not in root:
                tensors.append(name)
                root[name] = name
        if node.op_type in MOVING:
            root[target] = root[sources[0]]
    nodes = tuple(node.name for node in graph.nodes if node.name in chosen)
    return Plan(nodes, absorbed, result, tuple(tensors), root)


def data_inputs(graph: Graph, node: Any) -> list[str]:
    """Inputs of a node that are computed, not constant."""
    names = node.input[:1] if node.op_type in MOVING else node.input
    return [name for name in names if name and name not in graph.weights]


def clip_bounds(graph: Graph, node: Any) -> tuple[float, float]:
    """Bounds of a Relu or Clip."""
    if node.op_type == "Relu":
        return 0.0, float("inf")
    low, high = -float("inf"), float("inf")
    if len(node.input) > 1 and node.input[1]:
        low = float(graph.weights[node.input[1]])
    if len(node.input) > 2 and node.input[2]:
        high = float(graph.weights[node.input[2]])
    return low, high


def _is_weighted(graph: Graph, node: Any) -> bool:
    if node.op_type not in WEIGHTED or node.input[0] in graph.weights:
        return False
    constant = [graph.weights.get(name) for name in node.input[1:] if name]
    if any(array is None or array.dtype != np.float32 for array in constant):
        return False
    return node.op_type == "Conv" or graph.weights[node.input[1]].ndim == 2


def _merges(graph: Graph, node: Any) -> bool:
    return node.op_type in MERGING and not any(name in graph.weights for name in node.input)


def _moves(node: Any) -> bool:
    if node.op_type != "Resize":
        return str(node.op_type) in MOVING
    return bool(attribute(node, "mode", b"nearest") == b"nearest")


def _absorb(
    graph: Graph, chosen: set[str], consumers: dict[str, list[Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Activations that the node before them takes in, and where those nodes' results are."""
    absorbed: dict[str, str] = {}
    result: dict[str, str] = {}
    for node in graph.nodes:
        readers = consumers.get(node.output[0], [])
        if node.name not in chosen or len(readers) != 1 or node.output[0] in graph.output_names:
            continue
        reader = readers[0]
        fixed = all(name in graph.weights for name in reader.input[1:] if name)
        # Zero must be in the range, for it is what pads.
        if reader.op_type in ABSORBED and fixed and clip_bounds(graph, reader)[0] <= 0:
            absorbed[reader.name] = node.name
            result[node.name] = reader.output[0]
    return absorbed, result


def _moving(
    graph: Graph,
    chosen: set[str],
    absorbed: dict[str, str],
    producer: dict[str, Any],
    consumers: dict[str, list[Any]],
    keep_float: set[str],
) -> set[str]:
    """Moving nodes with integers on both sides."""
    after = set(chosen)
    wanted = set()
    for node in reversed(graph.nodes):
        if _moves(node) and any(each.name in after for each in consumers.get(node.output[0], [])):
            after.add(node.name)
            wanted.add(node.name)
    before = chosen | set(absorbed)
    found = set()
    for node in graph.nodes:
        source = producer.get(node.input[0]) if node.input else None
        if node.name in wanted - keep_float and source is not None and source.name in before:
            before.add(node.name)
            found.add(node.name)
    return found
