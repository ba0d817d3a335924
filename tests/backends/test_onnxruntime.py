# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime: providers, options, the optimised graph; what all backends share is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from tiny_models import write_pose

from edgepose.backends import OnnxRuntimeOptions, open_session
from edgepose.backends.onnxruntime_open import idle
from edgepose.backends.onnxruntime_options import CPU
from edgepose.backends.onnxruntime_profile import nodes_of
from edgepose.backends.providers import PROVIDERS, CpuProvider
from edgepose.backends.report import by_place
from edgepose.errors import BackendError, EdgePoseError, InputError
from edgepose.spec.onnx_metadata import read_entry

X = np.random.default_rng(0).random((2, 3, 48, 32), np.float32)


def result(model: Path, **options: Any) -> Any:
    """The maps of two pictures with some options."""
    session = open_session(model, options=OnnxRuntimeOptions(**options), threads=1)
    return session.run({"x": X}, ["maps"])["maps"]


@pytest.mark.parametrize(
    "options",
    [
        {"optimization": "none"},
        {"optimization": "basic"},
        {"optimization": "extended"},
        {"spinning": True},
        {"inter_op_threads": 2},
        {"arena": False},
        {"arena_shrink": True},
        {"memory_pattern": False},
        {"extra": {"session.set_denormal_as_zero": "1"}},
    ],
    ids=lambda options: next(iter(options)),
)
def test_options_change_no_answer(model: Path, options: dict[str, Any]) -> None:
    np.testing.assert_allclose(result(model, **options), result(model), rtol=1e-6)


def test_affinity_is_the_runtimes_to_check(model: Path) -> None:
    good = OnnxRuntimeOptions(affinity="1")
    session = open_session(model, options=good, threads=2)
    assert session.report().settings["session.intra_op_thread_affinities"] == "1"
    with pytest.raises(EdgePoseError, match="affinit"):
        open_session(model, options=OnnxRuntimeOptions(affinity="1;2;3"), threads=2)


def test_batch_is_fixed(model: Path) -> None:
    session = open_session(model, options=OnnxRuntimeOptions(batch=4))
    assert session.inputs[0].shape == (4, 3, 48, 32)


def test_batch_needs_its_axis(tmp_path: Path) -> None:
    model = write_pose(tmp_path / "p.onnx", batch="count")
    with pytest.raises(InputError, match="batch=4 needs a batch axis called N"):
        open_session(model, options=OnnxRuntimeOptions(batch=4))


def test_optimized_model_is_kept(model: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.onnx"
    options = OnnxRuntimeOptions(optimized_model=file)
    first = open_session(model, options=options)
    assert first.report().remarks == (f"the optimised graph was written to {file}",)
    before = file.read_bytes()
    second = open_session(model, options=options)
    assert second.report().remarks == (f"the optimised graph came from {file}",)
    assert file.read_bytes() == before
    for session in (first, second):
        np.testing.assert_allclose(
            session.run({"x": X}, ["maps"])["maps"], result(model), rtol=1e-6
        )
    assert second.report(runs=1).shares[0].time_ms is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.onnx", "pose.onnx"]


@pytest.mark.parametrize("how", ["other_model", "other_level", "damaged"])
def test_optimized_model_of_something_else_is_replaced(
    model: Path, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "kept.onnx"
    level = "basic" if how == "other_level" else "all"
    other = write_pose(tmp_path / "other.onnx", bias=1.0) if how == "other_model" else model
    open_session(other, options=OnnxRuntimeOptions(optimized_model=file, optimization=level))
    if how == "damaged":
        file.write_bytes(file.read_bytes()[:40])
    session = open_session(model, options=OnnxRuntimeOptions(optimized_model=file))
    assert session.report().remarks == (f"{file} was made for something else and is replaced",)
    np.testing.assert_allclose(session.run({"x": X}, ["maps"])["maps"], result(model), rtol=1e-6)
    assert read_entry(file, "edgepose.optimized_from", 64)


@pytest.mark.parametrize(
    ("name", "message"),
    [("pose.onnx", "must not be the model itself"), ("no/kept.onnx", "folder does not exist")],
    ids=["itself", "no_folder"],
)
def test_optimized_model_has_no_place(model: Path, tmp_path: Path, name: str, message: str) -> None:
    before = model.read_bytes()
    with pytest.raises(InputError, match=message):
        open_session(model, options=OnnxRuntimeOptions(optimized_model=tmp_path / name))
    assert model.read_bytes() == before


@pytest.mark.parametrize(
    "where",
    [{"device": "cpu"}, {"device": " CPU "}, {"providers": [CPU]}, {"providers": [CpuProvider()]}],
    ids=["device", "spaces", "name", "typed"],
)
def test_ways_to_name_the_processor(model: Path, where: dict[str, Any]) -> None:
    session = open_session(model, **where)
    assert session.providers == session.report().wanted == (CPU,)


OTHERS = [
    short
    for short, provider in PROVIDERS.items()
    if short != "cpu" and provider.name in ort.get_available_providers()
]


@pytest.mark.skipif(not OTHERS, reason="this build has the processor alone")
@pytest.mark.parametrize("short", OTHERS)
def test_other_providers_of_this_build_agree(model: Path, short: str) -> None:
    session = open_session(model, device=f"{short},cpu", threads=1)
    assert session.providers[0] == PROVIDERS[short].name
    np.testing.assert_allclose(
        session.run({"x": X}, ["maps"])["maps"], result(model), rtol=1e-3, atol=1e-3
    )


@pytest.mark.parametrize(
    ("started", "message"),
    [
        ((CPU,), "provider 'P' could not be started: its libraries or its device are missing"),
        (("P", CPU), f"provider 'P' runs no part of the model; used: {CPU}"),
    ],
    ids=["not_started", "not_used"],
)
def test_why_a_provider_does_nothing(started: tuple[str, ...], message: str) -> None:
    assert idle("P", started, (CPU,)).startswith(message)


def node(name: str, index: int, duration: int, **details: Any) -> dict[str, Any]:
    """An entry of the runtime's profile."""
    made = {"provider": "P", "node_index": str(index), **details}
    return {"cat": "Node", "name": f"{name}_kernel_time", "dur": duration, "args": made}


def test_profile_is_read() -> None:
    floats = {"op_name": "Conv", "output_type_shape": [{"float": [1]}]}
    integers = {"op_name": "QLinearConv", "output_type_shape": [{"uint8": [1]}]}
    halves = {"op_name": "Conv", "output_type_shape": [{"float16": [1]}], "provider": "Q"}
    events = [{"cat": "Session", "name": "model_run", "dur": 9, "args": {}}]
    for duration in (99_000, 1000, 3000):  # the first run is not counted
        events += [
            node("a", 0, duration, **floats),
            node("b", 1, 2 * duration, **integers),
            node("c", 2, 500, **halves),
            node("d", 3, 500, op_name="Nothing"),
        ]
    found = by_place(nodes_of(events, skipped=1, runs=2))
    assert [(s.place, s.precision, s.nodes, s.time_ms) for s in found] == [
        ("P", "int8", 1, 4.0),
        ("P", "float32", 1, 2.0),
        ("Q", "float16", 1, 0.5),
        ("P", None, 1, 0.5),
    ]
    assert nodes_of([], 1, 2) == []
    assert by_place([]) == ()


IDLE = "AzureExecutionProvider"  # part of common builds; runs remote models only


@pytest.mark.skipif(IDLE not in ort.get_available_providers(), reason=f"no {IDLE} in this build")
@pytest.mark.parametrize(
    ("providers", "strict", "message"),
    [
        ([IDLE], False, f"{IDLE} cannot run the whole model; add {CPU} to providers"),
        ([IDLE, CPU], False, f"provider '{IDLE}' runs no part of the model; used: {CPU}"),
        ([IDLE, CPU], True, f"strict=True forbids the rest: 2 of 2 nodes would run on {CPU}"),
    ],
    ids=["alone", "with_processor", "strict"],
)
def test_provider_that_would_do_nothing(
    model: Path, providers: list[str], strict: bool, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if (
        CPU in providers
        and not strict
        and not hasattr(ort.InferenceSession, "get_provider_graph_assignment_info")
    ):
        pytest.skip("this ONNX Runtime does not tell which provider runs a node")
    with pytest.raises(BackendError) as caught:
        open_session(model, providers=providers, strict=strict)
    assert message in str(caught.value)
    assert capfd.readouterr() == ("", "")
