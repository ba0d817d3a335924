# SPDX-License-Identifier: Apache-2.0
"""How errors end a command."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from edgepose.errors import EdgePoseError

FAILED, INTERRUPTED, PIPE_CLOSED = 1, 130, 141


def complain(message: object) -> None:
    """One line on standard error."""
    typer.echo(f"edgepose: {' '.join(str(message).split())}", err=True)


@contextmanager
def reported(*, trace: bool) -> Iterator[None]:
    """Ends the process as `edgepose.cli.main` says, with one line about an expected error.

    Errors that nobody expected pass: their trace is what a bug report needs.

    Args:
        trace: Show the trace of expected errors too.
    """
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        if trace:
            traceback.print_exc()
        complain("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        hush()
        raise typer.Exit(PIPE_CLOSED) from None
    except (EdgePoseError, OSError) as error:
        if trace:
            traceback.print_exc()
        complain(error)
        raise typer.Exit(FAILED) from None


def hush() -> None:
    """Lets nothing more be written to a standard output that nobody reads."""
    with suppress(OSError):  # tests have no file there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
