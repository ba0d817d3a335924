# SPDX-License-Identifier: Apache-2.0
"""A network as OpenVINO holds it, written as IR: an .xml file and its weights in a .bin."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from edgepose.backends.openvino import ov
from edgepose.errors import ModelError
from edgepose.spec import Spec
from edgepose.spec.files import SPEC_KEY

from .graph import Graph


@dataclass(frozen=True, eq=False)
class IrNetwork:
    """A network of OpenVINO's; see `edgepose.quantize.network.Network`.

    Attributes:
        model: The `openvino.Model`.
        backend: Runtime that runs it.
        suffix: Of the file that has the structure.
    """

    model: Any

    backend: ClassVar[str] = "openvino"
    suffix: ClassVar[str] = ".xml"

    @classmethod
    def of(cls, graph: Graph) -> IrNetwork:
        """A float network as OpenVINO reads it; nodes keep their names, see `nodes_of`."""
        with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
            path = graph.save(Path(folder, "float.onnx"))
            return cls(ov.convert_model(str(path)))

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        return [port.any_name for port in self.model.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        return [port.any_name for port in self.model.outputs]

    @property
    def has_free_batch(self) -> bool:
        """Whether several crops may go through at once."""
        shape = self.model.inputs[0].partial_shape
        return bool(shape.rank.is_static and len(shape) and shape[0].is_dynamic)

    def operators(self) -> set[str]:
        """Names of the operators, without constants."""
        kinds = ("Constant", "Result")
        return {
            op.get_friendly_name() for op in self.model.get_ops() if op.get_type_name() not in kinds
        }

    def save(self, path: Path, *, check: bool = True) -> Path:  # noqa: ARG002
        """Writes both files, without a contract."""
        ov.save_model(self.model, str(path), compress_to_fp16=False)
        return path

    def write(self, path: Path, spec: Spec) -> None:
        """Writes both files, the contract in `rt_info`; the .xml appears last, and whole.

        Raises:
            ModelError: They cannot be written.
        """
        model = self.model.clone()
        model.set_rt_info(spec.to_json(), SPEC_KEY)
        shorten_names(model)
        try:
            with tempfile.TemporaryDirectory(prefix=".edgepose-", dir=path.parent) as folder:
                whole = Path(folder, path.name)
                ov.save_model(model, str(whole), compress_to_fp16=False)
                for suffix in (".bin", path.suffix):
                    whole.with_suffix(suffix).replace(path.with_suffix(suffix))
        except (OSError, RuntimeError) as error:
            raise ModelError(f"{path}: cannot write: {error}") from error


def shorten_names(model: Any) -> None:
    """Gives inner operators short names: long ones are a sixth of a small network's files."""
    kept = {op.get_friendly_name() for op in (*model.get_parameters(), *model.get_results())}
    for number, op in enumerate(model.get_ordered_ops()):
        if op.get_friendly_name() not in kept:
            op.set_friendly_name(f"n{number}")
