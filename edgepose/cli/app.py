# SPDX-License-Identifier: Apache-2.0
"""The commands of `edgepose`, each imported when it runs."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from edgepose.cli.errors import reported

# Command -> what the overview says. A command is the function of its name in the module of its
# name in edgepose.cli, with _ for -; or a Typer of that name, which has commands of its own.
COMMANDS = {
    "predict": "Find people and their keypoints in pictures.",
    "demo": "Find the people in the package's own photos.",
    "models": "List the models that have names, and fetch those that are not in the package.",
    "inspect": "Show a model's contract and whether it fits the model.",
    "val": "Measure a model on annotated pictures: COCO's AP and AR, and PCK@0.1.",
    "val-detector": "Measure a person detector: AP, recall and precision at an overlap of 0.5.",
    "verify": "Compare two models, or one model in two runtimes, keypoint by keypoint.",
    "doctor": "Show what this machine and its runtimes can do, and what really runs.",
    "train": "Train a network by a recipe (needs the extra train).",
    "import-checkpoint": "Take a checkpoint of a published network over (needs the extra train).",
    "export": "Turn trained weights into a model with its contract, or ONNX into OpenVINO IR.",
    "quantize": "Make an INT8 model that is proven to be as accurate (needs the extra quantize).",
    "pack-data": "Pack annotated pictures (for training).",
}
SETTINGS = {"help_option_names": ["-h", "--help"]}


class LazyGroup(TyperGroup):
    """A group that imports a command when it is asked for; the overview needs none of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names in the order of the overview."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command itself, None for an unknown name."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Writes the overview."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: Any) -> Any:
        """Runs the command and turns its errors into exit codes."""
        with reported(trace=bool(ctx.params.get("traceback"))):
            return super().invoke(ctx)


def load(name: str) -> Any:
    """Imports a command."""
    attribute = name.replace("-", "_")
    found = getattr(import_module(f"edgepose.cli.{attribute}"), attribute)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name, context_settings=SETTINGS)(found)
        found = single
    loaded = get_command(found)
    loaded.name = name
    return loaded


def application() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        cls=LazyGroup,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings=SETTINGS,
    )
    app.callback()(root)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from edgepose.version import __version__

        typer.echo(f"edgepose {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", is_eager=True, callback=_version),
    ] = False,
    traceback: Annotated[
        bool,
        typer.Option("--traceback", help="Show the trace of errors.", envvar="EDGEPOSE_TRACEBACK"),
    ] = False,
) -> None:
    """Human pose for edge devices."""
