# SPDX-License-Identifier: Apache-2.0
"""Float model in, INT8 model out, if it is proven to be as accurate."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path

from edgepose.backends import open_session
from edgepose.errors import InputError
from edgepose.io.coco import read_coco
from edgepose.io.targets import check_target
from edgepose.models import resolve
from edgepose.spec import QuantizationSpec, Spec, read_spec, validate_model

from .agreement import compare
from .calibration import Crops, load_crops
from .convert import Observed
from .guard import Guarded, guard
from .judge import AgreementJudge, Judge, LabelJudge, Score
from .latency import Latency, measure
from .network import Network
from .observe import Floats, run_outputs
from .options import SUFFIXES, Options
from .processor import this_processor
from .ranking import flat
from .result import Quantized, Source
from .scheme import Scheme
from .schemes import check_installed, choose_scheme
from .simplify import read_float_graph

# Labelled crops on which the report looks for the worst.
INSPECTED = 128


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
        output: The INT8 file, .onnx or, for OpenVINO, .xml; None writes none.
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
        MissingDependencyError: A package that the backend needs is not installed.
        ModelError: The model cannot be read, is quantized already or cannot run.
        SpecError: It has no contract, or one that does not fit.

    Example:
        >>> done = quantize_model("hrnet-s", "photos", "hrnet-s-int8.onnx")  # doctest: +SKIP
        >>> done.guarded.kept  # doctest: +SKIP
        ()
    """
    chosen, tell = options or Options(), say or (lambda _line: None)
    target = _target(output, SUFFIXES[chosen.backend])
    check_installed(chosen)
    path = resolve(model)
    contract = _contract(path, spec)
    graph = replace(read_float_graph(path), backend=chosen.backend)
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
    scheme = choose_scheme(chosen, processor, crops.inputs)
    tell(f"watching the float network on {len(crops)} crops")
    observed = Observed.of(graph, crops.inputs)
    reference = run_outputs(graph, held_out.inputs)
    judge = _judge(contract, labels, label_images, held_out, reference)
    float_score = judge.score(graph)
    tell(f"float: {judge.metric} {float_score.value:.2f} on {judge.data}")
    attempts, tried = scheme.attempts(contract, observed, crops.inputs, tell)
    guarded = guard(
        contract, scheme, attempts, judge, float_score, crops.inputs, chosen.max_drop, tell
    )
    record = _record(guarded, crops, scheme, judge, float_score)
    final = replace(contract, name=f"{contract.name}-{scheme.mark}", quantization=record)
    outputs = run_outputs(guarded.network, held_out.inputs)
    plain, size = _bytes(graph, contract), _bytes(guarded.network, final)
    if target is not None:
        guarded.network.write(target, final)
    timed: list[Latency] = []
    if chosen.runs:
        tell("timing both networks on one thread")
        timed = measure([graph, guarded.network], held_out.inputs[:1], chosen.runs)
    return Quantized(
        path=target,
        spec=final,
        source=Source(path, contract, guarded.attempt.observed, crops),
        scheme=scheme,
        tried=tried,
        guarded=guarded,
        judge=judge,
        float_score=float_score,
        inspected=held_out,
        outputs=(reference, outputs),
        agreement=compare(contract, reference, outputs),
        latency=tuple(timed),
        bytes_=(path.stat().st_size, plain, size),
        verdicts=scheme.verdicts(guarded.network),
        processor=processor,
    )


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
    scheme: Scheme,
    judge: Judge,
    float_score: Score,
) -> QuantizationSpec:
    return QuantizationSpec(
        **scheme.form,
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


def _bytes(network: Network, spec: Spec) -> int:
    """Of all files of a network."""
    with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
        network.write(Path(folder, f"model{network.suffix}"), spec)
        return sum(path.stat().st_size for path in Path(folder).iterdir())


def _target(output: str | PathLike[str] | None, suffix: str) -> Path | None:
    """The output, if there is a place for it; found out before the work."""
    if output is None:
        return None
    target = Path(output)
    check_target(target)
    if target.suffix != suffix:
        raise InputError(f"the output must end in {suffix}; got {target}")
    return target
