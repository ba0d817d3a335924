# SPDX-License-Identifier: Apache-2.0
"""ONNX models with a contract to OpenVINO IR, the contract inside.

IR is two files, `<name>.xml` and `<name>.bin`. OpenVINO reads ONNX as well; IR opens faster and is
what its tools and its smaller builds take.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from edgepose.backends import Session, open_session
from edgepose.backends.openvino_open import last_line
from edgepose.backends.registry import BACKENDS
from edgepose.convert.compare import (
    BATCHES,
    LARGEST_DIFFERENCE,
    LARGEST_ROUNDING,
    Batch,
    Differences,
    Outputs,
    check_inputs,
    differences,
)
from edgepose.convert.files import place
from edgepose.errors import InputError, MissingDependencyError, ModelError, SpecError
from edgepose.io.targets import check_target
from edgepose.spec import SPEC_KEY, Spec, read_spec
from edgepose.spec.onnx_metadata import read_entry
from edgepose.spec.strict_json import MAX_BYTES

WEIGHTS = ("", "float16")


@dataclass(frozen=True, slots=True)
class Converted:
    """A model in IR.

    Attributes:
        path: The .xml file; the weights lie beside it in .bin.
        spec: The contract inside.
        difference: Largest difference between the IR in OpenVINO and the ONNX file in ONNX Runtime
            over the range of the output, by output, before weights are rounded.
        own_difference: The same to the ONNX file in OpenVINO; of a quantized model, whose
            arithmetic the two runtimes round differently. None for others.
        rounding: After weights were rounded to float16: the difference to the ONNX file, in
            OpenVINO if it is quantized; None if none were.
        bytes: Size of both files.
    """

    path: Path
    spec: Spec
    difference: Differences
    own_difference: Differences | None
    rounding: Differences | None
    bytes: int


def to_ir(model: Path, output: Path, spec: Spec | None = None, weights: str = "") -> Converted:
    """Converts an ONNX model to OpenVINO IR and compares both in their runtimes.

    A float model must give in OpenVINO what the ONNX file gives in ONNX Runtime, within 1e-4 of the
    output's range. Runtimes round integers differently, so a quantized one must give what the ONNX
    file gives in OpenVINO, and the difference between the runtimes is told. Nothing is written
    otherwise.

    Args:
        model: The ONNX file.
        output: The .xml file; the .bin file comes beside it.
        spec: The contract; None for the model's own.
        weights: Empty keeps the types of the ONNX file; `float16` rounds what is float32 there,
            biases too. The arithmetic stays float32.

    Raises:
        InputError: Another type of weights, or the output cannot be written.
        SpecError: There is no contract, or it does not fit.
        ModelError: OpenVINO cannot read the model, or the IR differs.
        MissingDependencyError: OpenVINO is not installed.
    """
    if weights not in WEIGHTS:
        raise InputError(
            f"the weights of an ONNX model can be kept or become float16; got {weights!r}"
        )
    if output.suffix.lower() != ".xml":
        raise InputError(f"an OpenVINO IR is NAME.xml and NAME.bin; got {output.name}")
    check_target(output)
    contract = read_spec(model) if spec is None else spec
    with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
        kept, rounded = Path(folder, "kept.xml"), Path(folder, "rounded.xml")
        _save(model, contract, kept, half=False)
        rounding = None
        with ExitStack() as stack:
            reference, counts = _open(stack, model, contract, "onnxruntime")
            batches, names = check_inputs(contract, counts), list(contract.outputs.values())

            def against(path: Path, other: Outputs, largest: float, runtime: str) -> Differences:
                found = _open(stack, path, contract, "openvino")[0]
                return differences(batches, names, other, found, largest, BACKENDS[runtime].title)

            own, judge, runtime = None, reference, "onnxruntime"
            if contract.quantization is not None:
                judge, runtime = _open(stack, model, contract, "openvino")[0], "openvino"
                own = against(kept, judge, LARGEST_DIFFERENCE, runtime)
            limit = LARGEST_DIFFERENCE if own is None else inf
            difference = against(kept, reference, limit, "onnxruntime")
            if weights:
                _save(model, contract, rounded, half=True)
                rounding = against(rounded, judge, LARGEST_ROUNDING, runtime)
        source = rounded if weights else kept
        # The .xml file, which is the one that is opened, comes last.
        size = sum(place(source.with_suffix(s), output.with_suffix(s)) for s in (".bin", ".xml"))
    return Converted(output, contract, difference, own, rounding, size)


def _save(model: Path, spec: Spec, path: Path, *, half: bool) -> None:
    """Writes the IR and makes sure that its contract is found again."""
    try:
        from edgepose.backends.openvino import ov
    except ImportError as error:
        raise MissingDependencyError(
            'OpenVINO IR needs OpenVINO; install it with: pip install "edgepose[openvino]"'
        ) from error
    try:
        read = ov.Core().read_model(model)
        carried = read_entry(model, SPEC_KEY, MAX_BYTES)  # OpenVINO keeps this one
        if carried is None or Spec.from_json(carried) != spec:
            read.set_rt_info(spec.to_json(), [SPEC_KEY])
        ov.save_model(read, path, compress_to_fp16=half)
    except RuntimeError as error:
        raise ModelError(f"{model}: OpenVINO cannot convert it: {last_line(error)}") from error
    if read_spec(path) != spec:
        raise SpecError(f"{model}: the contract does not survive in OpenVINO IR")


def _open(stack: ExitStack, path: Path, spec: Spec, backend: str) -> tuple[Outputs, Sequence[int]]:
    """What runs a model on a batch, and the sizes of batches that suit it."""
    session: Session = stack.enter_context(closing(open_session(path, backend=backend, threads=1)))
    names = list(spec.outputs.values())
    shape = session.inputs[0].shape
    fixed = None if shape is None else shape[0]

    def run(batch: Batch) -> list[NDArray[Any]]:
        found = session.run({spec.input.name: batch}, list(dict.fromkeys(names)))
        return [found[name] for name in names]

    return run, BATCHES if fixed is None else (fixed,)
