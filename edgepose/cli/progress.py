# SPDX-License-Identifier: Apache-2.0
"""A bar on standard error, where a person watches and there is something to wait for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer


@dataclass(frozen=True, slots=True)
class Progress:
    """What a command calls as it goes along.

    Attributes:
        advance: One more is done.
        say: Prints a line on standard output, above a bar.
    """

    advance: Callable[[], object]
    say: Callable[[str], object]

    def step(self, _done: int, _total: int) -> None:
        """`advance` for callers that say how far they are."""
        self.advance()


@contextmanager
def progress(total: int, unit: str) -> Iterator[Progress]:
    """A bar, gone when done; none if standard error is no terminal or there is only one thing.

    Args:
        total: How many there are.
        unit: What they are called.
    """
    if total < 2 or not sys.stderr.isatty():
        yield Progress(lambda: None, typer.echo)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Bar(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(unit, total=total)

        def say(line: str) -> None:
            if sys.stdout.isatty():  # the same screen: the bar must step aside
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            else:
                typer.echo(line)

        yield Progress(lambda: bar.advance(task), say)


@contextmanager
def byte_progress(what: str) -> Iterator[Callable[[int, int], object]]:
    """A bar of bytes, gone when done; none if standard error is no terminal.

    Args:
        what: Its name.

    Yields:
        What to call with bytes done and bytes in all.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    with Bar(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
