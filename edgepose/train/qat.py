# SPDX-License-Identifier: Apache-2.0
"""Quantization-aware fine-tuning: trained weights in, an INT8 model out, if it is as accurate."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.errors import AccuracyError, InputError, MissingDependencyError
from edgepose.spec import QuantizationSpec, Spec, write_spec
from edgepose.train.checkpoint import load_weights, read_weights
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.config_file import read_config
from edgepose.train.contract import ExportOptions, contract
from edgepose.train.engine import fit
from edgepose.train.export import compare, folded_network, write_onnx
from edgepose.train.qat_config import Qat
from edgepose.train.qat_task import QatTask
from edgepose.train.recipe import Recipe
from edgepose.train.rounded_net import RoundedNet

log = logging.getLogger("edgepose.train")
METHOD = "qat"
# Samples without labels that the accuracy is judged on.
JUDGED = 128
FINAL_RATE = 0.01


@dataclass(frozen=True)
class Guard:
    """What the result is held to, as `edgepose quantize` holds its own.

    Attributes:
        max_drop: Points that may be lost, of AP with labels, of agreement without.
        validate: COCO keypoint annotations; None compares with the float model on held-out
            training samples.
        images: Folder of their pictures; None is where the annotations lie.
    """

    max_drop: float = 0.5
    validate: Path | None = None
    images: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.max_drop <= 100:  # a NaN fails too
            raise InputError(f"max_drop must be 0..100 points; got {self.max_drop!r}")


@dataclass(frozen=True, eq=False)
class FineTuned:
    """What came out.

    Attributes:
        path: The INT8 model.
        spec: Its contract, with the record of its quantization.
        metric: What a point is.
        float_value: Points of the float model.
        before: Points when its weights were rounded but not yet trained.
        value: Points of the INT8 model.
        objections: What runtimes have against the file, by runtime.
    """

    path: Path
    spec: Spec
    metric: str
    float_value: float
    before: float
    value: float
    objections: Mapping[str, tuple[str, ...]]


def fine_tune(
    config_path: Path,
    weights: Path,
    data: Path,
    output: Path,
    cache: Path,
    *,
    guard: Guard | None = None,
    export: ExportOptions | None = None,
    fresh: bool = False,
) -> FineTuned:
    """Trains weights on with rounding in place, and writes the INT8 model.

    Checkpoint and log go to `output/<name>-qat`, and `<name>-int8.onnx` beside them.

    Args:
        config_path: The recipe that the weights were trained by; its table `[qat]` says how.
        weights: The weights.
        data: Folder of the shards.
        output: Folder of the runs.
        cache: Folder of the decoded pictures.
        guard: What the result is held to.
        export: What weights do not know of their contract, as `edgepose export` takes it.
        fresh: Start anew instead of going on from the checkpoint.

    Raises:
        AccuracyError: It loses more than the guard allows; no model is written.
        InputError: The recipe, the shards or an option is unusable, or the weights are another
            recipe's.
        ModelError: The weights are damaged, or the training diverges.
        MissingDependencyError: The package `onnx` is missing, or this is a bare source tree.
    """
    if find_spec("edgepose.quantize") is None:
        raise MissingDependencyError("--qat needs edgepose.quantize; install edgepose")
    held = guard or Guard()
    start = start_from(read_config(config_path, data), weights, export or ExportOptions())
    cv2.setNumThreads(0)  # worker processes must not inherit OpenCV's threads
    torch.set_num_threads(start.config.threads)
    task, inputs = start.prepare(cache)
    judge = start.judge(task, held)  # before the work: its labels may be unusable
    folder = output / start.config.name
    trained = fit(start.config, task, folder, fresh=fresh)
    load_weights(task.net, read_weights(trained)[0], trained)
    return start.finish(task.net, inputs, folder, judge, held.max_drop)


@dataclass
class Start:
    """Weights, made ready to be trained on."""

    config: TrainConfig
    qat: Qat
    recipe: Recipe
    spec: Spec
    bare: nn.Module
    graph: Any
    results: tuple[str, ...]
    before: Any = None  # the INT8 network of the untrained weights

    @property
    def phase(self) -> Phase:
        """The one phase."""
        return self.config.phases[0]

    def prepare(self, cache: Path) -> tuple[QatTask, NDArray[np.float32]]:
        """The task, and the inputs that the ranges were seen on."""
        from edgepose.train.run import TASKS

        inner = TASKS[self.config.task](self.config, cache)
        objective = self.recipe.objective if self.recipe.task == "top_down" else "mse"
        task = QatTask(
            inner, nn.Identity(), self.bare,
            steps=self.qat.steps, share=self.qat.distillation, objective=objective,
        )  # fmt: skip
        task.batch_size = self.qat.batch_size
        inputs = task.calibration(replace(self.phase, augment=0.0), self.qat.crops)
        log.info("ranges: %s on %d training samples", self.qat.method, len(inputs))
        task.net = self.round(inputs)
        return task, inputs

    def round(self, inputs: NDArray[np.float32]) -> RoundedNet:
        """The network that rounds, as `edgepose quantize` would round it."""
        from edgepose.quantize.convert import Observed, bias_shifts, choose_ranges, complete
        from edgepose.quantize.plan import make_plan
        from edgepose.quantize.qdq import write_qdq

        numbers = numbers_of(self.qat)
        observed = Observed.of(self.graph, inputs)
        if self.qat.equalize:
            observed = observed.equalized(inputs)
        plan = make_plan(observed.graph)
        ranges = choose_ranges(observed, plan, self.qat.method)
        shifts = bias_shifts(observed.graph, plan, complete(observed, plan), numbers)
        self.before = write_qdq(observed.graph, plan, ranges, numbers, shifts)
        graph = _with_biases(observed.graph, shifts)
        return RoundedNet(
            graph, self.results, plan, ranges, numbers, train_ranges=self.qat.train_ranges
        )

    def finish(
        self,
        net: Any,
        inputs: NDArray[np.float32],
        folder: Path,
        judge: Any,
        max_drop: float,
    ) -> FineTuned:
        """Converts, compares with float, and writes what holds."""
        from edgepose.quantize.rules import check

        numbers = numbers_of(self.qat)
        final = quantized(net, numbers)
        scores = {
            name: judge.score(graph).value
            for name, graph in (("float", self.graph), ("before", self.before), ("after", final))
        }
        log.info(
            "%s on %s: float %.2f, rounded %.2f, fine-tuned %.2f",
            judge.metric, judge.data, *scores.values(),
        )  # fmt: skip
        drop = scores["float"] - scores["after"]
        if not drop <= max_drop:
            raise AccuracyError(
                f"INT8 loses {drop:.2f} points of {judge.metric} after {self.qat.steps} steps "
                f"(float {scores['float']:.2f}, rounded {scores['before']:.2f}, fine-tuned "
                f"{scores['after']:.2f}); at most {max_drop:g} are allowed; no model "
                "was written"
            )
        record = QuantizationSpec(
            activations=numbers.activations,
            weight_bits=7 if numbers.weight_limit == 63 else 8,
            per_channel=numbers.per_channel,
            method=METHOD,
            calibration_crops=len(inputs),
            calibration_sha256=hashlib.sha256(inputs.tobytes()).hexdigest(),
            float_layers=(),
            metric=f"{judge.metric} on {judge.data}",
            float_accuracy=round(scores["float"], 3),
            accuracy=round(scores["after"], 3),
        )
        spec = replace(self.spec, name=f"{self.spec.name}-int8", quantization=record)
        path = folder / f"{self.spec.name}-int8.onnx"
        with tempfile.TemporaryDirectory(prefix="edgepose-") as name:
            write_spec(final.save(Path(name, "bare.onnx")), spec, path)
        objections = {each.runtime: each.objections for each in check(final)}
        return FineTuned(path, spec, judge.metric, *scores.values(), objections)

    def judge(self, task: QatTask, held: Guard) -> Any:
        """What measures the accuracy, an `edgepose.quantize.judge.Judge`."""
        from edgepose.io.coco import read_coco
        from edgepose.quantize.calibration import Crops
        from edgepose.quantize.judge import AgreementJudge, LabelJudge
        from edgepose.quantize.observe import run_outputs

        if held.validate is not None:
            folder = held.images or held.validate.parent
            return LabelJudge(self.spec, read_coco(held.validate), folder)
        inputs, numbers = task.held_out(self.phase, JUDGED)
        if not len(inputs):
            raise InputError("no training sample is held out to judge on; give --validate")
        log.info("the float network on held-out samples: %s", numbers)
        crops = Crops(inputs, ("",) * len(inputs), "")
        judge = AgreementJudge(self.spec, crops, run_outputs(self.graph, inputs))
        judge.data = f"{len(inputs)} held-out training samples"
        return judge


def start_from(config: TrainConfig, weights: Path, options: ExportOptions) -> Start:
    """Reads weights and checks that the recipe is theirs.

    Raises:
        InputError: The weights were imported, or another recipe trained them.
        ModelError: They are damaged.
        MissingDependencyError: The package `onnx` is missing.
    """
    qat = config.qat or Qat()
    bare, wrapped, recipe = folded_network(weights)
    if recipe.contract:
        raise InputError(f"{weights}: imported weights; train them by a recipe first")
    for name in ("task", "arch", "keypoint_names", "objective"):
        ours, theirs = getattr(config, name), getattr(recipe, name)
        if ours != theirs:
            raise InputError(f"{weights}: {name} must be the recipe's, {ours!r}; got {theirs!r}")
    numbers = numbers_of(qat)
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    bits = 7 if numbers.weight_limit == 63 else 8
    phase = Phase(
        recipe.height,
        recipe.width,
        passes=1,
        learning_rate=qat.learning_rate,
        batch_size=qat.batch_size,
        final_rate=FINAL_RATE,
        sigma=recipe.sigma,
        ohkm=config.phases[-1].ohkm,
        augment=qat.augment,
    )
    config = replace(
        config,
        name=f"{recipe.name}-qat",
        phases=(phase,),
        init="",
        teacher="",
        weight_decay=0.0,
        precision="float32",  # bfloat16 has no more digits than the codes
        qat=replace(qat, start=digest, activations=numbers.activations, weight_bits=bits),
    )
    spec = contract(recipe, options)
    graph, results = _read_graph(bare, wrapped, spec)
    return Start(config, qat, recipe, spec, bare, graph, results)


def numbers_of(qat: Qat) -> Any:
    """Form of the integers, `edgepose.quantize.qdq.Numbers`."""
    from edgepose.quantize.processor import suited, this_processor

    kind: Any = qat.activations
    return suited(this_processor(), kind, qat.weight_bits or None, per_channel=qat.per_channel)


def quantized(net: RoundedNet, numbers: Any) -> Any:
    """The INT8 network, in the form that `edgepose quantize` writes.

    Raises:
        ModelError: A weight or a range is not finite.
    """
    from edgepose.quantize.qdq import write_qdq

    return write_qdq(net.trained(), net.plan, net.ranges(), numbers)


class _Both(nn.Module):
    """Gives what the bare network gives, which training looks at, and what is exported."""

    def __init__(self, bare: nn.Module, wrapped: nn.Module) -> None:
        super().__init__()
        self.bare, self.wrapped = bare, wrapped
        self.raw: tuple[Tensor, ...] = ()
        self.hook = bare.register_forward_hook(self._keep)

    def _keep(self, _module: nn.Module, _inputs: Any, output: Any) -> None:
        self.raw = (output,) if isinstance(output, Tensor) else tuple(output)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Maps [N, 3, H, W] to all of them."""
        found = self.wrapped(x)
        final = (found,) if isinstance(found, Tensor) else tuple(found)
        return (*self.raw, *final) if self.bare is not self.wrapped else final


def _read_graph(bare: nn.Module, wrapped: nn.Module, spec: Spec) -> tuple[Any, tuple[str, ...]]:
    """The float graph of the contract, and the tensors in it that training looks at.

    Raises:
        ModelError: An operator cannot be trained through, or computes something else.
    """
    from edgepose.quantize.simplify import read_float_graph
    from edgepose.train.graph_net import GraphNet

    picture = torch.zeros(1, 3, spec.input.height, spec.input.width)
    both = _Both(bare, wrapped)
    with torch.no_grad():
        count = len(both.eval()(picture)) - len(spec.outputs)
    raw = tuple(f"raw.{number}" for number in range(count))
    with tempfile.TemporaryDirectory(prefix="edgepose-") as name:
        path = Path(name, "float.onnx")
        write_onnx(both, spec, path, raw)
        both.hook.remove()
        graph = read_float_graph(path)
        graph.outputs = [value for value in graph.outputs if value.name not in raw]
        # The nodes are computed in PyTorch from here on: they must give what they gave.
        compare(path, GraphNet(graph, tuple(spec.outputs.values())), spec)
    return graph, raw or tuple(spec.outputs.values())


def _with_biases(graph: Any, shifts: Mapping[str, NDArray[np.float32]]) -> Any:
    """The graph with a bias of its own on every layer that is shifted."""
    result = graph.copy()
    for node in result.nodes:
        if node.name not in shifts:
            continue
        name, shift = f"{node.name}.shifted", shifts[node.name]
        bias = result.weights[node.input[2]] if len(node.input) > 2 and node.input[2] else 0.0
        result.weights[name] = np.asarray(bias + shift, np.float32)
        while len(node.input) < 3:
            node.input.append("")
        node.input[2] = name
    return result
