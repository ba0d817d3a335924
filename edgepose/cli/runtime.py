# SPDX-License-Identifier: Apache-2.0
"""Options of every command that runs a model: where and by what."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

DEFAULT = "onnxruntime"

BackendOption: TypeAlias = Annotated[
    str, typer.Option("--backend", help="Runtime: onnxruntime or openvino.", metavar="NAME")
]
DeviceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--device",
        help="Where to run: for onnxruntime cpu, xnnpack, cuda, tensorrt, openvino, directml, "
        "coreml, qnn or several, as cuda,cpu; for openvino CPU, GPU, NPU, AUTO:GPU,CPU ... "
        "[default: the processor]",
        metavar="DEVICE",
        show_default=False,
    ),
]
StrictOption: TypeAlias = Annotated[
    bool,
    typer.Option("--strict", help="Fail if any part would run elsewhere than on the first device."),
]
ThreadsOption: TypeAlias = Annotated[
    int | None, typer.Option("--threads", min=1, help="Threads of the networks.", metavar="N")
]
