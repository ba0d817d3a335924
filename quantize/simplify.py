# SPDX-License-Identifier: Apache-2.0
"""Brings a float network into the form that quantization works on.

Constants become weights, weights stored as float16 become float32 again, batch norms go into the
convolution before them, and the opset is raised where it is too old. The result computes the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper, version_converter

from edgepose.errors import ModelError

from .graph import OPSET, Graph, attribute, read_graph

QUANTIZED_OPS = {
    "QuantizeLinear",
    "DequantizeLinear",
    "DynamicQuantizeLinear",
    "QLinearConv",
    "QLinearMatMul",
    "ConvInteger",
    "MatMulInteger",
}


def read_float_graph(path: Path) -> Graph:
    """Reads a network and simplifies it.

    Raises:
        ModelError: As `read_graph`, the network is quantized already, or its opset is too old to
            be raised.
    """
    graph = read_graph(path)
    present = sorted({node.op_type for node in graph.nodes} & QUANTIZED_OPS)
    if present:
        raise ModelError(f"{path}: expected a float network; it already has {', '.join(present)}")
    fold_constants(graph)
    fold_batch_norms(graph)
    if graph.opset < OPSET:
        graph = raise_opset(graph, path)
        fold_constants(graph)
    return graph


def fold_constants(graph: Graph) -> None:
    """Turns Constant, Identity and Cast of constants into weights; drops Dropout and Identity."""
    kept = []
    alias: dict[str, str] = {}
    for node in graph.nodes:
        for index, name in enumerate(node.input):
            node.input[index] = alias.get(name, name)
        source = node.input[0] if node.input else ""
        if node.op_type == "Constant":
            graph.weights[node.output[0]] = _constant(node)
        elif node.op_type in ("Identity", "Dropout") and node.output[0] not in graph.output_names:
            alias[node.output[0]] = source
        elif node.op_type == "Cast" and source in graph.weights:
            kind = helper.tensor_dtype_to_np_dtype(attribute(node, "to", onnx.TensorProto.FLOAT))
            graph.weights[node.output[0]] = graph.weights[source].astype(kind)
        else:
            kept.append(node)
    graph.nodes = kept


def fold_batch_norms(graph: Graph) -> None:
    """Multiplies each batch norm into the convolution whose only reader it is."""
    producer, consumers = graph.producer(), graph.consumers()
    dropped: list[str] = []
    for norm in graph.nodes:
        if norm.op_type != "BatchNormalization":
            continue
        conv = producer.get(norm.input[0])
        if (
            conv is None
            or conv.op_type not in ("Conv", "ConvTranspose")
            or len(consumers[norm.input[0]]) > 1
            or norm.input[0] in graph.output_names
            or any(name not in graph.weights for name in [*conv.input[1:], *norm.input[1:]])
        ):
            continue
        gamma, beta, mean, variance = (graph.weights[name] for name in norm.input[1:5])
        gain = gamma / np.sqrt(variance + attribute(norm, "epsilon", 1e-5))
        weight = graph.weights[conv.input[1]]
        bias = graph.weights[conv.input[2]] if len(conv.input) > 2 else np.zeros_like(beta)
        names = f"{conv.name}.folded.weight", f"{conv.name}.folded.bias"
        graph.weights[names[0]] = _scale_outputs(conv, weight, gain).astype(np.float32)
        graph.weights[names[1]] = ((bias - mean) * gain + beta).astype(np.float32)
        del conv.input[1:]
        conv.input.extend(names)
        conv.output[0] = norm.output[0]
        dropped.append(norm.name)
    graph.nodes = [node for node in graph.nodes if node.name not in dropped]


def raise_opset(graph: Graph, path: Path) -> Graph:
    """The network in the operators of opset 13.

    Raises:
        ModelError: An operator cannot be converted.
    """
    for node in graph.nodes:
        if node.op_type == "BatchNormalization":  # opset 9 dropped it; 1 was its only use
            kept = [each for each in node.attribute if each.name != "spatial"]
            del node.attribute[:]
            node.attribute.extend(kept)
    try:
        model = version_converter.convert_version(graph.to_model(), OPSET)
    except Exception as error:  # a RuntimeError of the C++ side
        reason = str(error).strip().splitlines()[0]
        raise ModelError(
            f"{path}: opset {graph.opset} cannot be raised to {OPSET}: {reason}"
        ) from error
    weights = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    return Graph(
        list(model.graph.node), weights, graph.inputs, graph.outputs, OPSET, graph.ir_version
    )


def _scale_outputs(conv: Any, weight: Any, gain: Any) -> Any:
    """Weights with each output channel multiplied by its gain."""
    space = (1,) * (weight.ndim - 2)
    if conv.op_type == "Conv":
        return weight * gain.reshape(-1, 1, *space)
    groups = attribute(conv, "group", 1)  # ConvTranspose: [in, out / groups, ...]
    inputs, outputs = weight.shape[:2]
    by_group = weight.reshape(groups, inputs // groups, outputs, *weight.shape[2:])
    return (by_group * gain.reshape(groups, 1, outputs, *space)).reshape(weight.shape)


def _constant(node: Any) -> Any:
    for each in node.attribute:
        value = helper.get_attribute_value(each)
        if each.name == "value":
            return numpy_helper.to_array(value)
        if each.name in ("value_float", "value_floats"):
            return np.array(value, np.float32)
        if each.name in ("value_int", "value_ints"):
            return np.array(value, np.int64)
    raise ModelError(f"{node.name}: a constant of a kind that is not supported")
