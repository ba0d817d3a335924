# SPDX-License-Identifier: Apache-2.0
"""What every backend must do alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_models import write_centers, write_pose

from edgepose.backends import Session, TensorInfo, open_session
from edgepose.backends.onnxruntime import OnnxRuntimeSession
from edgepose.backends.onnxruntime_options import CPU
from edgepose.errors import BackendError, InputError, ModelError

PLACES = {"onnxruntime": CPU, "openvino": "CPU"}
Run = Callable[[Any], None]


@pytest.fixture(params=["direct", "copied"])
def session(request: pytest.FixtureRequest, model: Path, backend: str) -> Session:
    """The backend, and ONNX Runtime once more as if on a device that needs copies."""
    opened = open_session(model, backend=backend, threads=1)
    if request.param == "copied":
        if not isinstance(opened, OnnxRuntimeSession):
            pytest.skip("no other way for this backend")
        opened = OnnxRuntimeSession(opened._session, model, ("OtherExecutionProvider", CPU))
    return opened


@pytest.fixture(params=["call", "submit_wait"])
def go(request: pytest.FixtureRequest) -> Run:
    """Both ways to run bound arrays."""
    if request.param == "call":
        return lambda bound: bound()

    def later(bound: Any) -> None:
        bound.submit()
        bound.wait()

    return later


def pictures(count: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((count, 3, 48, 32), np.float32)


def pooled(x: NDArray[np.float32]) -> NDArray[np.float32]:
    cells = x.reshape(len(x), 3, 12, 4, 8, 4).mean(axis=(3, 5))
    return np.asarray(cells, np.float32)


def maps(count: int) -> NDArray[np.float32]:
    return np.zeros((count, 3, 12, 8), np.float32)


def test_tells_inputs_outputs_and_place(model: Path, backend: str) -> None:
    session = open_session(model, backend=backend)
    assert session.inputs == (TensorInfo("x", (None, 3, 48, 32), "float32"),)
    assert session.outputs == (TensorInfo("maps", (None, 3, 12, 8), "float32"),)
    assert session.providers == (PLACES[backend],)
    assert not session.takes_pixels


def test_fixed_batch_is_told(tmp_path: Path, backend: str) -> None:
    session = open_session(write_centers(tmp_path / "c.onnx"), backend=backend)
    assert session.inputs[0].shape == (1, 3, 64, 64)
    assert [output.name for output in session.outputs] == ["heat", "size", "offset"]


@pytest.mark.parametrize("count", [1, 3])
def test_runs(session: Session, count: int) -> None:
    x = pictures(count)
    before = x.copy()
    found = session.run({"x": x}, ["maps"])
    again = session.run({"x": pictures(count, 1)}, ["maps"])
    np.testing.assert_allclose(found["maps"], pooled(x), rtol=1e-6)
    np.testing.assert_allclose(again["maps"], pooled(pictures(count, 1)), rtol=1e-6)
    np.testing.assert_array_equal(x, before)


def test_bound_arrays_are_read_anew(session: Session, go: Run) -> None:
    x, out = pictures(2), maps(2)
    run = session.bind({"x": x}, {"maps": out})
    for seed in (1, 2, 3):
        x[:] = pictures(2, seed)
        go(run)
        np.testing.assert_allclose(out, pooled(x), rtol=1e-6)
        np.testing.assert_array_equal(x, pictures(2, seed))


def test_bound_arrays_stay_alive(session: Session) -> None:
    out = maps(1)
    run = session.bind({"x": np.ones((1, 3, 48, 32), np.float32)}, {"maps": out})
    for _ in range(3):
        pictures(8)
        run()
        np.testing.assert_allclose(out, 1)


def test_several_runs_are_under_way_at_once(session: Session) -> None:
    arrays = [(pictures(2, seed), maps(2)) for seed in range(12)]
    runs = [session.bind({"x": x}, {"maps": out}) for x, out in arrays]
    for run in runs:
        run.submit()
    for run in reversed(runs):
        run.wait()
    for x, out in arrays:
        np.testing.assert_allclose(out, pooled(x), rtol=1e-6)


def test_order_of_submit_and_wait(session: Session) -> None:
    run = session.bind({"x": pictures(1)}, {"maps": maps(1)})
    with pytest.raises(BackendError, match=r"no run is under way; submit\(\) one first"):
        run.wait()
    run.submit()
    for call in (run.submit, run):
        with pytest.raises(BackendError, match=r"a run is under way; wait\(\) for it first"):
            call()
    run.wait()
    run()


def test_threads_share_a_session(session: Session) -> None:
    def work(seed: int) -> float:
        x, out = pictures(2, seed), maps(2)
        run = session.bind({"x": x}, {"maps": out})
        worst = 0.0
        for _ in range(20):
            run()
            alone = session.run({"x": x}, ["maps"])["maps"]
            worst = max(worst, *(float(np.abs(y - pooled(x)).max()) for y in (out, alone)))
        return worst

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
def test_wrong_arrays(session: Session, shape: Any, out: Any, dtype: str, go: Run) -> None:
    with pytest.raises(ModelError, match=r"pose\.onnx") as caught:
        go(session.bind({"x": np.zeros(shape, dtype)}, {"maps": np.zeros(out, np.float32)}))
    assert "\n" not in str(caught.value)


def test_unknown_names(session: Session) -> None:
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"x": pictures(1)}, ["nothing"])
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"y": pictures(1)}, ["maps"])


def test_arrays_with_gaps_are_refused(model: Path, backend: str) -> None:
    x = np.zeros((1, 3, 48, 64), np.float32)[..., ::2]
    with pytest.raises(InputError, match="'x' must be a C-contiguous array"):
        open_session(model, backend=backend).bind({"x": x}, {"maps": maps(1)})


def test_closed(session: Session) -> None:
    arrays = {"x": pictures(1)}, {"maps": maps(1)}
    run = session.bind(*arrays)
    session.close()
    session.close()
    for call in (
        run,
        run.submit,
        lambda: session.run(arrays[0], ["maps"]),
        lambda: session.bind(*arrays),
        session.report,
    ):
        with pytest.raises(BackendError, match="the model is closed"):
            call()


@pytest.mark.parametrize("keep", [0.0, 0.5], ids=["empty", "truncated"])
def test_broken_file_is_silent_but_for_the_error(
    model: Path, keep: float, backend: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = model.read_bytes()
    model.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(ModelError, match="the model cannot be loaded") as caught:
        open_session(model, backend=backend)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_failing_run_is_silent_but_for_the_error(
    session: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match="cannot run"):
        session.run({"x": np.zeros((1, 3, 4, 4), np.float32)}, ["maps"])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("runs", [0, 2])
def test_report(model: Path, backend: str, runs: int) -> None:
    report = open_session(model, backend=backend, threads=1).report(runs)
    assert (report.model, report.backend, report.threads) == (str(model), backend, 1)
    assert report.wanted == report.used == (PLACES[backend],)
    assert report.nodes >= 2
    assert report.load_ms > 0
    for share in report.shares:
        assert share.place == PLACES[backend]
        assert share.nodes > 0
        assert (share.time_ms is None) == (runs == 0)
        if runs or backend == "openvino":
            assert share.precision == "float32"
    assert report.to_dict()["shares"][0]["nodes"] == report.shares[0].nodes


@pytest.mark.parametrize("runs", [-1, 1.5, True], ids=repr)
def test_report_refuses(model: Path, backend: str, runs: Any) -> None:
    with pytest.raises(InputError, match="runs must be a whole number of at least 0"):
        open_session(model, backend=backend).report(runs)


def test_strict_is_content_with_one_place(model: Path, backend: str) -> None:
    assert open_session(model, backend=backend, strict=True).providers == (PLACES[backend],)


@pytest.mark.parametrize(
    ("device", "message"),
    [("TPU", "TPU"), ("cuda", "cuda|CUDA")],
    ids=["unknown", "absent"],
)
def test_device_that_is_not_there(
    model: Path, backend: str, device: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((BackendError, InputError), match=message):
        open_session(model, backend=backend, device=device)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("batch", [1, "N"], ids=["fixed", "free"])
def test_batches(tmp_path: Path, backend: str, batch: Any) -> None:
    session = open_session(write_pose(tmp_path / "p.onnx", batch=batch), backend=backend)
    assert session.inputs[0].shape == (None if batch == "N" else 1, 3, 48, 32)
    np.testing.assert_allclose(
        session.run({"x": pictures(1)}, ["maps"])["maps"], pooled(pictures(1)), rtol=1e-6
    )
