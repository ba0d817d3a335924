# SPDX-License-Identifier: Apache-2.0
"""Quantization-aware fine-tuning: trained weights in, an INT8 model out, if it is as accurate."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from edgepose.errors import AccuracyError, InputError, MissingDependencyError
from edgepose.spec import QuantizationSpec, Spec
from edgepose.train.checkpoint import load_weights, read_weights
from edgepose.train.config_file import read_config
from edgepose.train.contract import ExportOptions
from edgepose.train.engine import fit
from edgepose.train.qat_start import Start, numbers_of, start_from
from edgepose.train.qat_task import QatTask
from edgepose.train.rounded_net import RoundedNet

log = logging.getLogger("edgepose.train")
METHOD = "qat"
# Samples without labels that the accuracy is judged on.
JUDGED = 128


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
    judge = _judge(start, task, held)  # before the work: its labels may be unusable
    folder = output / start.config.name
    trained = fit(start.config, task, folder, fresh=fresh)
    load_weights(task.net, read_weights(trained)[0], trained)
    return _finish(start, task.net, inputs, folder, judge, held.max_drop)


def quantized(net: RoundedNet, numbers: Any) -> Any:
    """The INT8 network, in the form that `edgepose quantize` writes.

    Raises:
        ModelError: A weight or a range is not finite.
    """
    from edgepose.quantize.qdq import write_qdq

    return write_qdq(net.trained(), net.plan, net.ranges(), numbers)


def _finish(
    start: Start,
    net: Any,
    inputs: NDArray[np.float32],
    folder: Path,
    judge: Any,
    max_drop: float,
) -> FineTuned:
    """Converts, compares with float, and writes what holds."""
    from edgepose.quantize.integers import Integers
    from edgepose.quantize.rules import check

    numbers = numbers_of(start.qat)
    final = quantized(net, numbers)
    scores = {
        name: judge.score(graph).value
        for name, graph in (("float", start.graph), ("before", start.before), ("after", final))
    }
    log.info(
        "%s on %s: float %.2f, rounded %.2f, fine-tuned %.2f",
        judge.metric, judge.data, *scores.values(),
    )  # fmt: skip
    drop = scores["float"] - scores["after"]
    if not drop <= max_drop:
        raise AccuracyError(
            f"INT8 loses {drop:.2f} points of {judge.metric} after {start.qat.steps} steps "
            f"(float {scores['float']:.2f}, rounded {scores['before']:.2f}, fine-tuned "
            f"{scores['after']:.2f}); at most {max_drop:g} are allowed; no model was written"
        )
    record = QuantizationSpec(
        **Integers(numbers).form,
        method=METHOD,
        calibration_crops=len(inputs),
        calibration_sha256=hashlib.sha256(inputs.tobytes()).hexdigest(),
        float_layers=(),
        metric=f"{judge.metric} on {judge.data}",
        float_accuracy=round(scores["float"], 3),
        accuracy=round(scores["after"], 3),
    )
    spec = replace(start.spec, name=f"{start.spec.name}-int8", quantization=record)
    path = folder / f"{start.spec.name}-int8.onnx"
    final.write(path, spec)
    objections = {each.runtime: each.objections for each in check(final)}
    return FineTuned(
        path, spec, judge.metric, scores["float"], scores["before"], scores["after"], objections
    )


def _judge(start: Start, task: QatTask, held: Guard) -> Any:
    """What measures the accuracy, an `edgepose.quantize.judge.Judge`."""
    from edgepose.io.coco import read_coco
    from edgepose.quantize.calibration import Crops
    from edgepose.quantize.judge import AgreementJudge, LabelJudge
    from edgepose.quantize.observe import run_outputs

    if held.validate is not None:
        folder = held.images or held.validate.parent
        return LabelJudge(start.spec, read_coco(held.validate), folder)
    inputs, numbers = task.held_out(start.phase, JUDGED)
    if not len(inputs):
        raise InputError("no training sample is held out to judge on; give --validate")
    log.info("the float network on held-out samples: %s", numbers)
    crops = Crops(inputs, ("",) * len(inputs), "")
    judge = AgreementJudge(start.spec, crops, run_outputs(start.graph, inputs))
    judge.data = f"{len(inputs)} held-out training samples"
    return judge
