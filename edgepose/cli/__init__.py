# SPDX-License-Identifier: Apache-2.0
"""The command line, `edgepose`; the only part of the package that prints."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command that `sys.argv` names; the process ends with its exit code.

    0: done; 1: an error, said in one line on standard error; 2: wrong usage; 130: interrupted;
    141: whoever read the output went away.
    """
    try:
        from typer.main import get_command

        from edgepose.cli.app import application
        from edgepose.cli.errors import hush

        try:
            get_command(application())(prog_name="edgepose")
        finally:
            try:
                sys.stdout.flush()
            except BrokenPipeError:
                hush()
    except KeyboardInterrupt:  # while importing: commands see to it themselves
        sys.exit(130)
