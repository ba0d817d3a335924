# SPDX-License-Identifier: Apache-2.0
"""Weights to an ONNX model that carries its contract, checked against PyTorch."""

from __future__ import annotations

import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.errors import InputError, MissingDependencyError, ModelError
from edgepose.nets.bottom_up import BottomUpNet
from edgepose.nets.detector import CenterDetector, DetectorExport
from edgepose.nets.fold import fold_batch_norm, fold_by_running
from edgepose.nets.pose import PoseExport
from edgepose.nets.published.outputs import with_outputs
from edgepose.nets.published.registry import architecture, architectures, read_json
from edgepose.nets.registry import build_bottom_up, build_detector, build_pose
from edgepose.spec import Spec, write_spec
from edgepose.train.bottom_up_codecs import field_count
from edgepose.train.checkpoint import load_weights, read_weights
from edgepose.train.config import BOTTOM_UP
from edgepose.train.contract import ExportOptions, contract
from edgepose.train.half import rounded_weights, store_half
from edgepose.train.recipe import Recipe

# Old enough for ONNX Runtime's mobile builds, OpenVINO and the converters of NPUs.
OPSET = 13
LARGEST_DIFFERENCE = 1e-4
# What rounding the weights to float16 may cost, measured against the float32 network.
LARGEST_ROUNDING = 1e-2
CHECK_BATCHES = (1, 3)
Differences = dict[str, float]


@dataclass(frozen=True)
class Exported:
    """An exported model.

    Attributes:
        path: The ONNX file.
        spec: The contract inside.
        difference: Largest difference to PyTorch over the range of the output, by output.
        rounding: The same to the network before its weights were rounded; None in float32.
        bytes: Size of the file.
    """

    path: Path
    spec: Spec
    difference: Differences
    rounding: Differences | None
    bytes: int


def export(checkpoint: Path, output: Path, options: ExportOptions | None = None) -> Exported:
    """Writes an ONNX model: batch axis free, height and width fixed, batch norms folded.

    The model is run by ONNX Runtime on noise and on smooth pictures and compared with the
    network in PyTorch, whose batch norms are not folded. Nothing is written if it differs.

    Args:
        checkpoint: Weights that training wrote.
        output: The ONNX file.
        options: What the weights do not know.

    Raises:
        ModelError: The weights are damaged, or the model differs by more than 1e-4 of the range.
        SpecError: The contract would not be valid.
        MissingDependencyError: The package `onnx` is missing.
        InputError: The output cannot be written, or an option is wrong.
    """
    chosen = options or ExportOptions()
    model, recipe = read_weights(checkpoint)
    spec = contract(recipe, chosen)
    inner = _build(recipe)
    load_weights(inner, model, checkpoint)
    if not output.parent.is_dir():
        raise InputError(f"cannot write {output}: its folder does not exist")
    if output.is_dir():
        raise InputError(f"cannot write {output}: it is a folder")
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
        _place(whole, output)
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

    session = open_session(path, threads=1)
    names = list(spec.outputs.values())
    worst = dict.fromkeys(names, 0.0)
    for batch in check_inputs(spec):
        with torch.no_grad():
            raw = net.eval()(torch.from_numpy(batch))
        expected = [raw] if isinstance(raw, Tensor) else list(raw)
        found = session.run({spec.input.name: batch}, names)
        for name, theirs in zip(names, expected, strict=True):
            ours, truth = found[name], theirs.numpy()
            if ours.shape != truth.shape or not np.isfinite(ours).all():
                raise ModelError(f"output {name}: expected finite {truth.shape}; got {ours.shape}")
            span = float(np.ptp(truth)) or 1.0
            worst[name] = max(worst[name], float(np.abs(ours - truth).max()) / span)
    for name, value in worst.items():
        if value > largest:
            raise ModelError(
                f"output {name} differs from PyTorch by {value:.2g} of its range; "
                f"at most {largest:g} is allowed"
            )
    return worst


def check_inputs(spec: Spec) -> list[NDArray[np.float32]]:
    """Normalised batches of one and of three: noise, and smooth shapes like a photo's."""
    rng = np.random.default_rng(0)
    mean = np.array(spec.input.mean, np.float32)[:, None, None]
    std = np.array(spec.input.std, np.float32)[:, None, None]
    batches = []
    for count in CHECK_BATCHES:
        shape = (count, 3, spec.input.height, spec.input.width)
        batches.append(rng.standard_normal(shape, np.float32))
        small = rng.uniform(0, 255, (count, 8, 6, 3)).astype(np.float32)
        smooth = np.stack([cv2.resize(picture, spec.input.wh) for picture in small])
        picture = (smooth.transpose(0, 3, 1, 2) - mean) / std
        batches.append(np.ascontiguousarray(picture, np.float32))
    return batches


def _build(recipe: Recipe) -> nn.Module:
    """The network of a recipe with random weights."""
    try:
        if recipe.contract:
            return architecture(recipe.arch).build(len(recipe.keypoint_names))
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
    if recipe.objective == "mse":
        return net
    return PoseExport(net, recipe.sigma, (recipe.height, recipe.width))


def _place(source: Path, target: Path) -> None:
    """Copies a file so that the target appears whole or not at all."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        partial.write_bytes(source.read_bytes())
        partial.replace(target)
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
