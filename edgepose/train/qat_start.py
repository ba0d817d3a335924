# SPDX-License-Identifier: Apache-2.0
"""Trained weights made ready for fine-tuning: their graph, their first ranges, their task."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edgepose.errors import InputError
from edgepose.spec import Spec
from edgepose.train.config import Phase, TrainConfig
from edgepose.train.contract import ExportOptions, contract
from edgepose.train.export import compare, folded_network, write_onnx
from edgepose.train.graph_net import GraphNet
from edgepose.train.qat_config import Qat
from edgepose.train.qat_task import QatTask
from edgepose.train.recipe import Recipe
from edgepose.train.rounded_net import RoundedNet

log = logging.getLogger("edgepose.train")
FINAL_RATE = 0.01


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
            samples=self.qat.steps * self.qat.batch_size,
            share=self.qat.distillation, objective=objective,
        )  # fmt: skip
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
        qat=replace(
            qat, start=digest, activations=numbers.activations, weight_bits=numbers.weight_bits
        ),
    )
    spec = contract(recipe, options)
    graph, results = _read_graph(bare, wrapped, spec)
    return Start(config, qat, recipe, spec, bare, graph, results)


def numbers_of(qat: Qat) -> Any:
    """Form of the integers, `edgepose.quantize.qdq.Numbers`."""
    from edgepose.quantize.processor import suited, this_processor

    kind: Any = qat.activations
    return suited(this_processor(), kind, qat.weight_bits or None, per_channel=qat.per_channel)


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
