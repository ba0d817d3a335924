# SPDX-License-Identifier: Apache-2.0
"""Contracts, and ONNX models to put them into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from reference.contract import top_down_document

from edgepose.spec import Spec


@pytest.fixture
def spec() -> Spec:
    return Spec.from_dict(top_down_document())


@pytest.fixture(scope="session")
def onnx_model() -> Callable[..., Any]:
    """Makes a model [N, 3, 64, 48] to [N, 3, 16, 12] with the given metadata entries."""

    def make(**metadata: str) -> Any:
        weights = np.ones((3, 3, 1, 1), np.float32)
        graph = helper.make_graph(
            [helper.make_node("Conv", ["image", "w"], ["heatmaps"], strides=[4, 4])],
            "tiny",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 64, 48])],
            [helper.make_tensor_value_info("heatmaps", TensorProto.FLOAT, ["n", 3, 16, 12])],
            [numpy_helper.from_array(weights, "w")],
        )
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model)
        return model

    return make


@pytest.fixture
def onnx_file(onnx_model: Callable[..., Any], tmp_path: Path) -> Path:
    """A model file with two foreign metadata entries and no contract."""
    path = tmp_path / "model.onnx"
    path.write_bytes(onnx_model(author="someone", stride="32").SerializeToString())
    return path
