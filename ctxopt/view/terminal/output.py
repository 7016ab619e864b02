"""Lines onto a stream: styled on a terminal or where that is asked for, else plain."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ctxopt.core.typed import TYPE_CHECKING
from ctxopt.view.terminal.layout import Line, Page

if TYPE_CHECKING:
    from typing import TextIO

PIPE_WIDTH = 100


def page_of(out: TextIO) -> Page:
    """What can be written on a stream."""
    encoding = out.encoding or "utf-8"
    if not out.isatty():
        return Page(_pipe_width(), encoding)
    import shutil  # a pipe does without this, too

    return Page(shutil.get_terminal_size().columns, encoding)


def write_lines(lines: Iterable[Line], out: TextIO) -> None:
    """Write lines to `out`, with their styles where it takes them."""
    if not takes_styles(out):
        out.writelines(f"{plain(line)}\n" for line in lines)
        return
    # Here, because a pipe does without: the console is most of rich's start-up time.
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    painted = StringIO()  # written by us, for rich has its own idea of a closed pipe
    console = Console(
        file=painted,
        force_terminal=True,
        # Only named styles are used; rich would leave them out on a plain terminal.
        color_system="standard" if os.environ.get("FORCE_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    out.write(painted.getvalue())


def takes_styles(out: TextIO) -> bool:
    """Whether `out` is written with colours: a terminal, unless the user says else."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or out.isatty()


def plain(line: Line) -> str:
    """The line without its styles."""
    return "".join(text for text, _ in line).rstrip()


def _pipe_width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) else PIPE_WIDTH
