# SPDX-License-Identifier: Apache-2.0
"""An ONNX graph as plain lists and arrays, easy to rewrite."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from edgepose.errors import ModelError
from edgepose.spec import Spec, write_spec

# The first opset with a scale per channel in QuantizeLinear and DequantizeLinear, and the one that
# edgepose exports: mobile builds, TensorRT and QNN read it.
OPSET = 13


@dataclass
class Graph:
    """A network.

    Attributes:
        nodes: Its nodes in an order in which they can run, each with a name of its own.
        weights: Constant tensors by name.
        inputs: Declared inputs, without constants.
        outputs: Declared outputs.
        opset: Version of the standard operators.
        ir_version: Version of the file format.
        backend: Runtime that runs it here.
    """

    nodes: list[Any]
    weights: dict[str, NDArray[Any]]
    inputs: list[Any]
    outputs: list[Any]
    opset: int
    ir_version: int
    backend: str = "onnxruntime"

    suffix: ClassVar[str] = ".onnx"

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        return [value.name for value in self.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        return [value.name for value in self.outputs]

    @property
    def has_free_batch(self) -> bool:
        """Whether several crops may go through at once."""
        axes = self.inputs[0].type.tensor_type.shape.dim
        return bool(axes) and axes[0].dim_value == 0

    def producer(self) -> dict[str, Any]:
        """The node that gives each tensor."""
        return {name: node for node in self.nodes for name in node.output if name}

    def consumers(self) -> dict[str, list[Any]]:
        """The nodes that read each tensor, each once."""
        found: dict[str, list[Any]] = {}
        for node in self.nodes:
            for name in dict.fromkeys(node.input):
                if name:
                    found.setdefault(name, []).append(node)
        return found

    def with_outputs(self, names: Iterable[str]) -> Graph:
        """The same network that also gives these tensors."""
        extra = [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            for name in names
            if name not in self.output_names
        ]
        return replace(self, outputs=[*self.outputs, *extra])

    def copy(self) -> Graph:
        """A graph whose nodes and weights can be changed without changing this one's."""
        nodes = []
        for node in self.nodes:
            twin = onnx.NodeProto()
            twin.CopyFrom(node)
            nodes.append(twin)
        return replace(self, nodes=nodes, weights=dict(self.weights))

    def to_model(self) -> Any:
        """The onnx.ModelProto."""
        used = {name for node in self.nodes for name in node.input} | set(self.output_names)
        tensors = [
            numpy_helper.from_array(np.asarray(array, order="C"), name)
            for name, array in self.weights.items()
            if name in used
        ]
        graph = helper.make_graph(self.nodes, "edgepose", self.inputs, self.outputs, tensors)
        return helper.make_model(
            graph,
            producer_name="edgepose",
            opset_imports=[helper.make_opsetid("", self.opset)],
            ir_version=self.ir_version,
        )

    def save(self, path: Path, *, check: bool = True) -> Path:
        """Writes the network, without a contract; checks it unless it has outputs of no shape."""
        model = self.to_model()
        try:
            if check:
                onnx.checker.check_model(model)
        except onnx.checker.ValidationError as error:
            raise ModelError(f"{path}: the rewritten network is not valid: {error}") from error
        path.write_bytes(model.SerializeToString())
        return path

    def write(self, path: Path, spec: Spec) -> None:
        """Writes the network with its contract; the file appears whole or not at all."""
        with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
            write_spec(self.save(Path(folder, "bare.onnx")), spec, path)


def read_graph(path: Path) -> Graph:
    """Reads an ONNX file.

    Raises:
        ModelError: It is absent or no ONNX model, has operators of another domain, or no inputs.
    """
    try:
        model = onnx.load(str(path))
    except Exception as error:  # protobuf's own errors derive from nothing narrower
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(f"{path}: cannot read the network: {reason}") from error
    versions = {each.domain: each.version for each in model.opset_import}
    foreign = sorted(
        {node.domain for node in model.graph.node if node.domain not in ("", "ai.onnx")}
    )
    if foreign or "" not in versions:
        raise ModelError(f"{path}: expected standard operators only; got {', '.join(foreign)}")
    weights = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    if not inputs or not model.graph.node:
        raise ModelError(f"{path}: the network has no inputs or no nodes")
    nodes = list(model.graph.node)
    return Graph(
        _named(nodes),
        weights,
        inputs,
        list(model.graph.output),
        versions[""],
        max(model.ir_version, 7),  # below 4 every constant had to be an input as well
    )


def attribute(node: Any, name: str, default: Any) -> Any:
    """Value of a node's attribute."""
    for each in node.attribute:
        if each.name == name:
            return helper.get_attribute_value(each)
    return default


def _named(nodes: list[Any]) -> list[Any]:
    """Gives each node a name that no other has: its own, or that of its output."""
    taken: set[str] = set()
    for node in nodes:
        name = node.name or (node.output[0] if node.output else node.op_type)
        while name in taken:
            name += "_"
        node.name = name
        taken.add(name)
    return nodes
