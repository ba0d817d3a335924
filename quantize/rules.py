# SPDX-License-Identifier: Apache-2.0
"""Checks a quantized network against what runtimes for INT8 accept.

- ONNX Runtime (mobile builds too), QNN: QDQ of opset 13 or later, standard operators, signed
  symmetric weights, int32 biases scaled by input and weights, constant scales.
- TensorRT: the same, and activations without a zero point.

Sources: "Quantize ONNX Models" and "QNN Execution Provider" of ONNX Runtime's documentation,
"Working with Quantized Types" of TensorRT's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .graph import OPSET, Graph
from .plan import WEIGHTED

RUNTIMES = ("onnxruntime", "qnn", "tensorrt")
# Operators that all of them have; a pose network needs no others.
KNOWN = {
    *("Conv", "ConvTranspose", "MatMul", "Gemm", "Add", "Mul", "Sub", "Div", "Concat", "Relu"),
    *("Clip", "Sigmoid", "Softmax", "Exp", "Resize", "MaxPool", "AveragePool", "Reshape"),
    *("GlobalAveragePool", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split"),
    *("LeakyRelu", "PRelu", "HardSigmoid", "HardSwish", "Pad", "DepthToSpace", "ReduceMean"),
    *("Tanh", "Identity", "QuantizeLinear", "DequantizeLinear", "Cast", "Sqrt", "Pow"),
}


@dataclass(frozen=True)
class Verdict:
    """What a runtime says to a network; no objection means that it takes it."""

    runtime: str
    objections: tuple[str, ...]


def check(graph: Graph) -> tuple[Verdict, ...]:
    """Checks the rules.

    Args:
        graph: A quantized network.
    """
    common = [*_opset(graph), *_operators(graph), *_pairs(graph), *_weights(graph)]
    signed = _zero_points(graph)
    return tuple(
        Verdict(name, tuple(common + (signed if name == "tensorrt" else []))) for name in RUNTIMES
    )


def _opset(graph: Graph) -> list[str]:
    return [] if graph.opset >= OPSET else [f"opset {graph.opset}: at least {OPSET} is needed"]


def _operators(graph: Graph) -> list[str]:
    strange = sorted({node.op_type for node in graph.nodes} - KNOWN)
    return [f"operators that not every runtime has: {', '.join(strange)}"] if strange else []


def _pairs(graph: Graph) -> list[str]:
    """Every QuantizeLinear is read by DequantizeLinear alone, with the same constants."""
    consumers = graph.consumers()
    found = []
    for node in graph.nodes:
        if node.op_type != "QuantizeLinear":
            continue
        for reader in consumers.get(node.output[0], []):
            same = reader.op_type == "DequantizeLinear" and reader.input[1:] == node.input[1:]
            if not same:
                found.append(f"{node.name}: a rounded tensor goes to {reader.op_type}")
        if any(name not in graph.weights for name in node.input[1:]):
            found.append(f"{node.name}: its scale is not constant")
    return found


def _weights(graph: Graph) -> list[str]:
    producer = graph.producer()
    found = []
    for node in graph.nodes:
        if node.op_type not in WEIGHTED or node.input[1] not in producer:
            continue
        source = producer[node.input[1]]
        codes = graph.weights.get(source.input[0])
        zero = graph.weights.get(source.input[2]) if len(source.input) > 2 else None
        if codes is None or codes.dtype != np.int8:
            found.append(f"{node.name}: weights must be int8")
        elif zero is not None and np.any(zero):
            found.append(f"{node.name}: weights must be symmetric")
        elif codes.size and int(codes.min()) == -128:
            found.append(f"{node.name}: weights must be -127..127")
        if len(node.input) > 2 and node.input[2] in producer:
            bias = graph.weights[producer[node.input[2]].input[0]]
            if bias.dtype != np.int32:
                found.append(f"{node.name}: the bias must be int32")
    return found


def _zero_points(graph: Graph) -> list[str]:
    for node in graph.nodes:
        if node.op_type == "QuantizeLinear":
            zero: Any = graph.weights.get(node.input[2]) if len(node.input) > 2 else None
            if zero is None or zero.dtype != np.int8 or np.any(zero):
                return ["activations need int8 without a zero point (--activations symmetric)"]
    return []
