# SPDX-License-Identifier: Apache-2.0
"""`edgepose doctor`: the machine, its runtimes, and what really runs the models."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer

from edgepose.backends import BACKENDS, SessionReport, open_session
from edgepose.backends.installed import Installed, installed
from edgepose.backends.processor import memory, processor
from edgepose.cli.errors import FAILED, complain
from edgepose.cli.files import json_text
from edgepose.cli.runtime import DeviceOption, StrictOption, ThreadsOption
from edgepose.cli.tables import show, size_text, table
from edgepose.errors import EdgePoseError
from edgepose.models import resolve
from edgepose.version import __version__


def doctor(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            help="Models to run: names or files.  [default: hrnet-s det-n]", metavar="[MODEL]..."
        ),
    ] = None,
    backend: Annotated[
        str | None,
        typer.Option(help="Run them in this runtime alone.", metavar="NAME"),
    ] = None,
    device: DeviceOption = None,
    strict: StrictOption = False,
    threads: ThreadsOption = None,
    runs: Annotated[
        int, typer.Option(min=0, help="Runs on zeros to take times; 0 only loads.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what this machine and its runtimes can do, and what really runs.

    Loads the models in each runtime that is installed and tells which provider or device runs
    how many nodes, in what precision and for how long. The exit code is 1 if one cannot be run.

    Times come from ONNX Runtime's profile, which needs a folder for temporary files; it is
    removed.
    """
    runtimes = [installed(name) for name in BACKENDS]
    chosen = [backend] if backend is not None else [r.backend for r in runtimes if r.version]
    reports: list[SessionReport] = []
    failures: dict[str, str] = {}
    for name in models or ["hrnet-s", "det-n"]:
        path = resolve(name)
        for each in chosen:
            try:
                opened = open_session(
                    path, backend=each, device=device, strict=strict, threads=threads
                )
                with closing(opened):
                    reports.append(opened.report(runs))
            except EdgePoseError as error:
                failures[f"{name} in {each}"] = " ".join(str(error).split())
    content = _content(runtimes, reports, failures)
    if as_json:
        typer.echo(json_text(content), nl=False)
    else:
        show(*_tables(runtimes, reports))
        for remark in dict.fromkeys(text for report in reports for text in report.remarks):
            typer.echo(remark)
    for what, reason in failures.items():
        complain(f"{what}: {reason}")
    if failures:
        raise typer.Exit(FAILED)


def _content(
    runtimes: list[Installed], reports: list[SessionReport], failures: dict[str, str]
) -> dict[str, Any]:
    now = memory()
    return {
        "edgepose": __version__,
        "processor": processor().to_dict(),
        "memory": {
            "total": now.total,
            "available": now.available,
            "resident": now.resident,
            "peak": now.peak,
        },
        "runtimes": [runtime.to_dict() for runtime in runtimes],
        "models": [report.to_dict() for report in reports],
        "failures": failures,
    }


def _tables(runtimes: list[Installed], reports: list[SessionReport]) -> list[Any]:
    chip, now = processor(), memory()
    machine = [
        ("edgepose", __version__),
        ("processor", f"{chip.name}, {chip.architecture}, {chip.cores} cores"),
        ("it has", ", ".join(chip.features) or "unknown"),
        ("memory", f"{_size(now.available)} available of {_size(now.total)}"),
        ("this process", f"{_size(now.resident)} now, {_size(now.peak)} at most"),
    ]
    found = [
        (
            runtime.backend,
            runtime.version or "not installed",
            ", ".join(runtime.places) if runtime.version else f'pip install "{runtime.install}"',
        )
        for runtime in runtimes
    ]
    rows = [
        (
            report.model.replace("\\", "/").rpartition("/")[2],
            report.backend,
            share.place,
            str(share.nodes),
            share.precision or "not told",
            "" if share.time_ms is None else f"{share.time_ms:.2f}",
            f"{report.load_ms:.0f}",
        )
        for report in reports
        for share in report.shares
    ]
    columns = ("model", "runtime", "runs on", "nodes>", "precision", "ms a run>", "ms to open>")
    made = [
        table("Machine", ("what", "is"), machine),
        table("Runtimes", ("name", "version", "providers or devices"), found),
    ]
    if rows:
        caption = "sum of the nodes' times, one picture at a time"
        made.append(table("What really runs", columns, rows, caption=caption))
    return made


def _size(value: int | None) -> str:
    return "unknown" if value is None else size_text(value)
