# SPDX-License-Identifier: Apache-2.0
"""A network that keeps to its contract, and the buffers that its runs share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgepose.backends import (
    Bound,
    OnnxRuntimeOptions,
    OpenVinoOptions,
    Provider,
    Session,
    open_session,
)
from edgepose.errors import InputError
from edgepose.models import resolve
from edgepose.spec import Spec, read_spec, validate_model, validate_output

Floats = NDArray[np.float32]


class Network:
    """A loaded model with its contract. Several threads may use it at once.

    Attributes:
        spec: The contract, held against the model.
        batch: Most crops that go through in one run.
        buckets: Sizes that are run; a smaller batch is filled up. Empty where any size is.
        is_fixed: Whether the model's batch axis is fixed.

    Raises:
        SpecError: The contract says other things about inputs or outputs than the model.
    """

    def __init__(
        self,
        spec: Spec,
        session: Session,
        *,
        max_batch: int = 16,
        buckets: Sequence[int] = (),
    ) -> None:
        validate_model(spec, session.inputs, session.outputs)
        shape = session.inputs[0].shape
        fixed = None if shape is None else shape[0]
        self.spec = spec
        self.buckets = tuple(buckets) if fixed is None else (fixed,)
        self.batch = self.buckets[-1] if self.buckets else max_batch
        self.is_fixed = fixed is not None
        self.session = session
        self._spare: list[Workspace] = []  # append and pop are atomic

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers that really run the model."""
        return self.session.providers

    def rows(self, count: int) -> int:
        """Rows that are run for `count` crops."""
        return next((size for size in self.buckets if size >= count), count)

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """Buffers for one call; as many exist as calls have run at the same time."""
        try:
            workspace = self._spare.pop()
        except IndexError:
            workspace = Workspace(self)
        try:
            yield workspace
        finally:
            self._spare.append(workspace)

    def close(self) -> None:
        """Gives model and buffers back."""
        self._spare.clear()
        self.session.close()


class Workspace:
    """Input and output arrays of one run at a time; they grow to the largest batch seen."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._names = dict(network.spec.outputs)
        self.is_pixels = network.session.takes_pixels
        given = network.spec.input
        self._is_last = given.layout == "NHWC"
        sides = (given.height, given.width, 3) if self.is_pixels else given.shape[1:]
        self._input: NDArray[Any] = np.empty((0, *sides), "u1" if self.is_pixels else "f4")
        self._outputs: dict[str, Floats] = {}  # by name, for roles may share one
        self._runs: dict[int, tuple[Bound, dict[str, Floats]]] = {}

    def crops(self, count: int) -> NDArray[Any]:
        """The network's input to be filled; `count` is 1..batch.

        float32 in the input's layout, or uint8 [count, H, W, 3] where the session takes pixels.
        """
        network = self._network
        if count > len(self._input):
            room = max(min(network.batch, 2 * len(self._input)), network.rows(count))
            # Rows of a fixed batch that nobody fills are run too and must not be noise.
            self._input = np.zeros((room, *self._input.shape[1:]), self._input.dtype)
            self._outputs = {}
            self._runs = {}
        return self._input[:count]

    def run(self, count: int) -> dict[str, Floats]:
        """Runs the network on the first `count` crops.

        Returns:
            Outputs by role, [count, ...], maps [count, C, H, W] whatever the layout; valid until
            the next run.

        Raises:
            SpecError: An output is not what the contract says.
            ModelError: The network fails.
        """
        rows = self._network.rows(count)
        if rows in self._runs:
            run, outputs = self._runs[rows]
            run()
        elif self._outputs:
            outputs = {name: array[:rows] for name, array in self._outputs.items()}
            run = self._bind(rows, outputs)
            run()
        else:
            outputs = self._first(rows)
        return {role: self._view(outputs[name], count) for role, name in self._names.items()}

    def _view(self, array: Floats, count: int) -> Floats:
        rows = array[:count]
        return rows.transpose(0, 3, 1, 2) if self._is_last and array.ndim == 4 else rows

    def _first(self, rows: int) -> dict[str, Floats]:
        """The first run, which shows the outputs' shapes."""
        feed = {self._network.spec.input.name: self._input[:rows]}
        found = self._network.session.run(feed, list(dict.fromkeys(self._names.values())))
        for role, name in self._names.items():
            validate_output(self._network.spec, role, found[name], rows)
        room = len(self._input)
        self._outputs = {
            name: np.empty((room, *array.shape[1:]), np.float32) for name, array in found.items()
        }
        return found

    def _bind(self, rows: int, outputs: dict[str, Floats]) -> Bound:
        feed = {self._network.spec.input.name: self._input[:rows]}
        run = self._network.session.bind(feed, outputs)
        self._runs[rows] = run, outputs
        return run


def open_network(
    model: str | PathLike[str],
    *,
    task: str | tuple[str, ...],
    spec: Spec | str | PathLike[str] | None = None,
    backend: str = "onnxruntime",
    threads: int | None = None,
    device: str | None = None,
    providers: Sequence[str | Provider] | None = None,
    strict: bool = False,
    options: OnnxRuntimeOptions | OpenVinoOptions | None = None,
    max_batch: int = 16,
) -> Network:
    """Loads a model and its contract.

    Args:
        model: Name of a model of the package, or path.
        task: What the model must be for: "top_down", "bottom_up" or "detector", or several.
        spec: Contract or its file, instead of the model's own.
        backend: See `edgepose.backends.open_session`, as for all up to `options`.
        threads: Threads of one run.
        device: Where to run.
        providers: Execution providers that may run the model.
        strict: Let no part of the model run elsewhere.
        options: Of the runtime.
        max_batch: Most crops in one run of a model that leaves the number free and has no buckets.

    Raises:
        InputError: An unknown name, a model for another task, a bad argument.
        SpecError: No contract, a contract that is not valid or does not fit the model.
        ModelError: The model cannot be loaded.
        BackendError: A provider cannot be used.
        MissingDependencyError: The runtime is not installed.
    """
    if type(max_batch) is not int or max_batch < 1:
        raise InputError(f"max_batch must be a whole number of at least 1; got {max_batch!r}")
    path = resolve(model)
    contract = spec if isinstance(spec, Spec) else read_spec(path, spec)
    tasks = (task,) if isinstance(task, str) else task
    if contract.task not in tasks:
        wanted = " or ".join(map(repr, tasks))
        raise InputError(f"{path}: expected a model for task {wanted}; got {contract.task!r}")
    session = open_session(
        path,
        backend=backend,
        threads=threads,
        device=device,
        providers=providers,
        strict=strict,
        options=options,
        pixels=(contract.input.mean, contract.input.std),
    )
    buckets = () if options is None else options.batch_buckets
    try:
        return Network(contract, session, max_batch=max_batch, buckets=buckets)
    except BaseException:
        session.close()
        raise
