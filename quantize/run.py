# SPDX-License-Identifier: Apache-2.0
"""Float model in, INT8 model out, if it is proven to be as accurate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Literal

from edgepose.backends import open_session
from edgepose.errors import InputError
from edgepose.io.coco import read_coco
from edgepose.models import resolve
from edgepose.spec import QuantizationSpec, Spec, read_spec, validate_model, write_spec

from .agreement import Agreement, compare
from .calibration import Crops, load_crops
from .convert import Observed, convert
from .guard import Attempt, Guarded, Say, flat, guard
from .judge import AgreementJudge, Judge, LabelJudge, Score
from .latency import Latency, measure, speedup
from .observe import Floats, run_outputs
from .processor import Processor, suited, this_processor
from .qdq import CODES, Activations, Numbers
from .ranges import METHODS
from .rules import Verdict, check
from .simplify import read_float_graph

# Methods that the guard tries before it puts layers back to float.
ATTEMPTS = 3
# Labelled crops on which the report looks for the worst.
INSPECTED = 128


@dataclass(frozen=True)
class Options:
    """How to quantize.

    Attributes:
        method: A key of `METHODS`, or "auto": the one whose answers are nearest to the float
            network's on the calibration crops.
        activations: "uint8", "int8", "symmetric" or "auto": what suits this processor.
        weight_bits: 7 or 8; None is what suits this processor.
        per_channel: Whether each output channel has a scale of its own.
        max_drop: Points that may be lost, of AP with labels, of agreement without.
        crops: Most calibration crops.
        runs: Timed runs of each network; 0 times none.

    Raises:
        InputError: A value is out of range.
    """

    method: str = "auto"
    activations: Literal["auto"] | Activations = "auto"
    weight_bits: int | None = None
    per_channel: bool = True
    max_drop: float = 0.5
    crops: int = 128
    runs: int = 60

    def __post_init__(self) -> None:
        if self.method not in ("auto", *METHODS):
            raise InputError(f"method must be auto or one of {_list(METHODS)}; got {self.method!r}")
        if self.activations not in ("auto", *CODES):
            raise InputError(
                f"activations must be auto or one of {_list(CODES)}; got {self.activations!r}"
            )
        if self.weight_bits not in (None, 7, 8):
            raise InputError(f"weight_bits must be 7 or 8; got {self.weight_bits!r}")
        if not 0 <= self.max_drop <= 100:  # a NaN fails too
            raise InputError(f"max_drop must be 0..100 points; got {self.max_drop!r}")


@dataclass(frozen=True, eq=False)
class Source:
    """The float model and everything that was learnt of it before rounding."""

    path: Path
    spec: Spec
    observed: Observed
    crops: Crops


@dataclass(frozen=True, eq=False)
class Quantized:
    """What came out.

    Attributes:
        path: The INT8 model; not written if None was asked for.
        spec: Its contract, with the record of its quantization.
        source: The float model.
        numbers: Form of the integers.
        tried: Merit of each method that was compared, points.
        guarded: The method, the network, the layers in float, the tries.
        judge: What measured the accuracy.
        float_score: Accuracy of the float model.
        inspected: Crops that neither calibration nor, where there are labels, ranges came from.
        outputs: Of the float network and of the quantized one for those crops.
        agreement: Of those.
        latency: Of the float network and of the quantized one, on one thread; empty if not timed.
        bytes_: Of the given file, of the network with float32 weights, of the INT8 file.
        verdicts: What runtimes say to it.
        processor: Of this machine.
    """

    path: Path | None
    spec: Spec
    source: Source
    numbers: Numbers
    tried: Mapping[str, float]
    guarded: Guarded
    judge: Judge
    float_score: Score
    inspected: Crops
    outputs: tuple[Mapping[str, Floats], Mapping[str, Floats]]
    agreement: Agreement
    latency: tuple[Latency, ...]
    bytes_: tuple[int, int, int]
    verdicts: tuple[Verdict, ...]
    processor: Processor

    @property
    def method(self) -> str:
        """How the ranges were chosen, with "+equalized" where that helped."""
        return self.guarded.attempt.name

    @property
    def score(self) -> Score:
        """Accuracy of the INT8 model."""
        return self.guarded.steps[-1].score

    @property
    def speedup(self) -> float | None:
        """How many times faster INT8 is here, on one thread; None if it was not timed."""
        return speedup(*self.latency) if self.latency else None


def quantize_model(
    model: str | PathLike[str],
    calibration: str | PathLike[str],
    output: str | PathLike[str] | None,
    options: Options | None = None,
    *,
    spec: str | PathLike[str] | None = None,
    images: str | PathLike[str] | None = None,
    validate: str | PathLike[str] | None = None,
    validate_images: str | PathLike[str] | None = None,
    cache: str | PathLike[str] | None = None,
    say: Callable[[str], None] | None = None,
) -> Quantized:
    """Makes an INT8 model and proves that it is as accurate; writes nothing if it is not.

    Args:
        model: Name of a model of the package, or an ONNX file.
        calibration: Folder of pictures or COCO annotations; not what `validate` has.
        output: The INT8 file; None writes none.
        options: How.
        spec: Contract of a model that carries none.
        images: Folder of the annotations' pictures.
        validate: COCO keypoint annotations to measure AP on; without, it is agreement.
        validate_images: Folder of their pictures; `images` if None, else where they lie.
        cache: Folder that keeps calibration crops; None keeps none.
        say: Told what happens.

    Raises:
        AccuracyError: The accuracy cannot be kept.
        InputError: An option, the calibration or the output is not usable (AnnotationError,
            ImageError: a file is wrong).
        ModelError: The model cannot be read, is quantized already or cannot run.
        SpecError: It has no contract, or one that does not fit.

    Example:
        >>> done = quantize_model("hrnet-s", "photos", "hrnet-s-int8.onnx")  # doctest: +SKIP
        >>> done.guarded.kept  # doctest: +SKIP
        ()
    """
    chosen, tell = options or Options(), say or (lambda _line: None)
    target = _target(output)
    path = resolve(model)
    contract = _contract(path, spec)
    graph = read_float_graph(path)
    folder = None if images is None else Path(images)
    # Beside a folder of pictures, images belong to the annotations to validate on.
    is_folder = Path(calibration).is_dir() and validate is not None
    crops = load_crops(
        contract,
        Path(calibration),
        None if is_folder else folder,
        count=chosen.crops,
        cache=None if cache is None else Path(cache),
        say=tell,
    )
    for line in crops.skipped:
        tell(f"passed over: {line}")
    held_out = crops
    labels = None if validate is None else Path(validate)
    label_images = Path(validate_images) if validate_images is not None else folder
    if labels is not None:
        held_out = load_crops(contract, labels, label_images, count=INSPECTED, least=1)
    processor = this_processor()
    numbers = suited(
        processor, chosen.activations, chosen.weight_bits, per_channel=chosen.per_channel
    )
    tell(f"watching the float network on {len(crops)} crops")
    observed = Observed.of(graph, crops.inputs)
    reference = run_outputs(graph, held_out.inputs)
    judge = _judge(contract, labels, label_images, held_out, reference)
    float_score = judge.score(graph)
    tell(f"float: {judge.metric} {float_score.value:.2f} on {judge.data}")
    attempts, tried = _attempts(contract, observed, crops, chosen.method, numbers, tell)
    guarded = guard(
        contract, attempts, numbers, judge, float_score, crops.inputs, chosen.max_drop, tell
    )
    record = _record(guarded, crops, numbers, judge, float_score)
    final = replace(contract, name=f"{contract.name}-int8", quantization=record)
    outputs = run_outputs(guarded.graph, held_out.inputs)
    with tempfile.TemporaryDirectory(prefix="edgepose-") as name:
        bare = guarded.graph.save(Path(name, "int8.onnx"))
        size = bare.stat().st_size + len(final.to_json())
        plain = graph.save(Path(name, "float.onnx")).stat().st_size
        if target is not None:
            write_spec(bare, final, target)
    timed: list[Latency] = []
    if chosen.runs:
        tell("timing both networks on one thread")
        timed = measure([graph, guarded.graph], held_out.inputs[:1], chosen.runs)
    return Quantized(
        path=target,
        spec=final,
        source=Source(path, contract, guarded.attempt.observed, crops),
        numbers=numbers,
        tried=tried,
        guarded=guarded,
        judge=judge,
        float_score=float_score,
        inspected=held_out,
        outputs=(reference, outputs),
        agreement=compare(contract, reference, outputs),
        latency=tuple(timed),
        bytes_=(path.stat().st_size, plain, size),
        verdicts=check(guarded.graph),
        processor=processor,
    )


def _attempts(
    spec: Spec, observed: Observed, crops: Crops, method: str, numbers: Numbers, say: Say
) -> tuple[list[Attempt], dict[str, float]]:
    """Methods that are worth a try, the best first, and the merit of each that was compared."""
    if method != "auto":
        return [Attempt(method, observed)], {}
    inputs = crops.inputs
    reference = run_outputs(observed.graph, inputs)

    def merit(attempt: Attempt) -> float:
        graph = convert(attempt.observed, attempt.method, numbers)
        return 100 * compare(spec, reference, run_outputs(graph, inputs)).merit

    attempts = [Attempt(name, observed) for name in METHODS]
    merits = {each.name: merit(each) for each in attempts}
    best = max(attempts, key=lambda each: merits[each.name])
    equalized = Attempt(best.method, observed.equalized(crops.inputs), ("equalized",))
    attempts.append(equalized)
    merits[equalized.name] = merit(equalized)
    shown = ", ".join(f"{name} {value:.2f}" for name, value in merits.items())
    say(f"agreement with float, less the change of scores: {shown}")
    ordered = sorted(attempts, key=lambda each: -merits[each.name])
    return ordered[:ATTEMPTS], merits


def _judge(
    spec: Spec,
    labels: Path | None,
    images: Path | None,
    crops: Crops,
    reference: Mapping[str, Floats],
) -> Judge:
    if labels is None:
        return AgreementJudge(spec, crops, reference)
    return LabelJudge(spec, read_coco(labels), images or labels.parent)


def _record(
    guarded: Guarded,
    crops: Crops,
    numbers: Numbers,
    judge: Judge,
    float_score: Score,
) -> QuantizationSpec:
    return QuantizationSpec(
        activations=numbers.activations,
        weight_bits=7 if numbers.weight_limit == 63 else 8,
        per_channel=numbers.per_channel,
        method=guarded.attempt.name,
        calibration_crops=len(crops),
        calibration_sha256=crops.digest,
        float_layers=flat(guarded.kept),
        metric=f"{judge.metric} on {judge.data}",
        float_accuracy=round(float_score.value, 3),
        accuracy=round(guarded.steps[-1].score.value, 3),
    )


def _contract(path: Path, spec: str | PathLike[str] | None) -> Spec:
    """The contract, held against the model."""
    contract = read_spec(path, spec)
    session = open_session(path, threads=1)
    try:
        validate_model(contract, session.inputs, session.outputs)
    finally:
        session.close()
    return contract


def _target(output: str | PathLike[str] | None) -> Path | None:
    """The output, if there is a place for it; found out before the work."""
    if output is None:
        return None
    target = Path(output)
    if target.is_dir() or not target.parent.is_dir():
        reason = "it is a folder" if target.is_dir() else "its folder does not exist"
        raise InputError(f"cannot write {target}: {reason}")
    return target


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(names)
