# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime as a backend."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from tiny_models import write_centers, write_pose

from edgepose.backends import Session, TensorInfo, open_session
from edgepose.backends.onnxruntime import CPU, OnnxRuntimeSession
from edgepose.errors import BackendError, InputError, ModelError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "pose.onnx")


@pytest.fixture(params=["bound", "copied"])
def session(request: pytest.FixtureRequest, model: Path) -> Session:
    """Bound arrays as on the processor, and copies as on any other device."""
    opened = open_session(model, threads=1)
    assert isinstance(opened, OnnxRuntimeSession)
    if request.param == "copied":
        opened = OnnxRuntimeSession(opened._session, model, ("OtherExecutionProvider", CPU))
    return opened


def pictures(count: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((count, 3, 48, 32), np.float32)


def pooled(x: NDArray[np.float32]) -> NDArray[np.float32]:
    cells = x.reshape(len(x), 3, 12, 4, 8, 4).mean(axis=(3, 5))
    return np.asarray(cells, np.float32)


def test_tells_inputs_outputs_and_provider(model: Path) -> None:
    session = open_session(model)
    assert session.inputs == (TensorInfo("x", (None, 3, 48, 32), "float32"),)
    assert session.outputs == (TensorInfo("maps", (None, 3, 12, 8), "float32"),)
    assert session.providers == (CPU,)


def test_fixed_batch_is_told(tmp_path: Path) -> None:
    session = open_session(write_centers(tmp_path / "c.onnx"))
    assert session.inputs[0].shape == (1, 3, 64, 64)
    assert [output.name for output in session.outputs] == ["heat", "size", "offset"]


@pytest.mark.parametrize("count", [1, 3])
def test_runs(session: Session, count: int) -> None:
    x = pictures(count)
    before = x.copy()
    found = session.run({"x": x}, ["maps"])
    np.testing.assert_allclose(found["maps"], pooled(x), rtol=1e-6)
    np.testing.assert_array_equal(x, before)


def test_bound_arrays_are_read_anew(session: Session) -> None:
    x, out = pictures(2), np.zeros((2, 3, 12, 8), np.float32)
    run = session.bind({"x": x}, {"maps": out})
    for seed in (1, 2, 3):
        x[:] = pictures(2, seed)
        run()
        np.testing.assert_allclose(out, pooled(x), rtol=1e-6)


def test_bound_arrays_stay_alive(session: Session) -> None:
    out = np.zeros((1, 3, 12, 8), np.float32)
    run = session.bind({"x": np.ones((1, 3, 48, 32), np.float32)}, {"maps": out})
    for _ in range(3):
        pictures(8)
        run()
        np.testing.assert_allclose(out, 1)


def test_threads_share_a_session(session: Session) -> None:
    def work(seed: int) -> float:
        x, out = pictures(2, seed), np.zeros((2, 3, 12, 8), np.float32)
        run = session.bind({"x": x}, {"maps": out})
        for _ in range(20):
            run()
        return float(np.abs(out - pooled(x)).max())

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(work, range(8))) < 1e-6


@pytest.mark.parametrize(
    ("shape", "out", "dtype"),
    [
        ((1, 3, 40, 32), (1, 3, 12, 8), "f4"),
        ((2, 3, 48, 32), (1, 3, 12, 8), "f4"),
        ((1, 3, 48, 32), (1, 3, 12, 8), "f8"),
    ],
    ids=["input_shape", "output_shape", "input_type"],
)
def test_wrong_arrays(session: Session, shape: Any, out: Any, dtype: str) -> None:
    with pytest.raises(ModelError, match=r"pose\.onnx") as caught:
        session.bind({"x": np.zeros(shape, dtype)}, {"maps": np.zeros(out, np.float32)})()
    assert "\n" not in str(caught.value)


def test_unknown_names(session: Session) -> None:
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"x": pictures(1)}, ["nothing"])
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"y": pictures(1)}, ["maps"])


def test_arrays_with_gaps_are_refused(model: Path) -> None:
    x = np.zeros((1, 3, 48, 64), np.float32)[..., ::2]
    with pytest.raises(InputError, match="'x' must be a C-contiguous array"):
        open_session(model).bind({"x": x}, {"maps": np.zeros((1, 3, 12, 8), np.float32)})


def test_closed(session: Session) -> None:
    arrays = {"x": pictures(1)}, {"maps": np.zeros((1, 3, 12, 8), np.float32)}
    run = session.bind(*arrays)
    session.close()
    session.close()
    for call in (run, lambda: session.run(arrays[0], ["maps"]), lambda: session.bind(*arrays)):
        with pytest.raises(BackendError, match="the model is closed"):
            call()


@pytest.mark.parametrize("keep", [0.0, 0.5], ids=["empty", "truncated"])
def test_broken_file_is_silent_but_for_the_error(
    model: Path, keep: float, capfd: pytest.CaptureFixture[str]
) -> None:
    data = model.read_bytes()
    model.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(ModelError, match="the model cannot be loaded") as caught:
        open_session(model)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_failing_run_is_silent_but_for_the_error(
    model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    session = open_session(model)
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"x": np.zeros((1, 3, 4, 4), np.float32)}, ["maps"])
    assert capfd.readouterr() == ("", "")


IDLE = "AzureExecutionProvider"  # part of common builds; runs remote models only


@pytest.mark.skipif(IDLE not in ort.get_available_providers(), reason=f"no {IDLE} in this build")
@pytest.mark.parametrize(
    ("providers", "message"),
    [
        ([IDLE], f"{IDLE} cannot run the whole model; add {CPU} to providers"),
        ([IDLE, CPU], f"provider '{IDLE}' runs no part of the model; used: {CPU}"),
    ],
    ids=["alone", "with_processor"],
)
def test_provider_that_would_do_nothing(
    model: Path, providers: list[str], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if CPU in providers and not hasattr(ort.InferenceSession, "get_provider_graph_assignment_info"):
        pytest.skip("this ONNX Runtime does not tell which provider runs a node")
    with pytest.raises(BackendError) as caught:
        open_session(model, providers=providers)
    assert message in str(caught.value)
    assert capfd.readouterr() == ("", "")
