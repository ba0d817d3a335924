# SPDX-License-Identifier: Apache-2.0
"""Weights to an ONNX or OpenVINO model that carries its contract, checked against PyTorch."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from edgepose.convert.compare import (
    LARGEST_DIFFERENCE,
    LARGEST_ROUNDING,
    Batch,
    Differences,
    check_inputs,
    differences,
)
from edgepose.convert.files import place
from edgepose.errors import InputError, MissingDependencyError, ModelError
from edgepose.io.targets import check_target
from edgepose.nets.bottom_up import BottomUpNet
from edgepose.nets.coordinates import IntegralExport, SimccExport, SimccPose
from edgepose.nets.detector import CenterDetector, DetectorExport
from edgepose.nets.fold import fold_batch_norm, fold_by_running
from edgepose.nets.pose import PoseExport
from edgepose.nets.published.outputs import with_outputs
from edgepose.nets.published.registry import architecture, architectures, read_json
from edgepose.nets.registry import build_bottom_up, build_detector, build_pose, build_simcc
from edgepose.spec import Spec, write_spec
from edgepose.train.bottom_up_codecs import field_count
from edgepose.train.checkpoint import load_weights, read_weights
from edgepose.train.config import BOTTOM_UP
from edgepose.train.contract import ExportOptions, contract
from edgepose.train.half import rounded_weights, store_half
from edgepose.train.recipe import Recipe

# Old enough for ONNX Runtime's mobile builds, OpenVINO and the converters of NPUs.
OPSET = 13


@dataclass(frozen=True)
class Exported:
    """An exported model.

    Attributes:
        path: The ONNX file, or the .xml file of an OpenVINO IR.
        spec: The contract inside.
        difference: Largest difference to PyTorch over the range of the output, by output.
        rounding: The same to the network before its weights were rounded; None in float32.
        bytes: Size of the file, or of both files of an IR.
        runtime: The same between OpenVINO and ONNX Runtime; None of an ONNX file.
    """

    path: Path
    spec: Spec
    difference: Differences
    rounding: Differences | None
    bytes: int
    runtime: Differences | None = None


def export(checkpoint: Path, output: Path, options: ExportOptions | None = None) -> Exported:
    """Writes a model: batch axis free, height and width fixed, batch norms folded.

    The model is run by ONNX Runtime on noise and on smooth pictures and compared with the
    network in PyTorch, whose batch norms are not folded. An OpenVINO IR is made of that ONNX model
    and compared with it in turn. Nothing is written if one differs.

    Args:
        checkpoint: Weights that training wrote.
        output: The ONNX file, or NAME.xml for an OpenVINO IR.
        options: What the weights do not know.

    Raises:
        ModelError: The weights are damaged, or the model differs by more than 1e-4 of the range.
        SpecError: The contract would not be valid.
        MissingDependencyError: The package `onnx` is missing, or OpenVINO for an IR.
        InputError: The output cannot be written, or an option is wrong.
    """
    chosen = options or ExportOptions()
    model, recipe = read_weights(checkpoint)
    spec = contract(recipe, chosen)
    inner = _build(recipe)
    load_weights(inner, model, checkpoint)
    check_target(output)
    with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
        bare, whole = Path(folder, "bare.onnx"), Path(folder, "whole.onnx")
        folded, original = _fold(inner, recipe), _wrap(inner, recipe)
        rounding = None
        if chosen.weights == "float16":
            folded = rounded_weights(folded)
            write_onnx(_wrap(folded, recipe), spec, bare)
            store_half(bare)
            rounding = compare(bare, original, spec, LARGEST_ROUNDING)
            original = _wrap(folded, recipe)
        else:
            write_onnx(_wrap(folded, recipe), spec, bare)
        difference = compare(bare, original, spec)
        write_spec(bare, spec, whole)
        if output.suffix.lower() == ".xml":
            from edgepose.convert.openvino import to_ir

            made = to_ir(whole, output)
            return Exported(output, spec, difference, rounding, made.bytes, made.difference)
        place(whole, output)
    return Exported(output, spec, difference, rounding, output.stat().st_size)


def folded_network(checkpoint: Path) -> tuple[nn.Module, nn.Module, Recipe]:
    """The network of weights with its batch norms folded: bare, as it is exported, its recipe.

    Raises:
        ModelError: The weights are damaged.
    """
    model, recipe = read_weights(checkpoint)
    inner = _build(recipe)
    load_weights(inner, model, checkpoint)
    folded = _fold(inner, recipe)
    return folded, _wrap(folded, recipe), recipe


def write_onnx(net: nn.Module, spec: Spec, path: Path, before: tuple[str, ...] = ()) -> None:
    """Writes the bare network of a contract.

    Args:
        net: The network.
        spec: The contract, which names its outputs.
        path: The file.
        before: Names of outputs that the network gives before those of the contract.

    Raises:
        MissingDependencyError: The package `onnx` is missing.
    """
    try:
        import onnx
    except ImportError as error:
        raise MissingDependencyError("export needs onnx; install edgepose[train]") from error
    picture = torch.zeros(1, 3, spec.input.height, spec.input.width)
    names = [*before, *spec.outputs.values()]
    with warnings.catch_warnings():
        # The older exporter is wanted: the newer one needs another package and opset 18.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net.eval(),
            (picture,),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=[spec.input.name],
            output_names=names,
            dynamic_axes={name: {0: "N"} for name in [spec.input.name, *names]},
        )
    onnx.checker.check_model(str(path))


def compare(
    path: Path, net: nn.Module, spec: Spec, largest: float = LARGEST_DIFFERENCE
) -> Differences:
    """Largest difference between a model and PyTorch over the output's range, by output.

    Raises:
        ModelError: It is above `largest`, or an output is not finite.
    """
    from edgepose.backends.registry import open_session

    names = list(spec.outputs.values())

    def expected(batch: Batch) -> list[Batch]:
        with torch.no_grad():
            raw = net.eval()(torch.from_numpy(batch))
        return [item.numpy() for item in ([raw] if isinstance(raw, Tensor) else raw)]

    with closing(open_session(path, threads=1)) as session:

        def found(batch: Batch) -> list[Batch]:
            outputs = session.run({spec.input.name: batch}, names)
            return [outputs[name] for name in names]

        return differences(check_inputs(spec), names, expected, found, largest, "PyTorch")


def _build(recipe: Recipe) -> nn.Module:
    """The network of a recipe with random weights."""
    try:
        if recipe.contract:
            return architecture(recipe.arch).build(len(recipe.keypoint_names))
        if recipe.objective == "simcc":
            hw = recipe.height, recipe.width
            return build_simcc(recipe.arch, len(recipe.keypoint_names), hw, recipe.split_ratio)
        if recipe.task == "top_down":
            return build_pose(recipe.arch, len(recipe.keypoint_names))
        if recipe.task in BOTTOM_UP:
            return build_bottom_up(recipe.arch, len(recipe.keypoint_names), field_count(recipe))
        return build_detector(recipe.arch)
    except InputError as error:
        raise ModelError(f"recipe.arch: {error}") from error


def _fold(net: nn.Module, recipe: Recipe) -> nn.Module:
    if recipe.arch in architectures():
        return fold_by_running(net, (recipe.height, recipe.width))
    return fold_batch_norm(net)


def _wrap(net: nn.Module, recipe: Recipe) -> nn.Module:
    """The network with the outputs that its contract promises."""
    if recipe.contract:
        codec = Spec.from_json(recipe.contract).codec.type
        kind = architecture(recipe.arch)
        gain = read_json("conventions.json")[kind.convention]["gain"]
        return with_outputs(net, kind, codec, len(recipe.keypoint_names), gain)
    if isinstance(net, BottomUpNet):
        return net
    if isinstance(net, CenterDetector):
        return DetectorExport(net)
    if isinstance(net, SimccPose):
        return SimccExport(net, recipe.sigma)
    if recipe.objective == "mse":
        return net
    if recipe.objective == "integral":
        return IntegralExport(net, recipe.sigma, (recipe.height, recipe.width))
    return PoseExport(net, recipe.sigma, (recipe.height, recipe.width))
