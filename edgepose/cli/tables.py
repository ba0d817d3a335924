# SPDX-License-Identifier: Apache-2.0
"""Tables as the commands print them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = ""
) -> Table:
    """A plain table; columns whose name ends in > are set to the right.

    Args:
        title: Above it.
        columns: Headings.
        rows: A text per column.
        caption: Below it.
    """
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=Text(title, style="bold"),
        title_justify="left",
        caption=caption or None,
        caption_justify="left",
        box=SIMPLE,
        padding=(0, 1, 0, 1),
    )
    for column in columns:
        right = column.endswith(">")
        made.add_column(column.rstrip(">"), justify="right" if right else "left")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def percent_table(title: str, numbers: Mapping[str, float | None], *, caption: str) -> Table:
    """One row of fractions in percent, - for None; narrow, for many columns."""
    from rich.box import SIMPLE
    from rich.table import Table

    made = Table(
        title=title,
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=SIMPLE,
        padding=(0, 0, 0, 1),
    )
    for name in numbers:
        made.add_column(name, justify="right", no_wrap=True)
    made.add_row(*("-" if value is None else f"{100 * value:.1f}" for value in numbers.values()))
    return made


def show(*tables: Table) -> None:
    """Prints tables on standard output, as wide as they need to be if that is no terminal."""
    import sys

    from rich.console import Console

    width = None if sys.stdout.isatty() else 200
    console = Console(width=width)
    for made in tables:
        console.print(made)


def size_text(size: int) -> str:
    """Bytes for people: 2.4 MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"
