# SPDX-License-Identifier: Apache-2.0
"""Which of ONNX Runtime's providers runs which node, how long and in what precision."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from edgepose.errors import ModelError

Nodes: TypeAlias = "list[tuple[str, str | None, float | None]]"
WARM_UP = 2
KERNEL = "_kernel_time"
# The runtime's names of types -> NumPy's.
TYPES = {"float": "float32", "double": "float64"}
NUMPY = {"tensor(float)": "f4", "tensor(float16)": "f2", "tensor(double)": "f8"}
# Operators that compute in the type of their weights, whatever they hand on.
INTEGER_PREFIXES = ("QLinear", "ConvInteger", "MatMulInteger", "QGemm")


def assigned(session: Any) -> Nodes:
    """Nodes by provider, without precision and time; empty for versions that do not tell."""
    if not hasattr(session, "get_provider_graph_assignment_info"):
        return []
    return [
        (str(part.ep_name), None, None)
        for part in session.get_provider_graph_assignment_info()
        for _ in part.get_nodes()
    ]


def profile(reopen: Callable[[str], Any], path: Path, runs: int) -> Nodes:
    """Runs a second session of the same options on zeros, one picture each.

    Args:
        reopen: Opens it, with the profile's file beginning with the text given.
        path: The model, for messages.
        runs: Runs that are timed, after two that are not.

    Returns:
        Provider, precision and mean milliseconds of each node that ran.

    Raises:
        ModelError: The model cannot be run on zeros.
    """
    with tempfile.TemporaryDirectory(prefix="edgepose-") as folder:
        try:
            session = reopen(str(Path(folder, "profile")))
            feed = {node.name: _zeros(node) for node in session.get_inputs()}
            for _ in range(WARM_UP + runs):
                session.run(None, feed)
            events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
        except Exception as error:  # the runtime's own types derive from nothing narrower
            reason = str(error).strip().partition("\n")[0]
            raise ModelError(f"{path}: the model cannot be profiled: {reason}") from error
    return nodes_of(events, WARM_UP, runs)


def nodes_of(events: list[dict[str, Any]], skipped: int, runs: int) -> Nodes:
    """Reads the runtime's profile: `skipped` runs, then `runs` that count."""
    samples: dict[str, list[float]] = {}
    places: dict[str, tuple[str, str | None]] = {}
    for event in events:
        if event.get("cat") != "Node" or not event["name"].endswith(KERNEL):
            continue
        details = event["args"]
        key = f"{details.get('node_index', '')}:{event['name']}"
        samples.setdefault(key, []).append(event["dur"] / 1e3)
        places[key] = details["provider"], _precision(details)
    return [(*places[key], sum(times[skipped:]) / max(runs, 1)) for key, times in samples.items()]


def _precision(details: dict[str, Any]) -> str | None:
    """Type of a node's first output; int8 for operators on integers."""
    if str(details.get("op_name", "")).startswith(INTEGER_PREFIXES):
        return "int8"
    for output in details.get("output_type_shape", []):
        for kind in output:
            return str(TYPES.get(kind, kind))
    return None


def _zeros(node: Any) -> Any:
    shape = [side if isinstance(side, int) and side > 0 else 1 for side in node.shape]
    kind = NUMPY.get(node.type) or node.type.removeprefix("tensor(").removesuffix(")")
    return np.zeros(shape, kind)
